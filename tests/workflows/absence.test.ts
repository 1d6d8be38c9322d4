import { expect } from 'chai'
import {
  absences,
  colleagues,
  dismiss,
  employ,
  endAbsence,
  recordAbsence,
} from '../../modules/organisation/index.ts'
import * as workflows from '../../workflows/index.ts'
import { refusal } from '../support/refusal.ts'
import { completion, deployed, type Member, onlyTask, PAGE, type Staff, staff } from './people.ts'
import { BODY, offers, openProcessWorld, type ProcessWorld } from './process-world.ts'

const { claim, complete, task } = workflows
const DAY_MS = 86_400_000

describe('standing in for an absent member', () => {
  let world: ProcessWorld
  let people: Staff

  beforeEach(async () => {
    // Monday, 5 January 2026, nine in the morning.
    world = await openProcessWorld()
    people = await staff(world)
    await deployed(world)
  })
  afterEach(() => world.close())

  const codeOf = async (promise: Promise<unknown>) => (await refusal(promise)).code
  const away = (member: Member, substitute: Member, fromOn = '2026-01-05', untilOn = '2026-01-09') =>
    recordAbsence(member.ctx(), { personId: member.id, substituteId: substitute.id, fromOn, untilOn })
  const idsAt = async (member: Member, show: 'standing-in' | 'mine' = 'standing-in') =>
    (await workflows.tasks(member.ctx(), PAGE, { show })).edges.map(({ node }) => node.id)

  async function claimedBy(member: Member) {
    await world.open()
    const { edges } = await workflows.tasks(member.ctx(), PAGE, { show: 'group' })
    return claim(member.ctx(), edges[0]?.node.id ?? '')
  }

  it('lets the substitute complete what the member has taken, and records for whom', async () => {
    const { anna, ben } = people
    const { id, version } = await claimedBy(anna)
    expect(await codeOf(complete(ben.ctx(), completion(id, version), offers))).to.equal('WORKFLOW_TASK_TAKEN')

    await away(anna, ben)
    expect(await idsAt(ben)).to.deep.equal([id])
    const done = await complete(ben.ctx(), completion(id, version, { note: '代办' }), offers)

    expect(done).to.include({ completedBy: ben.id, onBehalfOf: anna.id })
    const kept = await task(anna.ctx(), id)
    expect(kept).to.include({ status: 'completed', completedBy: ben.id, onBehalfOf: anna.id })
    const [told] = await world.world.eventsNamed('workflow.task.completed-on-behalf')
    expect(told).to.include({ actorId: ben.id, onBehalfOf: anna.id, organisationId: BODY })
    expect(told?.payload).to.deep.include({ taskId: id, absent: anna.id })
    const stepped = (await world.world.eventsNamed('workflow.instance.stepped')).at(-1)
    expect(stepped).to.include({ actorId: ben.id, onBehalfOf: anna.id })
  })

  it('begins and ends with its days, and when it is ended', async () => {
    const { anna, ben } = people
    const { id } = await claimedBy(anna)
    const absence = await away(anna, ben, '2026-01-06', '2026-01-07')

    expect(await idsAt(ben)).to.deep.equal([])
    world.advance(15 * 3_600_000) // to the first minute of the 6th
    expect(await idsAt(ben)).to.deep.equal([id])
    world.advance(2 * DAY_MS - 1)
    expect(await idsAt(ben)).to.deep.equal([id])
    world.advance(1)
    expect(await idsAt(ben)).to.deep.equal([])

    const again = await away(anna, ben, '2026-01-08', '2026-01-08')
    expect(await idsAt(ben)).to.deep.equal([id])
    await endAbsence(anna.ctx(), again.id)
    expect(await idsAt(ben)).to.deep.equal([])
    expect(await endAbsence(anna.ctx(), again.id)).to.include({ id: again.id })
    expect(await world.world.eventsNamed('organisation.absence.ended')).to.have.length(1)
    expect(absence).to.include({ personId: anna.id, substituteId: ben.id, organisationId: BODY })
  })

  it('hands on work and no right: the substitute acts by the roles she holds herself', async () => {
    const { anna } = people
    const mixed = await people.employ('两岗', ['inspector', 'clerk'])
    const inspector = await people.employ('核查', ['inspector'])
    const { id, version } = await claimedBy(mixed)
    await recordAbsence(mixed.ctx(), {
      ...{ personId: mixed.id, substituteId: inspector.id },
      ...{ fromOn: '2026-01-05', untilOn: '2026-01-09' },
    })

    expect(await idsAt(inspector)).to.deep.equal([])
    expect(await codeOf(complete(inspector.ctx(), completion(id, version), offers))).to.equal(
      'WORKFLOW_TASK_NOT_FOUND',
    )
    expect(await codeOf(task(inspector.ctx(), id))).to.equal('WORKFLOW_TASK_NOT_FOUND')
    expect(await task(anna.ctx(), id)).to.include({ assignee: mixed.id })
  })

  it('lets the substitute give back, but neither pass on nor stand in for a third', async () => {
    const { anna, ben } = people
    const third = await people.employ('第三人', ['clerk'])
    const { id, version } = await claimedBy(anna)
    await away(anna, ben)

    for (const attempt of [
      () => workflows.delegate(ben.ctx(), id, third.id),
      () => workflows.handOverTask(ben.ctx(), id, third.id),
      () => workflows.saveDraft(ben.ctx(), id, {}),
    ])
      expect(await codeOf(attempt())).to.equal('WORKFLOW_TASK_TAKEN')
    await away(ben, third, '2026-01-06', '2026-01-06')
    world.advance(DAY_MS)
    expect(await idsAt(third)).to.deep.equal([])
    expect(await codeOf(complete(third.ctx(), completion(id, version), offers))).to.equal(
      'WORKFLOW_TASK_TAKEN',
    )

    expect(await workflows.release(ben.ctx(), id)).to.include({ status: 'open' })
    const released = (await world.world.eventsNamed('workflow.task.released')).at(-1)
    expect(released).to.include({ actorId: ben.id, onBehalfOf: anna.id })
  })

  it('resolves a delegated task for an absent delegate, and leaves its completion to the owner', async () => {
    const { anna, ben } = people
    const third = await people.employ('第三人', ['clerk'])
    const { id } = await claimedBy(anna)
    await workflows.delegate(anna.ctx(), id, ben.id)
    await away(ben, third)

    const { version } = await task(third.ctx(), id)
    expect(await codeOf(complete(third.ctx(), completion(id, version), offers))).to.equal(
      'WORKFLOW_TASK_DELEGATED',
    )
    expect(await workflows.resolve(third.ctx(), id, { note: '好' })).to.include({ assignee: anna.id })
    const told = (await world.world.eventsNamed('workflow.task.resolved')).at(-1)
    expect(told).to.include({ actorId: third.id, onBehalfOf: ben.id })
  })

  it('is recorded by the member or the head of the body, by nobody else and not by who stands in', async () => {
    const { anna, ben, carla, head, stranger, strangeHead } = people
    const days = { fromOn: '2026-01-12', untilOn: '2026-01-13' }
    const input = { personId: anna.id, substituteId: ben.id, ...days }
    await away(anna, ben)

    for (const other of [ben, carla, stranger])
      expect(await codeOf(recordAbsence(other.ctx(), input))).to.equal('POLICY_FORBIDDEN')
    expect(await codeOf(recordAbsence(strangeHead.ctx(), input))).to.equal('ORGANISATION_MEMBERSHIP_MISSING')
    const recorded = await recordAbsence(head.ctx(), input)
    expect(recorded).to.include({ recordedBy: head.id, personId: anna.id })
    expect(await world.world.eventsNamed('organisation.absence.recorded')).to.have.length(2)

    expect(await codeOf(endAbsence(ben.ctx(), recorded.id))).to.equal('POLICY_FORBIDDEN')
    for (const other of [stranger, strangeHead])
      expect(await codeOf(endAbsence(other.ctx(), recorded.id))).to.equal('ORGANISATION_ABSENCE_NOT_FOUND')
    expect((await endAbsence(head.ctx(), recorded.id)).endedAt).not.to.equal(null)
  })

  it('needs days to come, and another serving member with a common role who is there', async () => {
    const { anna, ben, carla, stranger } = people
    for (const [from, until] of [
      ['2026-01-04', '2026-01-09'],
      ['2026-01-09', '2026-01-08'],
      ['2026-01-05', '2027-01-06'],
      ['2026-02-30', '2026-03-01'],
    ] as const)
      expect(await codeOf(away(anna, ben, from, until))).to.equal('ORGANISATION_ABSENCE_DATES_INVALID')
    for (const unfit of [anna, carla, stranger])
      expect(await codeOf(away(anna, unfit))).to.equal('ORGANISATION_SUBSTITUTE_UNFIT')

    await away(anna, ben)
    expect(await codeOf(away(anna, ben, '2026-01-09', '2026-01-12'))).to.equal(
      'ORGANISATION_ABSENCE_OVERLAPS',
    )
    expect(await codeOf(away(ben, anna, '2026-01-08', '2026-01-08'))).to.equal(
      'ORGANISATION_SUBSTITUTE_ABSENT',
    )
    await away(anna, ben, '2026-01-10', '2026-01-12')
  })

  it('stops when either leaves the body or the role', async () => {
    const { anna, ben } = people
    const { id } = await claimedBy(anna)
    await away(anna, ben)
    expect(await idsAt(ben)).to.deep.equal([id])

    await dismiss(people.platform(), { personId: anna.id, organisationId: BODY })
    expect(await idsAt(ben)).to.deep.equal([])
    await employ(people.platform(), { personId: anna.id, organisationId: BODY, roles: ['clerk'] })
    expect(await idsAt(ben)).to.deep.equal([id])
    const inspecting = world.kernel.contextFor({ id: ben.id, organisationId: BODY, roles: ['inspector'] })
    expect((await workflows.tasks(inspecting, PAGE, { show: 'standing-in' })).edges).to.be.empty
  })

  it('shows the head all absences of the body, others their own, another body none', async () => {
    const { anna, ben, carla, head, strangeHead } = people
    await away(anna, ben)
    const counted = async (member: Member) => (await absences(member.ctx(), PAGE)).edges.length

    expect(await Promise.all([anna, ben, head].map(counted))).to.deep.equal([1, 1, 1])
    expect(await Promise.all([carla, strangeHead].map(counted))).to.deep.equal([0, 0])
    const clerks = await colleagues(ben.ctx(), PAGE, 'clerk')
    expect(clerks.edges.map(({ node }) => node.personId)).to.have.members([anna.id, ben.id])
    const citizen = world.kernel.contextFor({ id: anna.id, organisationId: BODY, roles: ['citizen'] })
    expect(await codeOf(colleagues(citizen, PAGE))).to.equal('POLICY_FORBIDDEN')
  })

  it('shows a task at the desk of its group only as what it is', async () => {
    const { anna, ben } = people
    await away(anna, ben)
    await world.open()
    const open = await onlyTask(ben.ctx())
    // Offered to both: who stands in takes it in her own name.
    const done = await complete(ben.ctx(), completion(open.id, open.version), offers)
    expect(done).to.include({ completedBy: ben.id, onBehalfOf: null })
  })
})

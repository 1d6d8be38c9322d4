import { expect } from 'chai'
import { dismiss } from '../../modules/organisation/index.ts'
import * as workflows from '../../workflows/index.ts'
import type { EventName } from '../../core/events.ts'
import { refusal } from '../support/refusal.ts'
import { completion, deployed, onlyTask, type Staff, staff } from './people.ts'
import { offers, openProcessWorld, type ProcessWorld } from './process-world.ts'

const { claim, complete, delegate, handOverTask, recall, release, resolve, task } = workflows

describe('handing a task on', () => {
  let world: ProcessWorld
  let people: Staff

  before(async () => {
    world = await openProcessWorld()
    people = await staff(world)
    await deployed(world)
  })
  after(() => world.close())

  const codeOf = async (promise: Promise<unknown>) => (await refusal(promise)).code
  const events = async <Name extends EventName>(name: Name) => (await world.world.eventsNamed(name)).at(-1)

  async function claimed() {
    await world.open()
    const { id } = await onlyTask(people.anna.ctx())
    return claim(people.anna.ctx(), id)
  }

  async function finish(id: string) {
    const { anna, head } = people
    await workflows.assignAll(head.ctx(), [id], anna.id)
    const { version } = await task(anna.ctx(), id)
    await complete(anna.ctx(), completion(id, version), offers)
  }

  it('delegates to a colleague who works on it and gives it back; its owner completes it', async () => {
    const { anna, ben } = people
    const { id } = await claimed()

    const away = await delegate(anna.ctx(), id, ben.id)
    expect(away).to.include({ owner: anna.id, assignee: ben.id, status: 'claimed' })
    const delegated = await events('workflow.task.delegated')
    expect(delegated?.payload).to.deep.include({ taskId: id, owner: anna.id, assignee: ben.id })

    for (const person of [anna, ben])
      expect(await codeOf(complete(person.ctx(), completion(id, away.version), offers))).to.equal(
        'WORKFLOW_TASK_DELEGATED',
      )
    for (const attempt of [
      () => delegate(ben.ctx(), id, anna.id),
      () => handOverTask(ben.ctx(), id, anna.id),
      () => release(ben.ctx(), id),
    ])
      expect(await codeOf(attempt())).to.equal('WORKFLOW_TASK_DELEGATED')
    expect(await codeOf(resolve(anna.ctx(), id))).to.equal('WORKFLOW_TASK_TAKEN')

    const back = await resolve(ben.ctx(), id, { note: '查过了' })
    expect(back).to.include({ owner: anna.id, assignee: anna.id })
    expect((await workflows.draft(anna.ctx(), id))?.answers).to.deep.equal({ note: '查过了' })
    expect(await workflows.draft(ben.ctx(), id)).to.equal(null)
    expect(await codeOf(resolve(anna.ctx(), id))).to.equal('WORKFLOW_TASK_NOT_DELEGATED')

    const done = await complete(anna.ctx(), completion(id, back.version), offers)
    expect(done).to.include({ completedBy: anna.id, status: 'completed' })
    expect(await workflows.draft(anna.ctx(), id)).to.equal(null)
  })

  it('lets the owner alone call a delegated task back', async () => {
    const { anna, ben } = people
    const { id } = await claimed()
    await delegate(anna.ctx(), id, ben.id)

    expect(await codeOf(recall(ben.ctx(), id))).to.equal('WORKFLOW_TASK_TAKEN')
    expect(await recall(anna.ctx(), id)).to.include({ assignee: anna.id })
    expect((await events('workflow.task.recalled'))?.payload).to.deep.include({ from: ben.id })
    expect(await codeOf(recall(anna.ctx(), id))).to.equal('WORKFLOW_TASK_NOT_DELEGATED')
    await finish(id)
  })

  it('hands a task over for good, by its assignee or the head', async () => {
    const { anna, ben, head } = people
    const { id } = await claimed()

    const handed = await handOverTask(anna.ctx(), id, ben.id)
    expect(handed).to.include({ assignee: ben.id, owner: null })
    expect(await codeOf(handOverTask(anna.ctx(), id, anna.id))).to.equal('WORKFLOW_TASK_TAKEN')
    expect(await handOverTask(head.ctx(), id, anna.id)).to.include({ assignee: anna.id })
    const told = await events('workflow.task.handed-over')
    expect(told).to.include({ actorId: head.id })
    expect(told?.payload).to.deep.include({ from: ben.id, assignee: anna.id })

    expect(await release(head.ctx(), id)).to.include({ status: 'open', assignee: null })
    expect(await codeOf(delegate(anna.ctx(), id, ben.id))).to.equal('WORKFLOW_TASK_NOT_CLAIMED')
    await finish(id)
  })

  it('goes only to a serving colleague to whom it is offered', async () => {
    const { anna, carla, stranger, head } = people
    const { id } = await claimed()
    const gone = await people.employ('离职者', ['clerk'])
    await dismiss(people.platform(), { personId: gone.id, organisationId: 'demo-bureau' })

    for (const unfit of [carla.id, stranger.id, head.id, gone.id, anna.id, 'nobody'])
      for (const attempt of [
        () => delegate(anna.ctx(), id, unfit),
        () => handOverTask(anna.ctx(), id, unfit),
      ])
        expect(await codeOf(attempt())).to.equal('WORKFLOW_TASK_RECIPIENT_UNFIT')
    await finish(id)
  })

  it('shows and gives nothing of it to another organisation or another role', async () => {
    const { anna, ben, carla, stranger, strangeHead } = people
    const { id } = await claimed()
    await delegate(anna.ctx(), id, ben.id)

    for (const other of [carla, stranger, strangeHead])
      for (const attempt of [
        () => task(other.ctx(), id),
        () => delegate(other.ctx(), id, other.id),
        () => resolve(other.ctx(), id),
        () => recall(other.ctx(), id),
        () => handOverTask(other.ctx(), id, other.id),
        () => release(other.ctx(), id),
        () => workflows.setFollowUp(other.ctx(), id, '2026-02-01'),
        () => workflows.prioritise(other.ctx(), id, 1),
        () => workflows.saveDraft(other.ctx(), id, {}),
      ])
        expect(await codeOf(attempt())).to.equal('WORKFLOW_TASK_NOT_FOUND')
    await finish(id)
  })

  it('plans a task: a day to look again by who has it, its priority by the head', async () => {
    const { anna, ben, head } = people
    const { id } = await claimed()

    const planned = await workflows.setFollowUp(anna.ctx(), id, '2026-01-08')
    expect(planned.followUpAt?.toISOString()).to.equal('2026-01-07T16:00:00.000Z')
    expect(await codeOf(workflows.setFollowUp(ben.ctx(), id, '2026-01-08'))).to.equal('WORKFLOW_TASK_TAKEN')
    for (const day of ['2026-01-04', '2026-02-30', 'soon'])
      expect(await codeOf(workflows.setFollowUp(anna.ctx(), id, day))).to.equal('WORKFLOW_TASK_PLAN_INVALID')
    expect((await workflows.setFollowUp(head.ctx(), id, null)).followUpAt).to.equal(null)

    expect(await codeOf(workflows.prioritise(anna.ctx(), id, 90))).to.equal('WORKFLOW_TASK_HEAD_ONLY')
    for (const bad of [-1, 101, 1.5])
      expect(await codeOf(workflows.prioritise(head.ctx(), id, bad))).to.equal('WORKFLOW_TASK_PLAN_INVALID')
    expect(await workflows.prioritise(head.ctx(), id, 90)).to.include({ priority: 90 })
    expect((await events('workflow.task.prioritised'))?.payload).to.deep.include({ priority: 90 })
    await finish(id)
  })
})

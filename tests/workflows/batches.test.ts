import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { dayOf } from '../../core/day.ts'
import { PLATFORM } from '../../core/kernel.ts'
import type { Policy } from '../../core/policy.ts'
import * as archived from '../../workflows/archive/archive.repository.ts'
import {
  archive,
  batches,
  claim,
  complete,
  insight,
  operations,
  processInstance,
  tasks,
} from '../../workflows/index.ts'
import * as figuresOf from '../../workflows/insight/figures.repository.ts'
import { cases as casesOfLog } from '../../workflows/insight/log.repository.ts'
import * as rows from '../../workflows/batch/batch.repository.ts'
import { batchJob } from '../../workflows/batch/batch.service.ts'
import { refusal } from '../support/refusal.ts'
import { chain, message, model, serviceTask, userTask } from './models.ts'
import { BODY, offers, openProcessWorld, type ProcessWorld } from './process-world.ts'

const REASON = '接口已修复'

describe('the same done to many incidents or instances', () => {
  let world: ProcessWorld
  let key: string
  let count = 0
  const supervisor = (body = BODY) => world.as('supervisor', body)

  before(async () => {
    world = await openProcessWorld()
  })

  after(() => world.close())

  /** A version whose user task is for another body too, if one is named. */
  const deploy = async (body = '') => {
    const role = `gdbos:candidateRole="clerk" ${body === '' ? '' : `gdbos:organisation="&quot;${body}&quot;"`}`
    const elements = `<startEvent id="s">${message('m_open')}</startEvent>${serviceTask('w')}${userTask('a', role)}<endEvent id="e"/>${chain('s w a e')}`
    await world.deploy(
      model(elements, {
        key,
        variables: ['do:string', 'worked:boolean'],
        before: '<message id="m_open" name="opened"/>',
      }),
      { key },
    )
  }

  beforeEach(async () => {
    key = `p${(count += 1)}`
    await deploy()
  })

  const open = async (
    what: string,
    organisationId = BODY,
    processPack = key,
    matterId: string = randomUUID(),
  ) => {
    await world.tell('area.matter.opened', {
      matterId,
      organisationId,
      variables: { do: what },
      processPack,
    })
    await world.settle()
    return matterId
  }
  const results = async (id: string) =>
    (await rows.items(supervisor(), id, { first: 100 })).map(({ outcome, code }) => [outcome, code])

  it('counts first, then skips the chosen incidents of the own body, each on the record', async () => {
    const matters = [await open('refuse'), await open('refuse')]
    await open('refuse', 'other-bureau')
    await open('go')
    const choice = { key, node: 'w', kind: 'task-failed', code: 'AREA_BAD' }

    const { places, count } = await batches.incidentSelection(supervisor(), choice)
    expect([count, places.map(({ node, code, count }) => [node, code, count])]).to.deep.equal([
      2,
      [['w', 'AREA_BAD', 2]],
    ])
    const order = { operation: 'skip', choice, output: { worked: true }, reason: REASON } as const
    const less = await refusal(batches.operateIncidents(supervisor(), { ...order, expectedCount: 1 }))
    expect([less.code, less.params]).to.deep.equal(['WORKFLOW_BATCH_CHANGED', { expected: 1, count: 2 }])
    const { id } = await batches.operateIncidents(supervisor(), { ...order, expectedCount: count })
    await world.settle()

    expect(await results(id)).to.deep.equal([
      ['done', null],
      ['done', null],
    ])
    for (const matter of matters) expect(await world.waiting(matter)).to.deep.equal(['a'])
    expect((await batches.batch(supervisor(), id)).status).to.equal('done')
    const told = (await world.world.eventsNamed('workflow.instance.operated')).slice(-2)
    expect(
      told.map(({ actorId, payload }) => [actorId, (payload as { reason: string }).reason]),
    ).to.deep.equal([
      ['supervisor@demo-bureau', REASON],
      ['supervisor@demo-bureau', REASON],
    ])
  })

  it('lets one that is refused leave the others alone, and says why', async () => {
    const one = await open('refuse')
    // The order chosen is that of their moments.
    world.advance(1_000)
    const two = await open('refuse')
    const { id } = await batches.operateIncidents(supervisor(), {
      ...{ operation: 'cancel', choice: { key }, reason: REASON },
    })
    const held = await processInstance(supervisor(), one)
    if (!held) throw new Error('no instance')
    await operations.terminate(supervisor(), { id: held.id, expectedVersion: held.version, reason: REASON })
    await world.settle()

    expect(await results(id)).to.deep.equal([
      ['refused', 'WORKFLOW_INCIDENT_NOT_FOUND'],
      ['done', null],
    ])
    expect(await world.waiting(two)).to.be.empty
    const stand = await open('refuse')
    const resolved = await batches.operateIncidents(supervisor(), {
      ...{ operation: 'resolve', choice: { key }, reason: REASON },
    })
    await world.settle()
    expect(await results(resolved.id)).to.deep.equal([['refused', 'WORKFLOW_INCIDENT_STANDS']])
    const again = await batches.operateIncidents(supervisor(), {
      ...{ operation: 'retry', choice: { key }, reason: REASON },
    })
    await world.settle()
    expect(await results(again.id)).to.deep.equal([['done', null]])
    expect(await world.waiting(stand)).to.deep.equal(['w'])
    const told = (await world.world.eventsNamed('workflow.instance.operated'))
      .map(({ payload }) => payload as { businessKey: string; operation: string; reason: string })
      .filter(({ businessKey }) => businessKey === stand)
    expect(told.map(({ operation, reason }) => [operation, reason])).to.deep.equal([['retry', REASON]])
  })

  it('suspends, resumes and ends instances, and stops before the next when it is cancelled', async () => {
    const matters = [await open('go'), await open('go')]
    const order = (operation: 'suspend' | 'resume' | 'terminate') =>
      batches.operateInstances(supervisor(), { operation, choice: { key, node: 'a' }, reason: REASON })

    await order('suspend')
    await world.settle()
    for (const matter of matters)
      expect((await processInstance(supervisor(), matter))?.suspendedAt).to.be.instanceOf(Date)
    await order('resume')
    await world.settle()
    const { id } = await order('terminate')
    await batches.cancel(supervisor(), id, REASON)
    await world.settle()
    expect(await results(id)).to.deep.equal([
      ['waiting', null],
      ['waiting', null],
    ])
    expect((await refusal(batches.cancel(supervisor(), id, REASON))).code).to.equal('WORKFLOW_BATCH_OVER')
    await order('terminate')
    await world.settle()
    for (const matter of matters) expect((await world.instance(matter))?.status).to.equal('terminated')
  })

  it('tries an item again after a fault that passes, and gives up one that does not under a text of its own', async () => {
    await open('go')
    const run = async (operation: 'suspend' | 'resume', faults: number) => {
      const { id: batchId } = await batches.operateInstances(supervisor(), {
        ...{ operation, choice: { key }, reason: REASON },
      })
      const platform = world.kernel.contextFor(PLATFORM)
      let left = faults
      const allows: Policy['allows'] = (...asked) => {
        if (left-- > 0) throw Object.assign(new Error('deadlock detected'), { code: '40P01' })
        return platform.policy.allows(...asked)
      }
      const control = { signal: new AbortController().signal, progress: () => Promise.resolve() }
      await batchJob.run({ ...platform, policy: { ...platform.policy, allows } }, { batchId }, control)
      return results(batchId)
    }
    expect(await run('suspend', 2)).to.deep.equal([['done', null]])
    expect(await run('resume', 99)).to.deep.equal([['refused', 'WORKFLOW_BATCH_ITEM_GIVEN_UP']])
  })

  it('ends what a call has made with its caller alone', async () => {
    const [child, parent] = [`${key}called`, `${key}caller`]
    const begun = (elements: string) => `<startEvent id="s">${message('m_open')}</startEvent>${elements}`
    await world.deploy(
      model(`<startEvent id="s"/>${userTask('b')}<endEvent id="e"/>${chain('s b e')}`, { key: child }),
      { key: child },
    )
    const xml = `<callActivity id="c" calledElement="${child}"/><endEvent id="e"/>${chain('s c e')}`
    await world.deploy(model(begun(xml), { key: parent, before: '<message id="m_open" name="opened"/>' }), {
      key: parent,
    })
    const matter = await open('go', BODY, parent)
    const choice = { key: child }

    expect((await batches.instanceSelection(supervisor(), choice)).count).to.equal(1)
    expect((await batches.instanceSelection(supervisor(), choice, 'terminate')).count).to.equal(0)
    const order = { operation: 'terminate', choice, reason: REASON } as const
    const none = await refusal(batches.operateInstances(supervisor(), order))
    expect(none.code).to.equal('WORKFLOW_BATCH_CHOICE_EMPTY')
    await batches.operateInstances(supervisor(), { ...order, choice: { key: parent } })
    await world.settle()
    const rows = await world.world.db
      .selectFrom('workflow.instance')
      .select('status')
      .where('businessKey', '=', matter)
      .execute()
    expect(rows).to.deep.equal([{ status: 'terminated' }, { status: 'terminated' }])
  })

  it('puts away what ended before a day: it leaves the tables of the runtime, is read still, and counts still', async () => {
    await deploy('joint-bureau')
    const matter = await open('go')
    const clerk = world.as('clerk', 'joint-bureau')
    const [edge] = (await tasks(clerk, { first: 10 })).edges
    if (!edge) throw new Error('nothing to do')
    world.advance(60_000)
    const { id: taskId, version: expectedVersion } = await claim(clerk, edge.node.id)
    world.advance(60_000)
    await complete(clerk, { commandId: randomUUID(), id: taskId, expectedVersion, output: {} }, offers)
    await world.settle()
    const open2 = await open('go')
    const held = await processInstance(world.as('auditor'), matter)
    if (!held) throw new Error('no instance')
    const { population } = await insight(world.as('auditor'), { key })
    const counted = async () => ({
      cases: await figuresOf.cases(supervisor(), population),
      nodes: await figuresOf.nodes(supervisor(), population),
    })
    const logged = async () => {
      const of = { definitionIds: [held.definitionId], organisationId: null, until: world.world.now }
      const found = await casesOfLog(supervisor(), of, { after: null, limit: 10 })
      return found
        .find(({ instanceId }) => instanceId === held.id)
        ?.visits.map(({ completedBy: _, ...visit }) => visit)
    }
    const before = { figures: await counted(), log: await logged() }
    expect(before.figures.nodes.find(({ node }) => node === 'a')?.untilClaimed).to.equal(60)
    expect(before.log?.find(({ node }) => node === 'a')).to.include({
      ...{ taskOrganisationId: 'joint-bureau', candidateRole: 'clerk' },
    })
    world.advance(86_400_000)
    const aged = { key, endedBefore: dayOf(world.world.now) }
    expect(await archive.archivable(supervisor(), aged)).to.equal(1)
    expect(await archive.archivable(supervisor('other-bureau'), aged)).to.equal(0)

    const { id } = await batches.archiveInstances(supervisor(), { ...aged, reason: REASON })
    await world.settle()

    expect(await results(id)).to.deep.equal([['done', null]])
    expect(await world.instance(matter)).to.equal(undefined)
    expect(await world.waiting(open2)).to.deep.equal(['a'])
    const [put] = await archive.archive(supervisor(), { key, first: 10 })
    expect([put?.id, put?.status]).to.deep.equal([held.id, 'completed'])
    const done = await archived.tasksOf(supervisor(), held.id)
    expect(done.map(({ node, status }) => [node, status])).to.deep.equal([['a', 'completed']])
    expect((await archived.visitsOf(supervisor(), held.id)).map(({ node }) => node)).to.deep.equal([
      's',
      'w',
      'a',
      'e',
    ])
    expect({ figures: await counted(), log: await logged() }).to.deep.equal(before)
    await open('go', BODY, key, matter)
    expect(await world.instance(matter)).to.equal(undefined)
    const foreign = await refusal(archive.archived(supervisor('other-bureau'), held.id))
    expect(foreign.code).to.equal('WORKFLOW_ARCHIVED_NOT_FOUND')
    expect((await refusal(archive.archivable(world.as('clerk'), aged))).code).to.equal('POLICY_FORBIDDEN')
    const late = archive.archivable(supervisor(), { key, endedBefore: '2099-01-01' })
    expect((await refusal(late)).code).to.equal('WORKFLOW_ARCHIVE_DAY_INVALID')
  })

  it('is refused without a right, a reason, a choice or anything that fits', async () => {
    await open('go')
    const order = (ctx: ReturnType<typeof supervisor>, choice = {}, reason = REASON) =>
      batches.operateInstances(ctx, { operation: 'suspend', choice, reason })
    const codeOf = async (work: Promise<unknown>) => (await refusal(work)).code

    expect(await codeOf(order(world.as('clerk'), { key }))).to.equal('POLICY_FORBIDDEN')
    expect(await codeOf(order(supervisor(), {}))).to.equal('WORKFLOW_BATCH_CHOICE_MISSING')
    expect(await codeOf(order(supervisor('other-bureau'), { key }))).to.equal('WORKFLOW_BATCH_CHOICE_EMPTY')
    expect(await codeOf(order(supervisor(), { key }, ' '))).to.equal('WORKFLOW_REASON_MISSING')
    const { id } = await order(supervisor(), { key })
    expect(await codeOf(batches.batch(supervisor('other-bureau'), id))).to.equal('WORKFLOW_BATCH_NOT_FOUND')
  })
})

import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import {
  complete,
  heldVariables,
  incidentGroups,
  incidents,
  mayOperate,
  operations,
  operationsOf,
  possible,
  processInstance,
  retryIncident,
  tasks,
} from '../../workflows/index.ts'
import { refusal } from '../support/refusal.ts'
import { chain, flow, message, model, serviceTask, timer, userTask } from './models.ts'
import { BODY, offers, openProcessWorld, type ProcessWorld } from './process-world.ts'

const CLERK = 'gdbos:candidateRole="clerk"'
const variables = ['do:string', 'n:number', 'note:string', 'worked:boolean']
const opened = (elements: string) =>
  model(`<startEvent id="s">${message('m_open')}</startEvent>${elements}`, {
    variables,
    before: '<message id="m_open" name="opened"/>',
  })
const REASON = '申请人来函'

describe('an operator of the process’s body', () => {
  let world: ProcessWorld
  const supervisor = (body = BODY) => world.as('supervisor', body)

  beforeEach(async () => {
    world = await openProcessWorld()
  })

  afterEach(() => world.close())

  /** What an operation names: the instance as it is now, and the token at a node. */
  const at = async (businessKey: string, node?: string) => {
    const found = await processInstance(supervisor(), businessKey)
    if (!found) throw new Error('no instance')
    const token = found.state.tokens.find((one) => one.node === node)?.id ?? 0
    return { id: found.id, expectedVersion: found.version, token, reason: REASON }
  }
  const desk = async () => (await tasks(world.as('clerk'), { first: 50 })).edges.map(({ node }) => node)
  const finish = async (node: string, output = {}) => {
    const task = (await desk()).find((one) => one.node === node)
    if (!task) throw new Error(`nothing to do at ${node}`)
    const { id, version } = task
    await complete(
      world.as('clerk'),
      { commandId: randomUUID(), id, expectedVersion: version, output },
      offers,
    )
    await world.settle()
  }

  it('skips with a result, moves, cancels, changes variables and ends, each on the record with its reason', async () => {
    await world.deploy(
      opened(`${serviceTask('w')}<parallelGateway id="f"/>${userTask('a', CLERK)}${userTask('b', CLERK)}<parallelGateway id="j"/>
        <exclusiveGateway id="g" default="g_c"/>${userTask('c', CLERK)}${userTask('d', CLERK)}<endEvent id="e"/>
        ${chain('s w f a j g')}${chain('f b j')}${flow('g', 'c')}${flow('g', 'd', 'n > 3')}${chain('c e')}${chain('d e')}`),
    )
    const id = await world.open({ do: 'refuse' })
    expect(await world.waiting(id)).to.deep.equal(['w'])

    await operations.skip(supervisor(), { ...(await at(id, 'w')), output: { worked: true } })
    expect((await world.waiting(id)).sort()).to.deep.equal(['a', 'b'])
    await operations.setVariables(supervisor(), { ...(await at(id)), token: null, values: { n: 4 } })
    await operations.moveToken(supervisor(), { ...(await at(id, 'a')), to: 'c' })
    expect((await world.waiting(id)).sort()).to.deep.equal(['b', 'c'])
    await operations.moveToken(supervisor(), { ...(await at(id, 'c')), to: 'a' })
    await finish('a')
    await finish('b')
    expect(await world.waiting(id)).to.deep.equal(['d'])

    const other = await world.open({ do: 'refuse' })
    await operations.skip(supervisor(), { ...(await at(other, 'w')), output: {} })
    await operations.cancelToken(supervisor(), await at(other, 'a'))
    expect(await world.waiting(other)).to.deep.equal(['b'])
    await operations.terminate(supervisor(), await at(other))
    expect((await world.instance(other))?.status).to.equal('terminated')
    expect((await desk()).map(({ node }) => node)).to.deep.equal(['d'])

    expect((await world.instance(id))?.variables).to.deep.include({ worked: true, n: 4 })
    const told = await world.world.eventsNamed('workflow.instance.operated')
    expect(
      told.map(({ payload }) => {
        const { operation, node, reason } = payload as {
          operation: string
          node: string | null
          reason: string
        }
        return [operation, node, reason]
      }),
    ).to.deep.equal([
      ['skip', 'w', REASON],
      ['set-variables', null, REASON],
      ['move', 'a', REASON],
      ['move', 'c', REASON],
      ['skip', 'w', REASON],
      ['cancel', 'a', REASON],
      ['terminate', null, REASON],
    ])
    const open = await world.world.db
      .selectFrom('workflow.incident')
      .select('id')
      .where('resolvedAt', 'is', null)
      .execute()
    expect(open).to.be.empty
  })

  it('is refused without a right, a reason, the version seen or a possible way; another organisation sees nothing', async () => {
    await world.deploy(
      opened(`${userTask('a', CLERK)}<exclusiveGateway id="g"/><endEvent id="e"/>${chain('s a g e')}`),
    )
    const id = await world.open()
    const seen = await at(id, 'a')
    const codeOf = async (work: Promise<unknown>) => (await refusal(work)).code
    const foreign = world.as('supervisor', 'other-bureau')

    for (const attempt of [
      (ctx: typeof foreign) => operations.skip(ctx, { ...seen, output: {} }),
      (ctx: typeof foreign) => operations.cancelToken(ctx, seen),
      (ctx: typeof foreign) => operations.moveToken(ctx, { ...seen, to: 'e' }),
      (ctx: typeof foreign) => operations.setVariables(ctx, { ...seen, values: { n: 1 } }),
      (ctx: typeof foreign) => operations.terminate(ctx, seen),
      (ctx: typeof foreign) => operations.suspend(ctx, seen),
      (ctx: typeof foreign) => operations.resume(ctx, seen),
    ]) {
      expect(await codeOf(attempt(foreign))).to.equal('WORKFLOW_INSTANCE_NOT_FOUND')
      expect(await codeOf(attempt(world.as('clerk')))).to.equal('POLICY_FORBIDDEN')
    }
    const begin = { id: seen.id, token: seen.token, node: 'a' }
    expect(await codeOf(operations.beginActivity(foreign, begin))).to.equal('WORKFLOW_INSTANCE_NOT_FOUND')
    expect(await codeOf(operations.beginActivity(world.as('citizen'), begin))).to.equal('POLICY_FORBIDDEN')
    expect(await codeOf(operations.beginActivity(world.as('clerk'), begin))).to.equal('WORKFLOW_STEP_CLOSED')

    const mine = supervisor()
    expect(await codeOf(operations.terminate(mine, { ...seen, reason: ' ' }))).to.equal(
      'WORKFLOW_REASON_MISSING',
    )
    expect(await codeOf(operations.terminate(mine, { ...seen, expectedVersion: 9 }))).to.equal(
      'WORKFLOW_INSTANCE_VERSION_STALE',
    )
    expect(await codeOf(operations.moveToken(mine, { ...seen, to: 's' }))).to.equal('WORKFLOW_MOVE_INVALID')
    expect(await codeOf(operations.moveToken(mine, { ...seen, to: 'nowhere' }))).to.equal(
      'WORKFLOW_MOVE_INVALID',
    )
    expect(await codeOf(operations.cancelToken(mine, { ...seen, token: 99 }))).to.equal(
      'WORKFLOW_STEP_CLOSED',
    )
    expect(await codeOf(operations.setVariables(mine, { ...seen, values: { n: 'x' } }))).to.equal(
      'WORKFLOW_VARIABLE_INVALID',
    )
    expect(await codeOf(operations.setVariables(mine, { ...seen, values: { caseId: 'x' } }))).to.equal(
      'WORKFLOW_OUTPUT_INVALID',
    )
    expect((await world.instance(id))?.version).to.equal(seen.expectedVersion)
    expect(await world.world.eventsNamed('workflow.instance.operated')).to.be.empty
  })

  it('holds an instance: tasks, timers, jobs and messages wait until it is resumed', async () => {
    await world.deploy(
      opened(`<parallelGateway id="f"/>${userTask('a', CLERK)}<intermediateCatchEvent id="c">${timer('PT1H')}</intermediateCatchEvent>
        <receiveTask id="r" messageRef="m_go"/>${serviceTask('w')}<endEvent id="e"/>${chain('s f a w e')}${chain('f c e')}${chain('f r e')}`),
    )
    const id = await world.open()
    await operations.suspend(supervisor(), await at(id))
    expect((await refusal(finish('a'))).code).to.equal('WORKFLOW_INSTANCE_SUSPENDED')
    await world.tell('area.matter.heard', { matterId: id, organisationId: BODY, note: 'meanwhile' })
    for (let minute = 0; minute < 70; minute += 10) {
      world.advance(600_000)
      await world.settle()
    }
    expect((await world.waiting(id)).sort()).to.deep.equal(['a', 'c', 'r'])

    await operations.resume(supervisor(), await at(id))
    await world.settle()
    expect(await world.waiting(id)).to.deep.equal(['a'])
    expect((await world.instance(id))?.variables).to.deep.include({ note: 'meanwhile' })
    await finish('a')
    expect((await world.instance(id))?.status).to.equal('completed')
  })

  it('holds a process back: what would have started an instance does so when it is resumed', async () => {
    await world.deploy(opened(`${userTask('a', CLERK)}<endEvent id="e"/>${chain('s a e')}`))
    const platform = world.kernel.contextFor({
      id: 'designer',
      organisationId: 'platform',
      roles: ['process-designer'],
    })
    const change = (ctx: typeof platform, suspended: boolean) =>
      operations.suspendProcess(ctx, { key: 'p', reason: REASON, suspended })
    for (const stranger of [supervisor(), world.as('process-designer', 'other-bureau')])
      expect((await refusal(change(stranger, true))).code).to.equal('POLICY_FORBIDDEN')

    await change(platform, true)
    const id = await world.open({ note: 'early' })
    expect(await world.instance(id)).to.equal(undefined)
    for (let minute = 0; minute < 12; minute++) {
      world.advance(60_000)
      await world.settle()
    }
    await change(platform, false)
    await world.settle()

    expect(await world.waiting(id)).to.deep.equal(['a'])
    expect((await world.instance(id))?.variables).to.deep.include({ note: 'early', caseId: id })
  })

  it('lets the people of the body begin the activities of an ad-hoc sub-process, and close it', async () => {
    await world.deploy(
      opened(
        `<adHocSubProcess id="h" ordering="Sequential">${userTask('a', CLERK)}${userTask('b', CLERK)}</adHocSubProcess><endEvent id="e"/>${chain('s h e')}`,
      ),
    )
    const id = await world.open()
    const { token, id: instanceId } = await at(id, 'h')
    const begin = (node: string | null) =>
      operations.beginActivity(world.as('clerk'), { id: instanceId, token, node })

    await begin('b')
    expect((await refusal(begin('a'))).code).to.equal('WORKFLOW_ACTIVITY_UNAVAILABLE')
    expect((await refusal(begin(null))).code).to.equal('WORKFLOW_ACTIVITY_UNAVAILABLE')
    await finish('b')
    expect((await refusal(begin('e'))).code).to.equal('WORKFLOW_ACTIVITY_UNAVAILABLE')
    await begin('a')
    await finish('a')
    await begin(null)
    expect((await world.instance(id))?.status).to.equal('completed')
  })

  it('is shown what stands, what may be done there and what was done; others see no action and read no variable', async () => {
    await world.deploy(
      opened(`${serviceTask('w')}${userTask('a', CLERK)}<endEvent id="e"/>${chain('s w a e')}`),
    )
    const id = await world.open({ do: 'refuse', note: '甲' })
    const seen = async (ctx = supervisor()) => {
      const instance = await processInstance(ctx, id)
      if (!instance) throw new Error('no instance')
      return instance
    }
    const instance = await seen()
    const token = instance.state.tokens[0]?.id ?? 0
    const page = { first: 20 }
    const [one] = (await incidents(supervisor(), { kind: 'task-failed', code: 'AREA_BAD' }, page)).edges

    const may = await possible(supervisor(), instance, token)
    expect(may.maySkip).to.equal(true)
    expect(may.moveTargets).to.have.members(['w', 'a', 'e'])
    expect((await heldVariables(supervisor(), instance)).find(({ name }) => name === 'note')).to.deep.include(
      {
        ...{ token: 0, type: 'string', value: '甲', maySet: true },
      },
    )
    const reads = await world.world.db
      .selectFrom('core.access')
      .select(['kind', 'purpose'])
      .where('subject', '=', `workflow.instance:${instance.id}`)
      .execute()
    expect(reads).to.deep.equal([{ kind: 'read', purpose: 'operation of the process' }])
    expect(await incidentGroups(supervisor(), {})).to.have.length(1)
    expect((await incidents(supervisor(), { olderThanHours: 1 }, page)).edges).to.be.empty

    const clerk = world.as('clerk')
    expect(await mayOperate(clerk, instance)).to.equal(false)
    expect(await possible(clerk, instance, token)).to.deep.equal({
      ...{ maySkip: false, moveTargets: [], startable: [] },
    })
    expect((await refusal(heldVariables(clerk, instance))).code).to.equal('POLICY_FORBIDDEN')
    const foreign = world.as('supervisor', 'other-bureau')
    expect((await refusal(heldVariables(foreign, instance))).code).to.equal('POLICY_FORBIDDEN')
    expect((await incidents(foreign, {}, page)).edges).to.be.empty
    expect(await processInstance(supervisor(), id, randomUUID())).to.equal(undefined)

    await operations.setVariables(supervisor(), { ...(await at(id)), token: null, values: { do: null } })
    await retryIncident(supervisor(), one?.node.id ?? '')
    await world.settle()
    expect(await world.waiting(id)).to.deep.equal(['a'])
    expect((await operationsOf(supervisor(), instance.id)).map(({ operation }) => operation)).to.deep.equal([
      ...['retry', 'set-variables'],
    ])
  })
})

import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import {
  beginReplay,
  cancelReplay,
  complete,
  replay,
  replayNow,
  replays,
  tasks,
} from '../../workflows/index.ts'
import * as repository from '../../workflows/insight/replay.repository.ts'
import { refusal } from '../support/refusal.ts'
import { chain, flow, message, model, serviceTask, timer, userTask } from './models.ts'
import { BODY, offers, openProcessWorld, type ProcessWorld } from './process-world.ts'

const CLERK = 'gdbos:candidateRole="clerk"'
const variables = [
  ...['do:string', 'outcome:string', 'worked:boolean', 'decided:boolean', 'note:string', 'n:number'],
]
const opened = (elements: string) =>
  model(`<startEvent id="s">${message('m_open')}</startEvent>${elements}`, {
    variables,
    before: '<message id="m_open" name="opened"/>',
  })

/** Asked once; a second look unless the answer is yes. */
const twoLooks =
  opened(`${userTask('a', CLERK)}<exclusiveGateway id="x" default="x_b"/>${userTask('b', CLERK)}
  <endEvent id="ok"/><endEvent id="no"/>${chain('s a x b no')}${flow('x', 'ok', 'outcome = "yes"')}`)

const drafts = {
  noSecondLook: opened(`${userTask('a', CLERK)}<exclusiveGateway id="x" default="x_no"/><endEvent id="ok"/>
    <endEvent id="no"/>${chain('s a x no')}${flow('x', 'ok', 'outcome = "yes"')}`),
  alwaysSecondLook: opened(`${userTask('a', CLERK)}${userTask('b', CLERK)}<endEvent id="no"/>
    ${chain('s a b no')}`),
  unsure: opened(`${userTask('a', CLERK)}<exclusiveGateway id="x"/><endEvent id="ok"/><endEvent id="no"/>
    ${chain('s a x')}${flow('x', 'ok', 'outcome = "maybe"')}${flow('x', 'no', 'outcome = "no"')}`),
  otherType: opened(`${userTask('a', CLERK)}<endEvent id="ok"/>${chain('s a ok')}`).replace(
    'name="outcome" type="string"',
    'name="outcome" type="number"',
  ),
}

/** A result, a message, a timer, a command and a boundary event, each of which decides the way. */
const everything = opened(`${serviceTask('w')}<boundaryEvent id="bad" attachedToRef="w">
    <errorEventDefinition id="d_bad" errorRef="e_bad"/></boundaryEvent><endEvent id="refused"/>
  <exclusiveGateway id="x1" default="x1_lost"/><endEvent id="lost"/>
  <intermediateCatchEvent id="m">${message()}</intermediateCatchEvent>
  <exclusiveGateway id="x2" default="x2_lost2"/><endEvent id="lost2"/>
  <intermediateCatchEvent id="t">${timer('PT1H')}</intermediateCatchEvent>
  ${userTask('d', `${CLERK} gdbos:command="area.decide"`)}
  <boundaryEvent id="late" attachedToRef="d">${timer('PT10H')}</boundaryEvent><endEvent id="too_late"/>
  <exclusiveGateway id="x3" default="x3_lost3"/><endEvent id="lost3"/><endEvent id="done"/>
  ${chain('s w x1 lost')}${flow('x1', 'm', 'worked')}${chain('m x2 lost2')}${flow('x2', 't', 'note = "heard"')}
  ${chain('t d x3 lost3')}${flow('x3', 'done', 'decided')}${chain('bad refused')}${chain('late too_late')}`)

/** Goes round once, and each time only what the command gave back lets it on. */
const round = opened(`${userTask('d', `${CLERK} gdbos:command="area.decide"`)}
  <exclusiveGateway id="x" default="x_lost"/><endEvent id="lost"/>
  <exclusiveGateway id="y" default="y_b"/>${userTask('b', CLERK)}<endEvent id="done"/>
  ${chain('s d x lost')}${flow('x', 'y', 'decided')}${flow('y', 'done', 'n = 2')}${chain('y b d')}`)

describe('a replay of finished cases', () => {
  let world: ProcessWorld
  const ids: Record<string, string> = {}
  const designer = () => world.as('process-designer', 'platform')

  async function answer(matterId: string, node: string, output: object = {}) {
    const { edges } = await tasks(world.as('clerk'), { first: 100 })
    const instance = await world.instance(matterId)
    const found = edges.find((edge) => edge.node.node === node && edge.node.instanceId === instance?.id)
    if (!found) throw new Error(`no task waits at ${node}`)
    const { id, version: expectedVersion } = found.node
    const completion = { commandId: randomUUID(), id, expectedVersion, output: { ...output } }
    await complete(world.as('clerk'), completion, offers)
    await world.settle()
  }

  const on = (wish: { to?: number; xml?: string }, from = 1, ctx = designer()) =>
    replayNow(ctx, { key: 'p', from, ...wish }, offers.known)

  /** The verdict of a case by the name it has here. */
  async function verdict(name: string, wish: { to?: number; xml?: string }, from = 1) {
    const instance = await world.instance(ids[name] ?? '')
    const { cases } = await on(wish, from)
    const { instanceId: _, ...found } = cases.find(({ instanceId }) => instanceId === instance?.id) ?? {
      instanceId: '',
      outcome: 'same',
    }
    return found
  }

  before(async () => {
    world = await openProcessWorld()
    await world.deploy(twoLooks)
    ids['yes'] = await world.open()
    await answer(ids['yes'], 'a', { outcome: 'yes' })
    ids['no'] = await world.open()
    await answer(ids['no'], 'a', { outcome: 'no' })
    await answer(ids['no'], 'b')
    ids['stopped'] = await world.open()
    await world.tell('area.matter.ended', { matterId: ids['stopped'], organisationId: BODY })
    await world.settle()
    await world.deploy(everything)
    ids['whole'] = await world.open()
    await world.tell('area.matter.heard', { matterId: ids['whole'], organisationId: BODY, note: 'heard' })
    await world.settle()
    world.advance(3_600_000)
    await world.settle()
    await answer(ids['whole'], 'd', { outcome: 'yes' })
    ids['refused'] = await world.open({ do: 'refuse' })
    ids['late'] = await world.open()
    await world.tell('area.matter.heard', { matterId: ids['late'], organisationId: BODY, note: 'heard' })
    await world.settle()
    for (let hour = 0; hour < 12; hour += 1) {
      world.advance(3_600_000)
      await world.settle()
    }
    await world.open()
  })
  after(() => world.close())

  it('gives the same path where the model is the same, whatever the answers came by', async () => {
    for (const from of [1, 2]) {
      const { total, counts, cases } = await on({ to: from }, from)
      expect(cases).to.be.empty
      expect([total, counts.same]).to.deep.equal([3, 3])
    }
    expect((await world.instance(ids['late'] ?? ''))?.visited).to.include('too_late')
    expect((await world.instance(ids['refused'] ?? ''))?.visited).to.include('refused')
  })

  it('tells the first node that differs where a draft leads to the same end by another path', async () => {
    expect(await verdict('no', { xml: drafts.noSecondLook })).to.deep.equal({
      outcome: 'other-path',
      node: 'no',
      recorded: 'b',
      code: null,
    })
    expect(await verdict('yes', { xml: drafts.noSecondLook })).to.deep.equal({ outcome: 'same' })
  })

  it('tells where a draft would ask what nobody answered', async () => {
    expect(await verdict('yes', { xml: drafts.alwaysSecondLook })).to.deep.equal({
      outcome: 'needs-answer',
      node: 'b',
      recorded: 'ok',
      code: null,
    })
  })

  it('tells where a draft would end otherwise', async () => {
    const flipped = twoLooks.replace('outcome = "yes"', 'outcome = "no"')
    expect(await verdict('no', { xml: flipped })).to.include({
      outcome: 'other-end',
      node: 'ok',
      recorded: 'b',
    })
  })

  it('tells where a draft would stop, and why', async () => {
    expect(await verdict('yes', { xml: drafts.unsure })).to.include({
      outcome: 'stopped',
      node: 'x',
      code: 'WORKFLOW_GATEWAY_CLOSED',
    })
    expect(await verdict('yes', { xml: drafts.otherType })).to.include({
      outcome: 'stopped',
      code: 'WORKFLOW_VARIABLE_INVALID',
    })
  })

  it('terminates again what was terminated, where the draft still waits', async () => {
    expect(await verdict('stopped', { xml: drafts.alwaysSecondLook })).to.deep.equal({ outcome: 'same' })
  })

  it('hears a message at another node under its name, and lets a new timer pass', async () => {
    const renamed = everything.replaceAll('"m"', '"m9"').replaceAll('"t"', '"t9"').replace('PT1H', 'PT2H')
    expect(await verdict('whole', { xml: renamed }, 2)).to.include({
      outcome: 'other-path',
      node: 'm9',
      recorded: 'm',
    })
  })

  it('says nothing of a case whose record does not give its own path', async () => {
    const instance = await world.instance(ids['no'] ?? '')
    const db = world.world.db
    const { output } = await db
      .selectFrom('workflow.task')
      .select('output')
      .where('instanceId', '=', instance?.id ?? '')
      .where('node', '=', 'a')
      .executeTakeFirstOrThrow()
    const write = (value: object | null) =>
      db
        .updateTable('workflow.task')
        .set({ output: JSON.stringify(value) })
        .where('instanceId', '=', instance?.id ?? '')
        .where('node', '=', 'a')
        .execute()

    await write({ outcome: 'yes' })
    expect(await verdict('no', { xml: drafts.noSecondLook })).to.include({ outcome: 'unreproduced' })
    await write(output)
  })

  it('is a job whose report can be read, in counts, places and cases', async () => {
    const wish = { key: 'p', from: 1, xml: drafts.noSecondLook }
    const begun = await beginReplay(designer(), wish, offers.known)
    expect(begun).to.include({ status: 'running', total: 3, toVersion: null })
    await world.settle()

    const done = await replay(designer(), begun.id)
    expect(done).to.include({ status: 'done', failure: null })
    expect(done.counts).to.include({ same: 2, 'other-path': 1, 'needs-answer': 0 })
    expect(done.steps).to.be.above(10)
    expect(await repository.places(designer(), begun.id)).to.deep.equal([
      { outcome: 'other-path', node: 'no', recorded: 'b', code: null, cases: 1 },
    ])
    const [only] = await repository.cases(designer(), begun.id, { outcome: 'other-path', first: 10 })
    expect(only?.businessKey).to.equal(ids['no'])
    expect((await replays(designer(), 'p')).map(({ id }) => id)).to.include(begun.id)
  })

  it('can be cancelled, and then goes no further', async () => {
    const begun = await beginReplay(designer(), { key: 'p', from: 1, to: 2 }, offers.known)
    expect((await cancelReplay(designer(), begun.id)).status).to.equal('cancelled')
    await world.settle()

    const after = await replay(designer(), begun.id)
    expect([after.status, after.counts.same]).to.deep.equal(['cancelled', 0])
    expect(await repository.cases(designer(), begun.id, { first: 10 })).to.be.empty
  })

  it('goes on after the last case that was written', async () => {
    const begun = await beginReplay(designer(), { key: 'p', from: 1, to: 1 }, offers.known)
    await world.settle()
    await world.world.db
      .updateTable('workflow.replay')
      .set({ status: 'running' })
      .where('id', '=', begun.id)
      .execute()
    await world.world.db
      .updateTable('core.job')
      .set({ status: 'waiting' })
      .where('key', '=', begun.id)
      .execute()
    await world.settle()

    expect(await replay(designer(), begun.id)).to.deep.include({ status: 'done' })
    expect((await replay(designer(), begun.id)).counts.same).to.equal(3)
  })

  it('takes only a whole draft of the same process', async () => {
    expect((await refusal(on({}))).code).to.equal('WORKFLOW_REPLAY_TARGET_MISSING')
    expect((await refusal(on({ to: 2, xml: twoLooks }))).code).to.equal('WORKFLOW_REPLAY_TARGET_MISSING')
    expect((await refusal(on({ to: 7 }))).code).to.equal('WORKFLOW_VERSION_NOT_FOUND')
    expect((await refusal(on({ xml: '<no/>' }))).code).to.equal('WORKFLOW_MODEL_INVALID')
    const other = twoLooks.replace('process id="p"', 'process id="q"')
    expect((await refusal(on({ xml: other }))).code).to.equal('WORKFLOW_KEY_MISMATCH')
  })

  it('shows a leader the own body’s cases only, and another body nothing of them', async () => {
    const theirs = world.as('supervisor', 'other-bureau')
    const ours = await beginReplay(world.as('supervisor'), { key: 'p', from: 1, to: 1 }, offers.known)
    const all = await beginReplay(designer(), { key: 'p', from: 1, to: 1 }, offers.known)

    expect(ours.total).to.equal(3)
    expect((await on({ to: 1 }, 1, theirs)).total).to.equal(0)
    for (const { id } of [ours, all]) {
      expect((await refusal(replay(theirs, id))).code).to.equal('WORKFLOW_REPLAY_NOT_FOUND')
      expect((await refusal(cancelReplay(theirs, id))).code).to.equal('WORKFLOW_REPLAY_NOT_FOUND')
    }
    expect((await refusal(replay(world.as('supervisor'), all.id))).code).to.equal('WORKFLOW_REPLAY_NOT_FOUND')
    expect(await replays(theirs, 'p')).to.be.empty
    expect((await refusal(on({ to: 1 }, 1, world.as('clerk')))).code).to.equal('POLICY_FORBIDDEN')
    await world.settle()
  })

  it('is told what a command gave back each time round', async () => {
    await world.deploy(round.replace('process id="p"', 'process id="round"'), { key: 'round' })
    const matterId = randomUUID()
    await world.tell('area.matter.opened', { matterId, organisationId: BODY, processPack: 'round' })
    await world.settle()
    await answer(matterId, 'd', { outcome: 'yes' })
    await answer(matterId, 'b', { decided: false, n: 2 })
    await answer(matterId, 'd', { outcome: 'yes' })

    const { counts } = await replayNow(designer(), { key: 'round', from: 1, to: 1 }, offers.known)

    expect((await world.instance(matterId))?.status).to.equal('completed')
    expect(counts).to.include({ same: 1, unreproduced: 0 })
  })
})

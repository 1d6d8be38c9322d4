import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import {
  claim,
  complete,
  processInstance,
  release,
  retryIncident,
  task,
  tasks,
} from '../../workflows/index.ts'
import { stateOf, storedState, textsOf } from '../../workflows/runtime/instance.ts'
import { newState } from '../../workflows/runtime/step/index.ts'
import { refusal } from '../support/refusal.ts'
import { chain, flow, message, model, serviceTask, timer, userTask } from './models.ts'
import { BODY, MESSAGES, offers, openProcessWorld, type ProcessWorld } from './process-world.ts'

const variables = ['do:string', 'outcome:string', 'worked:boolean', 'decided:boolean', 'note:string']
const opened = (elements: string) =>
  model(`<startEvent id="s">${message('m_open')}</startEvent>${elements}`, {
    variables,
    before: '<message id="m_open" name="opened"/>',
  })
const CLERK = 'gdbos:candidateRole="clerk"'
const oneTask = opened(`${userTask('a', CLERK)}<endEvent id="e"/>${chain('s a e')}`)
const PAGE = { first: 20 }

const only = async (world: ProcessWorld, ctx = world.as('clerk')) => {
  const { edges } = await tasks(ctx, PAGE)
  const [edge] = edges
  if (!edge || edges.length !== 1) throw new Error(`expected one task, found ${edges.length}`)
  return edge.node
}

const completion = (id: string, expectedVersion = 0, output = {}) => ({
  commandId: randomUUID(),
  id,
  expectedVersion,
  output,
})

describe('a process on the database', () => {
  let world: ProcessWorld

  beforeEach(async () => {
    world = await openProcessWorld()
  })

  afterEach(() => world.close())

  it('starts once for a fact, on behalf of who caused it, and ends', async () => {
    await world.deploy(oneTask)
    const id = await world.open({ note: 'hello' })
    await world.open({ note: 'again' }, id)

    expect(await world.instance(id)).to.deep.include({
      status: 'running',
      organisationId: BODY,
      onBehalfOf: 'citizen-1',
      variables: { note: 'hello', matterId: id, caseId: id },
    })
    const open = await only(world)
    await complete(world.as('clerk'), completion(open.id), offers)
    expect(await world.instance(id)).to.deep.include({ status: 'completed', visited: ['s', 'a', 'e'] })
    expect(await world.world.eventsNamed('workflow.instance.stepped')).to.have.length(2)
  })

  it('starts nothing for a fact that names another pack', async () => {
    await world.deploy(oneTask)
    const matter = { matterId: randomUUID(), organisationId: BODY }
    await world.tell('area.matter.opened', { ...matter, processPack: 'other@1' })
    await world.settle()
    expect(await world.instance(matter.matterId)).to.equal(undefined)

    await world.tell('area.matter.opened', { ...matter, processPack: 'p@3' })
    await world.settle()
    expect(await world.waiting(matter.matterId)).to.deep.equal(['a'])
  })

  it('runs a command of a module in the transaction of the completion, whose refusal refuses it', async () => {
    await world.deploy(
      opened(`${userTask('a', `${CLERK} gdbos:command="area.decide"`)}<endEvent id="e"/>${chain('s a e')}`),
    )
    const id = await world.open()
    const open = await only(world)

    const error = await refusal(
      complete(world.as('clerk'), completion(open.id, 0, { outcome: 'no' }), offers),
    )
    expect(error.code).to.equal('AREA_BAD')
    const invalid = await refusal(
      complete(world.as('clerk'), completion(open.id, 0, { outcome: '?' }), offers),
    )
    expect(invalid.code).to.equal('WORKFLOW_OUTPUT_INVALID')
    expect(await world.waiting(id)).to.deep.equal(['a'])
    expect(await world.world.eventsNamed('area.decided')).to.be.empty

    await complete(world.as('clerk'), completion(open.id, 0, { outcome: 'yes' }), offers)
    const decided = await world.world.eventsNamed('area.decided')
    expect(decided.map(({ payload }) => payload)).to.deep.equal([
      { caseId: id, outcome: 'yes', completedBy: `clerk@${BODY}` },
    ])
    expect((await world.instance(id))?.variables).to.deep.include({ outcome: 'yes', decided: true })
  })

  it('takes a form’s fields and no others, and lets nobody set who completed', async () => {
    await world.deploy(
      opened(`${userTask('a', `${CLERK} gdbos:formKey="sheet"`)}<endEvent id="e"/>${chain('s a e')}`),
      { pack: { messages: MESSAGES, forms: { sheet: SHEET } } },
    )
    await world.open()
    const open = await only(world)
    const codeOf = async (output: object) =>
      (await refusal(complete(world.as('clerk'), completion(open.id, 0, output), offers))).code

    expect(await codeOf({})).to.equal('WORKFLOW_OUTPUT_INVALID')
    expect(await codeOf({ outcome: 'maybe' })).to.equal('WORKFLOW_OUTPUT_INVALID')
    expect(await codeOf({ outcome: 'yes', worked: true })).to.equal('WORKFLOW_OUTPUT_INVALID')
    expect(await codeOf({ outcome: 'yes', completedBy: 'somebody' })).to.equal('WORKFLOW_OUTPUT_INVALID')
    expect(
      (await complete(world.as('clerk'), completion(open.id, 0, { outcome: 'yes' }), offers)).status,
    ).to.equal('completed')
  })

  it('offers a task to its role in its organisation alone', async () => {
    await world.deploy(oneTask)
    await world.open()
    const open = await only(world)

    for (const stranger of [world.as('clerk', 'other-bureau'), world.as('reviewer')]) {
      expect((await tasks(stranger, PAGE)).edges).to.be.empty
      for (const attempt of [
        () => task(stranger, open.id),
        () => claim(stranger, open.id),
        () => release(stranger, open.id),
        () => complete(stranger, completion(open.id), offers),
      ])
        expect((await refusal(attempt())).code).to.equal('WORKFLOW_TASK_NOT_FOUND')
    }
    expect((await refusal(task(world.as('clerk'), randomUUID()))).code).to.equal('WORKFLOW_TASK_NOT_FOUND')
  })

  it('keeps what a person took in one post from the same person in another', async () => {
    await world.deploy(oneTask)
    await world.open()
    const post = (organisationId: string, role = 'clerk') =>
      world.kernel.contextFor({ id: 'anna', organisationId, roles: [role] }, randomUUID())
    const open = await only(world, post(BODY))
    await claim(post(BODY), open.id)

    for (const elsewhere of [post('other-bureau'), post('citizen:anna', 'citizen')]) {
      expect((await tasks(elsewhere, PAGE)).edges).to.be.empty
      expect((await tasks(elsewhere, PAGE, { show: 'mine' })).edges).to.be.empty
      for (const attempt of [
        () => task(elsewhere, open.id),
        () => release(elsewhere, open.id),
        () => complete(elsewhere, completion(open.id, 1), offers),
      ])
        expect((await refusal(attempt())).code).to.equal('WORKFLOW_TASK_NOT_FOUND')
    }
    expect((await tasks(post(BODY), PAGE, { show: 'mine' })).edges).to.have.length(1)
  })

  it('lets one person claim a task and keeps it from the others until it is released', async () => {
    await world.deploy(oneTask)
    await world.open()
    const [anna, ben] = [world.as('clerk', BODY, 'anna'), world.as('clerk', BODY, 'ben')]
    const open = await only(world, anna)

    const claimed = await claim(anna, open.id)
    expect(claimed).to.deep.include({ status: 'claimed', assignee: `anna@${BODY}`, version: 1 })
    expect(await claim(anna, open.id)).to.deep.equal(claimed)
    expect((await refusal(claim(ben, open.id))).code).to.equal('WORKFLOW_TASK_TAKEN')
    expect((await refusal(release(ben, open.id))).code).to.equal('WORKFLOW_TASK_TAKEN')
    expect((await refusal(complete(ben, completion(open.id, 1), offers))).code).to.equal(
      'WORKFLOW_TASK_TAKEN',
    )
    expect((await tasks(anna, PAGE, { show: 'mine' })).edges).to.have.length(1)
    expect((await tasks(ben, PAGE, { show: 'mine' })).edges).to.be.empty

    await release(anna, open.id)
    expect((await refusal(complete(ben, completion(open.id, 1), offers))).code).to.equal(
      'WORKFLOW_TASK_VERSION_STALE',
    )
    await complete(ben, completion(open.id, 2), offers)
    expect((await refusal(claim(anna, open.id))).code).to.equal('WORKFLOW_STEP_CLOSED')
    expect((await refusal(complete(ben, completion(open.id, 3), offers))).code).to.equal(
      'WORKFLOW_STEP_CLOSED',
    )
  })

  it('answers a repeated command id and refuses it for another answer', async () => {
    await world.deploy(oneTask)
    const id = await world.open()
    const open = await only(world)
    const command = completion(open.id, 0, { note: 'x' })

    await complete(world.as('clerk'), command, offers)
    const again = await complete(world.as('clerk'), command, offers)
    expect(again).to.deep.include({ status: 'completed', output: { note: 'x' } })
    const other = { ...command, output: { note: 'y' } }
    expect((await refusal(complete(world.as('clerk'), other, offers))).code).to.equal(
      'WORKFLOW_COMMAND_ID_REUSED',
    )
    expect((await world.instance(id))?.version).to.equal(2)
  })

  it('pages the task desk', async () => {
    await world.deploy(oneTask)
    for (let count = 0; count < 3; count++) await world.open()

    const first = await tasks(world.as('clerk'), { first: 2 })
    const after = first.pageInfo.endCursor
    const second = await tasks(world.as('clerk'), { first: 2, after })
    expect(first.pageInfo.hasNextPage).to.equal(true)
    expect(second.pageInfo.hasNextPage).to.equal(false)
    const ids = [...first.edges, ...second.edges].map(({ node }) => node.id)
    expect(new Set(ids).size).to.equal(3)
  })

  it('runs a service task under its job’s id, as the process, and merges its result', async () => {
    await world.deploy(opened(`${serviceTask('w')}<endEvent id="e"/>${chain('s w e')}`))
    const id = await world.open()

    const found = await world.instance(id)
    expect(found).to.deep.include({ status: 'completed' })
    expect(found?.variables).to.deep.include({ worked: true, at: world.world.now.toISOString() })
    const [worked] = await world.world.eventsNamed('area.worked')
    expect(worked?.payload).to.deep.equal({
      requestId: `${found?.id}:1:1`,
      actorId: `process:${found?.id}`,
      onBehalfOf: 'citizen-1',
      organisationId: BODY,
    })
  })

  it('catches a refusal on the boundary, tries a passing failure again, and stops at an incident', async () => {
    await world.deploy(
      opened(`${serviceTask('w')}<boundaryEvent id="c" attachedToRef="w"><errorEventDefinition id="d" errorRef="e_bad"/></boundaryEvent>
        ${userTask('look', CLERK)}<endEvent id="e"/><endEvent id="x"/>${chain('s w e')}${chain('c look x')}`),
    )
    const refused = await world.open({ do: 'refuse' })
    expect(await world.waiting(refused)).to.deep.equal(['look'])

    for (const [does, code] of [
      ['busy', 'AREA_BUSY'],
      ['break', 'WORKFLOW_TASK_BROKEN'],
    ] as const) {
      const id = await world.open({ do: does })
      expect(await incidents(world, id)).to.be.empty
      for (let attempt = 0; attempt < 6; attempt++) {
        world.advance(600_000)
        await world.settle()
      }
      const [incident] = await incidents(world, id)
      expect(incident?.error.code).to.equal(code)
      expect(incident && textsOf(incident.error).zh).to.match(/[一-龥]/)
      expect(JSON.stringify(incident)).not.to.include('db-7')
      expect(await world.waiting(id)).to.deep.equal(['w'])
    }
  })

  it('still reads what stopped before both texts were kept', () => {
    const message = 'the collection of a is no list'
    const trouble = { kind: 'loop', code: '', message }
    const { variables, businessKey, ...state } = { ...newState('case'), status: 'running', nextToken: 2 }
    const row = { state: { ...state, tokens: [{ id: 1, node: 'a', trouble }] }, variables, businessKey }

    const read = stateOf({ ...row, businessKey: 'case' })

    const texts = { zh: message, en: message }
    expect(read.tokens[0]?.trouble).to.deep.equal({ kind: 'loop', code: '', messages: texts })
    expect(stateOf({ ...row, state: storedState(read), businessKey: 'case' })).to.deep.equal(read)
    expect(textsOf({ code: '', message })).to.deep.equal(texts)
  })

  it('goes on after an incident when somebody of the body tries again', async () => {
    await world.deploy(opened(`${serviceTask('w')}<endEvent id="e"/>${chain('s w e')}`))
    const id = await world.open({ do: 'refuse' })
    const [incident] = await incidents(world, id)
    if (!incident) throw new Error('no incident')
    const found = await world.instance(id)
    await world.world.db
      .updateTable('workflow.instance')
      .set({ variables: JSON.stringify({ ...found?.variables, do: 'work' }) })
      .where('businessKey', '=', id)
      .execute()

    const foreign = world.as('supervisor', 'other-bureau')
    expect((await refusal(retryIncident(foreign, incident.id))).code).to.equal('WORKFLOW_INCIDENT_NOT_FOUND')
    expect((await refusal(retryIncident(world.as('clerk'), incident.id))).code).to.equal('POLICY_FORBIDDEN')
    await retryIncident(world.as('supervisor'), incident.id)
    await world.settle()
    expect((await world.instance(id))?.status).to.equal('completed')
    expect((await refusal(retryIncident(world.as('supervisor'), incident.id))).code).to.equal(
      'WORKFLOW_INCIDENT_NOT_FOUND',
    )
  })

  it('hears facts by message: a waiting token at once, a later one from what is kept, and each once', async () => {
    await world.deploy(
      opened(`${userTask('a', CLERK)}<receiveTask id="r" messageRef="m_go"/>${userTask('b', CLERK)}
        <boundaryEvent id="m" attachedToRef="b">${message('m_go')}</boundaryEvent><endEvent id="e"/><endEvent id="x"/>
        ${chain('s a r b e')}${chain('m x')}`),
    )
    const [early, late] = [await world.open(), await world.open()]
    const heard = (matterId: string, note: string) =>
      world.tell('area.matter.heard', { matterId, organisationId: BODY, note })

    await heard(early, 'early')
    await world.settle()
    for (const { node } of (await tasks(world.as('clerk'), PAGE)).edges)
      await complete(world.as('clerk'), completion(node.id), offers)
    expect(await world.waiting(early)).to.deep.equal(['b'])
    expect(await world.waiting(late)).to.deep.equal(['r'])

    await heard(late, 'late')
    await world.settle()
    expect(await world.waiting(late)).to.deep.equal(['b'])
    expect((await world.instance(late))?.variables).to.deep.include({ note: 'late' })
    expect((await world.instance(early))?.variables).to.deep.include({ note: 'early', matterId: early })
    expect((await world.instance(early))?.variables).not.to.have.property('organisationId')

    await heard(late, 'more')
    await world.settle()
    expect((await world.instance(late))?.status).to.equal('completed')
    const cancelled = await world.world.db
      .selectFrom('workflow.task')
      .select('status')
      .where('node', '=', 'b')
      .orderBy('status')
      .execute()
    expect(cancelled.map(({ status }) => status)).to.deep.equal(['cancelled', 'open'])
  })

  it('ends the instance when a fact says so, and takes its tasks, jobs and timers back', async () => {
    await world.deploy(
      opened(`<parallelGateway id="f"/>${userTask('a', CLERK)}<intermediateCatchEvent id="c">${timer('P1D')}</intermediateCatchEvent>
        <endEvent id="e"/><endEvent id="x"/>${chain('s f a e')}${chain('f c x')}`),
    )
    const id = await world.open()
    await world.tell('area.matter.ended', { matterId: id, organisationId: BODY })
    await world.settle()

    expect((await world.instance(id))?.status).to.equal('terminated')
    expect((await tasks(world.as('clerk'), PAGE)).edges).to.be.empty
    const timers = await world.world.db.selectFrom('workflow.timer').select('status').execute()
    expect(timers).to.deep.equal([{ status: 'disarmed' }])
  })

  it('fires timers by the platform’s clock, each once', async () => {
    await world.deploy(
      opened(`${userTask('a', CLERK)}<boundaryEvent id="t" attachedToRef="a">${timer('PT2H')}</boundaryEvent>${userTask('b', CLERK)}
        <endEvent id="e"/><endEvent id="x"/>${chain('s a e')}${chain('t b x')}`),
    )
    const id = await world.open()
    world.advance(2 * 3_600_000 - 1)
    await world.settle()
    expect(await world.waiting(id)).to.deep.equal(['a'])

    world.advance(1)
    await world.settle()
    expect(await world.waiting(id)).to.deep.equal(['b'])
    world.advance(24 * 3_600_000)
    await world.settle()
    expect((await world.instance(id))?.version).to.equal(2)
  })

  it('delivers what one process sends to another that waits for it', async () => {
    await world.deploy(
      opened(
        `<sendTask id="t" messageRef="m_out" gdbos:correlationKey="note"/><endEvent id="e"/>${chain('s t e')}`,
      ).replace('<process', '<message id="m_out" name="parcel"/><process'),
    )
    await world.deploy(
      model(
        `<startEvent id="s">${message('m_open')}</startEvent><receiveTask id="r" messageRef="m_in"/><endEvent id="e"/>${chain('s r e')}`,
        { key: 'q', before: '<message id="m_open" name="opened"/><message id="m_in" name="parcel"/>' },
      ),
      { key: 'q' },
    )
    const receiver = randomUUID()
    await world.tell('area.matter.opened', { matterId: receiver, organisationId: BODY, processPack: 'q' })
    await world.settle()
    const matter = {
      matterId: randomUUID(),
      organisationId: BODY,
      variables: { note: receiver },
      processPack: 'p',
    }
    await world.tell('area.matter.opened', matter)
    await world.settle()

    expect((await world.instance(receiver))?.status).to.equal('completed')
  })

  it('shows an instance to its body, to bodies with a task in it and to auditors', async () => {
    await world.deploy(
      opened(
        `${userTask('a', `gdbos:candidateRole="reviewer" gdbos:organisation="&quot;joint-bureau&quot;"`)}<endEvent id="e"/>${chain('s a e')}`,
      ),
    )
    const id = await world.open()
    const sees = async (role: string, body: string) =>
      (await processInstance(world.as(role, body), id)) !== undefined

    expect(await sees('clerk', BODY)).to.equal(true)
    expect(await sees('reviewer', 'joint-bureau')).to.equal(true)
    expect(await sees('auditor', 'any-bureau')).to.equal(true)
    expect(await sees('process-designer', 'any-bureau')).to.equal(false)
    expect(await sees('clerk', 'other-bureau')).to.equal(false)
    expect(await sees('citizen', 'citizen:2')).to.equal(false)
  })

  it('parks an instance whose stored state was altered', async () => {
    await world.deploy(oneTask)
    const id = await world.open()
    const open = await only(world)
    await world.world.db
      .updateTable('workflow.instance')
      .set({ state: JSON.stringify({ format: 9 }) })
      .where('businessKey', '=', id)
      .execute()

    const error = await refusal(complete(world.as('clerk'), completion(open.id), offers))
    expect(error.code).to.equal('WORKFLOW_STATE_INVALID')
    expect((await task(world.as('clerk'), open.id)).status).to.equal('open')
  })

  it('lets the messages behind one through that breaks its hearer', async () => {
    await world.deploy(
      opened(
        `<receiveTask id="r" messageRef="m_go"/>${userTask('b', CLERK)}<endEvent id="e"/>${chain('s r b e')}`,
      ),
    )
    const [broken, whole] = [await world.open(), await world.open()]
    await world.world.db
      .updateTable('workflow.instance')
      .set({ state: JSON.stringify({ format: 9 }) })
      .where('businessKey', '=', broken)
      .execute()

    for (const matterId of [broken, whole])
      await world.tell('area.matter.heard', { matterId, organisationId: BODY })
    await world.settle()

    expect(await world.waiting(whole)).to.deep.equal(['b'])
  })
})

describe('a process after a crash', () => {
  it('goes on from the rows alone, wherever the node stopped', async () => {
    const xml = opened(
      `${serviceTask('w')}${userTask('a', CLERK)}<parallelGateway id="f"/>
      <intermediateCatchEvent id="c">${timer('PT1H')}</intermediateCatchEvent><receiveTask id="r" messageRef="m_go"/>
      <parallelGateway id="j"/><exclusiveGateway id="g" default="g_e"/><endEvent id="e"/><endEvent id="n"/>
      ${chain('s w a f c j g')}${chain('f r j')}${flow('g', 'e')}${flow('g', 'n', 'outcome = "no"')}`,
    )
    const world = await openProcessWorld()
    await world.deploy(xml)
    const id = randomUUID()
    const polls = [
      ['core.deliveries'],
      ['workflow.jobs'],
      ['workflow.timers'],
      ['workflow.messages'],
    ] as const
    await world.tell('area.matter.opened', { matterId: id, organisationId: BODY })
    // Each poll happens on a node that has just started; none ever sees another's memory.
    const run = async () => {
      for (let round = 0; round < 4; round++)
        for (const names of polls) await world.restarted().pollOnce(...names)
    }

    await run()
    expect(await world.waiting(id)).to.deep.equal(['a'])
    const open = await only(world)
    await complete(world.restarted().as('clerk'), completion(open.id), offers)
    await run()
    expect(await world.waiting(id)).to.deep.equal(['c', 'r'])
    world.advance(3_600_000)
    await run()
    await world.tell('area.matter.heard', { matterId: id, organisationId: BODY })
    await run()

    expect(await world.instance(id)).to.deep.include({ status: 'completed', version: 5 })
    expect(await world.world.eventsNamed('area.worked')).to.have.length(1)
    await world.close()
  })

  it('repeats a service task whose node died before it could say so, under the same key', async () => {
    const world = await openProcessWorld()
    await world.deploy(opened(`${serviceTask('w')}<endEvent id="e"/>${chain('s w e')}`))
    const id = randomUUID()
    await world.tell('area.matter.opened', { matterId: id, organisationId: BODY })
    await world.pollOnce('core.deliveries')
    // A node claims the job and dies: the lease is all it leaves.
    await world.world.db
      .updateTable('workflow.job')
      .set({ lockedUntil: new Date(world.world.now.getTime() + 60_000), attempts: 1, retriesLeft: 4 })
      .execute()

    await world.restarted().settle()
    expect(await world.waiting(id)).to.deep.equal(['w'])
    world.advance(61_000)
    await world.restarted().settle()
    expect((await world.instance(id))?.status).to.equal('completed')
    await world.close()
  })
})

const SHEET = {
  fields: [
    {
      name: 'outcome',
      label: { zh: '结论', en: 'Outcome' },
      widget: 'select' as const,
      required: true,
      readOnly: false,
      options: [{ value: 'yes', text: { zh: '是', en: 'Yes' } }],
      hint: null,
      section: { zh: '意见', en: 'Opinion' },
      prefilledFrom: null,
    },
  ],
}

async function incidents(world: ProcessWorld, businessKey: string) {
  const found = await world.instance(businessKey)
  return world.world.db
    .selectFrom('workflow.incident')
    .select(['id', 'node', 'kind', 'error'])
    .where('instanceId', '=', String(found?.id))
    .where('resolvedAt', 'is', null)
    .execute()
}

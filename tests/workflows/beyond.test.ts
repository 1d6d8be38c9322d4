import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { establish } from '../../modules/organisation/index.ts'
import { complete, sendMessage, sendSignal, tasks } from '../../workflows/index.ts'
import { chain, message, model, serviceTask, timer, userTask } from './models.ts'
import { BODY, offers, openProcessWorld, type ProcessWorld } from './process-world.ts'

const variables = ['do:string', 'n:number', 'sum:number', 'note:string', 'names:list', 'given:list']
const CLERK = 'gdbos:candidateRole="clerk"'
const ROOTS = `<message id="m_open" name="opened"/><message id="m_letter" name="letter"/><signal id="g_all" name="all"/>
  <escalation id="x_up" name="up" escalationCode="up"/>`
const opened = (elements: string, key = 'p') =>
  model(`<startEvent id="s">${message('m_open')}</startEvent>${elements}`, { variables, key, before: ROOTS })
const called = (elements: string) =>
  model(`<startEvent id="s2"/>${elements}`, { variables, key: 'q', before: ROOTS })
const caller = (attributes = '', around = '', inside = '') =>
  opened(
    `<callActivity id="c" calledElement="q" ${attributes}>${inside}</callActivity>${around}<endEvent id="e"/>${chain('s c e')}`,
  )
const signalled = '<signalEventDefinition id="d_signal" signalRef="g_all"/>'

/** Everything a process does with the world around it, on the database. */
describe('a process among others', () => {
  let world: ProcessWorld

  beforeEach(async () => {
    world = await openProcessWorld()
  })

  afterEach(() => world.close())

  const desk = async (node?: string) => {
    const { edges } = await tasks(world.as('clerk'), { first: 100 })
    return edges.map((edge) => edge.node).filter((task) => node === undefined || task.node === node)
  }
  const finish = async (node: string, output = {}) => {
    const [task] = await desk(node)
    if (!task) throw new Error(`nothing to do at ${node}`)
    const { id, version } = task
    await complete(
      world.as('clerk'),
      { commandId: randomUUID(), id, expectedVersion: version, output },
      offers,
    )
    await world.settle()
  }
  const children = () =>
    world.world.db
      .selectFrom('workflow.instance')
      .select(['id', 'status', 'variables', 'businessKey', 'organisationId', 'onBehalfOf'])
      .where('parentId', 'is not', null)
      .execute()
  const instancesOf = (key: string) =>
    world.world.db
      .selectFrom('workflow.instance')
      .select(['status', 'businessKey', 'variables', 'organisationId'])
      .where('definitionKey', '=', key)
      .orderBy('startedAt')
      .orderBy('businessKey')
      .execute()

  describe('calling', () => {
    it('runs the called process for the same case, and goes on with what it declares of the result', async () => {
      await world.deploy(called(`${userTask('a', CLERK)}<endEvent id="e2"/>${chain('s2 a e2')}`), {
        key: 'q',
      })
      await world.deploy(
        caller(
          '',
          '',
          '<extensionElements><gdbos:input from="n + 1" to="n"/><gdbos:output from="sum * 2" to="sum"/></extensionElements>',
        ),
      )
      const id = await world.open({ n: 4 })

      const [child] = await children()
      expect(child).to.deep.include({
        status: 'running',
        businessKey: id,
        organisationId: BODY,
        onBehalfOf: 'citizen-1',
      })
      expect(child?.variables).to.deep.equal({ n: 5, caseId: id })
      expect(await world.waiting(id)).to.deep.equal(['c'])

      await finish('a', { sum: 21 })
      expect(await world.instance(id)).to.deep.include({ status: 'completed' })
      expect((await world.instance(id))?.variables).to.deep.include({ sum: 42, n: 4 })
    })

    it('runs the pinned version, or the newest at the moment of the call', async () => {
      for (const task of ['one', 'two'])
        await world.deploy(called(`${userTask(task, CLERK)}<endEvent id="e2"/>${chain(`s2 ${task} e2`)}`), {
          key: 'q',
        })
      await world.deploy(caller())
      await world.open()
      expect((await desk()).map(({ node }) => node)).to.deep.equal(['two'])

      await world.deploy(caller('gdbos:calledVersion="1"'))
      await world.open()
      expect((await desk()).map(({ node }) => node).sort()).to.deep.equal(['one', 'two'])
    })

    it('catches the error the called process ends with, and hears its escalation', async () => {
      await world.deploy(
        called(
          `${userTask('a', CLERK)}<intermediateThrowEvent id="t"><escalationEventDefinition id="d1" escalationRef="x_up"/></intermediateThrowEvent>
          ${userTask('b', CLERK)}<endEvent id="e2"><errorEventDefinition id="d2" errorRef="e_bad"/></endEvent>${chain('s2 a t b e2')}`,
        ),
        { key: 'q' },
      )
      await world.deploy(
        caller(
          '',
          `<boundaryEvent id="u" attachedToRef="c" cancelActivity="false"><escalationEventDefinition id="d3" escalationRef="x_up"/></boundaryEvent>
          <boundaryEvent id="r" attachedToRef="c"><errorEventDefinition id="d4" errorRef="e_bad"/></boundaryEvent>
          ${userTask('k', CLERK)}${userTask('l', CLERK)}<endEvent id="x"/>${chain('u k x')}${chain('r l x')}`,
        ),
      )
      const id = await world.open()

      await finish('a')
      expect((await world.waiting(id)).sort()).to.deep.equal(['c', 'k'])
      await finish('b')
      expect((await world.waiting(id)).sort()).to.deep.equal(['k', 'l'])
    })

    it('ends what it called when the call is interrupted, and stops where there is nothing to call', async () => {
      await world.deploy(called(`${userTask('a', CLERK)}<endEvent id="e2"/>${chain('s2 a e2')}`), {
        key: 'q',
      })
      await world.deploy(
        caller(
          '',
          `<boundaryEvent id="b" attachedToRef="c">${message('m_go')}</boundaryEvent><endEvent id="x"/>${chain('b x')}`,
        ),
      )
      const id = await world.open()
      await world.tell('area.matter.heard', { matterId: id, organisationId: BODY })
      await world.settle()

      expect((await world.instance(id))?.status).to.equal('completed')
      expect((await children()).map(({ status }) => status)).to.deep.equal(['terminated'])
      expect(await desk()).to.be.empty
    })

    it('calls once for each instance of a multi-instance call', async () => {
      await world.deploy(called(`${userTask('a', CLERK)}<endEvent id="e2"/>${chain('s2 a e2')}`), {
        key: 'q',
      })
      await world.deploy(
        caller(
          '',
          '',
          `<extensionElements><gdbos:input from="name" to="note"/><gdbos:output from="note" to="answer"/></extensionElements>
          <multiInstanceLoopCharacteristics gdbos:collection="names" gdbos:element="name" gdbos:outputCollection="given" gdbos:outputElement="answer"/>`,
        ),
      )
      const id = await world.open({ names: ['x', 'y'] })
      expect((await children()).map(({ variables }) => variables['note']).sort()).to.deep.equal(['x', 'y'])

      await finish('a', { note: 'first' })
      await finish('a', { note: 'second' })
      expect((await world.instance(id))?.status).to.equal('completed')
      const { given } = (await world.instance(id))?.variables as { given: string[] }
      expect([...given].sort()).to.deep.equal(['first', 'second'])
    })
  })

  it('broadcasts a signal to everybody who waits, in batches, and to nobody who comes later', async () => {
    await world.deploy(
      opened(
        `<intermediateCatchEvent id="c">${signalled}</intermediateCatchEvent><endEvent id="e"/>${chain('s c e')}`,
      ),
    )
    const ids: string[] = []
    for (let count = 0; count < 60; count++) ids.push(await world.open())
    const sent = { signal: 'all', payload: { note: 'now' }, dedupKey: 'test:1' }
    await sendSignal(world.as('clerk'), sent)
    await sendSignal(world.as('clerk'), sent)
    await world.settle()
    const late = await world.open()
    await world.settle()

    for (const id of ids) expect((await world.instance(id))?.status).to.equal('completed')
    expect((await world.instance(String(ids[0])))?.variables).to.deep.include({ note: 'now' })
    expect(await world.waiting(late)).to.deep.equal(['c'])
  })

  it('starts processes by signal, those of the sender’s own body alone, and throws one itself', async () => {
    for (const id of [BODY, 'other-bureau'])
      await establish(world.world.platform(), { id, name: { zh: id, en: id }, kind: 'body' })
    const listening = (key: string) =>
      model(
        `<startEvent id="s">${signalled}</startEvent>${userTask('a', CLERK)}<endEvent id="e"/>${chain('s a e')}`,
        {
          key,
          before: ROOTS,
        },
      )
    const { deploy } = await import('../../workflows/index.ts')
    for (const [key, body] of [
      ['mine', BODY],
      ['theirs', 'other-bureau'],
    ] as const)
      await deploy(world.as('process-designer', body), { key, xml: listening(key), pack: {} }, offers.known)
    await world.deploy(opened(`<endEvent id="e">${signalled}</endEvent>${chain('s e')}`))

    await world.open()
    expect(await instancesOf('mine')).to.have.length(1)
    expect(await instancesOf('theirs')).to.be.empty
  })

  it('starts an instance each time its timer says, and no more for a version that was replaced', async () => {
    const timed = (text: string) =>
      model(
        `<startEvent id="s"><timerEventDefinition id="d"><timeCycle xsi:type="tFormalExpression">${text}</timeCycle></timerEventDefinition></startEvent>
        <endEvent id="e"/>${chain('s e')}`,
      )
    await world.deploy(timed('R/PT1H'))
    world.advance(3_600_000)
    await world.settle()
    expect(
      (await instancesOf('p')).map(({ businessKey, organisationId }) => [businessKey, organisationId]),
    ).to.deep.equal([['s:2026-01-05T02:00:00.000Z', 'platform']])

    // A day without a server is made up for by one.
    world.advance(24 * 3_600_000)
    await world.settle()
    expect(await instancesOf('p')).to.have.length(2)

    await world.deploy(timed('R2/P1D'))
    for (let day = 0; day < 4; day++) {
      world.advance(24 * 3_600_000)
      await world.settle()
    }
    expect(await instancesOf('p')).to.have.length(4)
  })

  it('fires a cycle on a boundary as often as it says', async () => {
    await world.deploy(
      opened(`${userTask('a', CLERK)}<boundaryEvent id="r" attachedToRef="a" cancelActivity="false">
        <timerEventDefinition id="d"><timeCycle xsi:type="tFormalExpression">R3/PT1H</timeCycle></timerEventDefinition></boundaryEvent>
        ${userTask('remind', CLERK)}<endEvent id="e"/><endEvent id="x"/>${chain('s a e')}${chain('r remind x')}`),
    )
    await world.open()
    for (let hour = 0; hour < 5; hour++) {
      world.advance(3_600_000)
      await world.settle()
    }
    expect(await desk('remind')).to.have.length(3)
  })

  it('starts by a message, also one that came before the process was there', async () => {
    const letter = { message: 'letter', payload: { note: 'dear' } }
    await sendMessage(world.as('clerk'), { ...letter, key: 'k1', dedupKey: 'l1' })
    for (let minute = 0; minute < 12; minute++) {
      world.advance(60_000)
      await world.settle()
    }
    const receiving = model(
      `<startEvent id="s">${message('m_letter')}</startEvent>${userTask('a', CLERK)}<endEvent id="e"/>${chain('s a e')}`,
      { variables, key: 'q', before: ROOTS },
    )
    await world.deploy(receiving, { key: 'q' })
    await world.settle()
    await sendMessage(world.as('clerk'), { ...letter, key: 'k2', dedupKey: 'l2' })
    await sendMessage(world.as('clerk'), { ...letter, key: 'k2', dedupKey: 'l2' })
    await world.settle()

    expect(
      (await instancesOf('q')).map(({ businessKey, variables }) => [businessKey, variables['note']]),
    ).to.deep.equal([
      ['k1', 'dear'],
      ['k2', 'dear'],
    ])
  })

  it('starts when a fact meets its condition', async () => {
    await world.deploy(
      model(
        `<startEvent id="s"><conditionalEventDefinition id="d"><condition xsi:type="tFormalExpression">n &gt; 3</condition></conditionalEventDefinition></startEvent>
        ${userTask('a', CLERK)}<endEvent id="e"/>${chain('s a e')}`,
        { variables },
      ),
    )
    const few = await world.open({ n: 3 })
    const many = await world.open({ n: 4 })

    expect(await world.instance(few)).to.equal(undefined)
    expect(await world.waiting(many)).to.deep.equal(['a'])
  })

  it('looks at a condition again when somebody’s answer changes the variables', async () => {
    await world.deploy(
      opened(`<parallelGateway id="f"/>${userTask('a', CLERK)}<intermediateCatchEvent id="c"><conditionalEventDefinition id="d">
        <condition xsi:type="tFormalExpression">n &gt; 3</condition></conditionalEventDefinition></intermediateCatchEvent>
        <endEvent id="e"/><endEvent id="x"/>${chain('s f a e')}${chain('f c x')}`),
    )
    const id = await world.open({ n: 1 })
    expect((await world.waiting(id)).sort()).to.deep.equal(['a', 'c'])
    await finish('a', { n: 7 })
    expect((await world.instance(id))?.status).to.equal('completed')
  })

  it('gives each instance of a task its own variables, and a service task those it can see', async () => {
    await world.deploy(
      opened(`<userTask id="a" ${CLERK}><multiInstanceLoopCharacteristics gdbos:collection="names" gdbos:element="name" gdbos:outputCollection="given" gdbos:outputElement="mark"/></userTask>
        <serviceTask id="w" implementation="area.work"><extensionElements><gdbos:input from="&quot;refuse&quot;" to="do"/></extensionElements></serviceTask>
        <boundaryEvent id="b" attachedToRef="w"><errorEventDefinition id="d" errorRef="e_bad"/></boundaryEvent>
        ${userTask('look', CLERK)}<endEvent id="e"/><endEvent id="x"/>${chain('s a w e')}${chain('b look x')}`),
    )
    const id = await world.open({ names: ['x', 'y', 'z'], do: 'work' })
    expect(await desk('a')).to.have.length(3)
    for (const mark of [1, 2, 3]) await finish('a', { mark })

    expect((await world.instance(id))?.variables).to.deep.include({ do: 'work' })
    expect(((await world.instance(id))?.variables as { given: number[] }).given).to.have.members([1, 2, 3])
    expect(await world.waiting(id)).to.deep.equal(['look'])
  })

  it('reads the state of an instance that an older program has stored', async () => {
    await world.deploy(
      opened(
        `<parallelGateway id="f"/>${userTask('a', CLERK)}${userTask('b', CLERK)}<parallelGateway id="j"/>${serviceTask('w')}<endEvent id="e"/>${chain('s f a j w e')}${chain('f b j')}`,
      ),
    )
    const id = await world.open()
    await finish('a')
    const found = await world.instance(id)
    const {
      format: _,
      tokens,
      ...state
    } = found?.state as { format: number; tokens: { id: number; node: string }[] }
    await world.world.db
      .updateTable('workflow.instance')
      .set({ state: JSON.stringify({ ...state, format: 1, tokens, arrived: { j: { a_j: 1 } } }) })
      .where('id', '=', String(found?.id))
      .execute()

    await finish('b')
    expect((await world.instance(id))?.status).to.equal('completed')
  })

  it('hears by the standard’s own correlation', async () => {
    await world.deploy(
      model(
        `<correlationSubscription id="cs" correlationKeyRef="ck"><correlationPropertyBinding id="cb" correlationPropertyRef="cp"><dataPath>note</dataPath></correlationPropertyBinding></correlationSubscription>
        <startEvent id="s">${message('m_open')}</startEvent><receiveTask id="r" messageRef="m_letter"/><endEvent id="e"/>${chain('s r e')}`,
        {
          variables,
          before: `${ROOTS}<correlationProperty id="cp" name="file"><correlationPropertyRetrievalExpression id="ce" messageRef="m_letter"><messagePath>note</messagePath></correlationPropertyRetrievalExpression></correlationProperty>
            <collaboration id="co"><participant id="pa" processRef="p"/><correlationKey id="ck"><correlationPropertyRef>cp</correlationPropertyRef></correlationKey></collaboration>`,
        },
      ),
    )
    const [mine, other] = [await world.open({ note: 'A1' }), await world.open({ note: 'B2' })]
    await sendMessage(world.as('clerk'), { message: 'letter', key: 'A1', payload: {}, dedupKey: 'l1' })
    await world.settle()

    expect((await world.instance(mine))?.status).to.equal('completed')
    expect(await world.waiting(other)).to.deep.equal(['r'])
  })

  it('waits out a timer in a sub-process, and forgets it with the sub-process', async () => {
    await world.deploy(
      opened(`<subProcess id="sp"><startEvent id="s1"/>${userTask('a', CLERK)}<boundaryEvent id="t" attachedToRef="a">${timer('PT1H')}</boundaryEvent><endEvent id="e1"/><endEvent id="x1"/>${chain('s1 a e1')}${chain('t x1')}</subProcess>
        <boundaryEvent id="b" attachedToRef="sp">${message('m_go')}</boundaryEvent><endEvent id="e"/>${userTask('k', CLERK)}<endEvent id="x"/>${chain('s sp e')}${chain('b k x')}`),
    )
    const [late, ended] = [await world.open(), await world.open()]
    await world.tell('area.matter.heard', { matterId: ended, organisationId: BODY })
    await world.settle()
    world.advance(3_600_000)
    await world.settle()

    expect((await world.instance(late))?.status).to.equal('completed')
    expect(await world.waiting(ended)).to.deep.equal(['k'])
  })
})

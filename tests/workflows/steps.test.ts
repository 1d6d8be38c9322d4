import { expect } from 'chai'
import { runScript, type ScriptStep } from '../../workflows/index.ts'
import { chain, compiled, flow, message, model, serviceTask, timer, userTask } from './models.ts'
import { NOW, play } from './play.ts'

describe('the step function', () => {
  it('goes from a start event through a user task to an end event', async () => {
    const xml = model(`<startEvent id="s"/>${userTask('a')}<endEvent id="e"/>${chain('s a e')}`)

    expect(await play(xml, [])).to.deep.include({ status: 'running', waiting: ['a'], trace: '+s -s +a' })
    const result = await play(xml, [{ complete: 'a', output: { note: 'fine' } }])
    expect(result).to.deep.include({
      status: 'completed',
      waiting: [],
      trace: '+s -s +a -a +e -e',
      variables: { note: 'fine' },
    })
  })

  it('starts by message with its payload, and otherwise waits for it', async () => {
    const xml = model(
      `<startEvent id="s">${message()}</startEvent>${userTask('a')}<endEvent id="e"/>${chain('s a e')}`,
      {
        variables: ['n:number'],
      },
    )

    expect(await play(xml, [])).to.deep.include({ status: 'running', waiting: ['s'], trace: '' })
    expect(await play(xml, [{ message: 'go', payload: { n: 1 } }])).to.deep.include({
      waiting: ['a'],
      variables: { n: 1 },
    })
  })

  it('takes the first way whose condition holds, and the default when none does', async () => {
    const xml = model(
      `<startEvent id="s"/>${userTask('a')}<exclusiveGateway id="g" default="g_z"/>
      <endEvent id="x"/><endEvent id="y"/><endEvent id="z"/>
      ${chain('s a g')}${flow('g', 'x', 'n > 10')}${flow('g', 'y', 'n > 5')}${flow('g', 'z')}`,
      { variables: ['n:number'] },
    )
    const path = async (n: number | null) => (await play(xml, [{ complete: 'a', output: { n } }])).trace

    expect(await path(11)).to.equal('+s -s +a -a +g -g +x -x')
    expect(await path(6)).to.equal('+s -s +a -a +g -g +y -y')
    expect(await path(1)).to.equal('+s -s +a -a +g -g +z -z')
    expect(await path(null)).to.equal('+s -s +a -a +g -g +z -z')
  })

  it('joins parallel branches once all have come', async () => {
    const xml = model(
      `<startEvent id="s"/><parallelGateway id="f"/>${userTask('a')}${userTask('b')}<parallelGateway id="j"/>
      <endEvent id="e"/>${chain('s f a j e')}${chain('f b j')}`,
    )

    expect(await play(xml, [{ complete: 'b' }])).to.deep.include({
      waiting: ['a'],
      trace: '+s -s +f -f +a +b -b',
    })
    expect(await play(xml, [{ complete: 'b' }, { complete: 'a' }])).to.deep.include({
      status: 'completed',
      trace: '+s -s +f -f +a +b -b -a +j -j +e -e',
    })
  })

  it('keeps a rework loop inside a parallel branch apart from the other branch', async () => {
    // bpmn-engine lets the join fire early here and then hangs.
    const xml = model(
      `<startEvent id="s"/><parallelGateway id="f"/>${userTask('a')}<exclusiveGateway id="g" default="g_j"/>${userTask('b')}
      <parallelGateway id="j"/><endEvent id="e"/>${chain('s f a g')}${flow('g', 'a', 'again')}${flow('g', 'j')}
      ${chain('f b j e')}`,
      { variables: ['again:boolean'] },
    )

    const result = await play(xml, [
      { complete: 'a', output: { again: true } },
      { complete: 'a', output: { again: true } },
      { complete: 'a', output: { again: false } },
    ])
    expect(result).to.deep.include({ status: 'running', waiting: ['b'] })
    expect(result.trace).to.equal('+s -s +f -f +a +b -a +g -g +a -a +g -g +a -a +g -g')
    const after = await play(xml, [
      { complete: 'a', output: { again: true } },
      { complete: 'b' },
      { complete: 'a', output: { again: false } },
    ])
    expect(after.status).to.equal('completed')
    expect(after.trace).to.match(/\+j -j \+e -e$/)
  })

  it('runs what follows a join again when a loop around both branches comes back', async () => {
    const xml = model(
      `<startEvent id="s"/><exclusiveGateway id="m"/><parallelGateway id="f"/>${userTask('a')}${userTask('b')}
      <parallelGateway id="j"/><exclusiveGateway id="g" default="g_e"/><endEvent id="e"/>
      ${chain('s m f a j g')}${chain('f b j')}${flow('g', 'm', 'again')}${flow('g', 'e')}`,
      { variables: ['again:boolean'] },
    )

    const round = (again: boolean): ScriptStep[] => [{ complete: 'a', output: { again } }, { complete: 'b' }]
    const result = await play(xml, [...round(true), ...round(false)])
    expect(result.status).to.equal('completed')
    expect(result.trace.match(/\+j/g)).to.have.length(2)
  })

  it('waits for a service task, whose refusal is caught on its boundary or stops as an incident', async () => {
    const xml = model(
      `<startEvent id="s"/>${serviceTask('a')}<boundaryEvent id="c" attachedToRef="a"><errorEventDefinition id="d" errorRef="e_bad"/></boundaryEvent>
      <endEvent id="e"/><endEvent id="f"/>${chain('s a e')}${chain('c f')}`,
    )

    expect((await play(xml, [{ complete: 'a' }])).trace).to.equal('+s -s +a -a +e -e')
    expect(await play(xml, [{ fail: 'a', code: 'AREA_BAD' }])).to.deep.include({
      status: 'completed',
      trace: '+s -s +a xa +c -c +f -f',
    })
    expect(await play(xml, [{ fail: 'a', code: 'AREA_OTHER' }])).to.deep.include({
      status: 'incident',
      waiting: ['a'],
      trace: '+s -s +a',
    })
  })

  it('sends by a send task and goes on, or waits for its implementation', async () => {
    const thrown = model(
      `<startEvent id="s"/><sendTask id="a" messageRef="m_go"/><endEvent id="e"/>${chain('s a e')}`,
    )
    const implemented = model(
      `<startEvent id="s"/><sendTask id="a" implementation="area.send"/><endEvent id="e"/>${chain('s a e')}`,
    )

    expect((await play(thrown, [])).trace).to.equal('+s -s +a -a +e -e')
    expect((await play(implemented, [])).waiting).to.deep.equal(['a'])
    expect((await play(implemented, [{ complete: 'a' }])).status).to.equal('completed')
  })

  it('ends by message', async () => {
    const xml = model(`<startEvent id="s"/><endEvent id="e">${message()}</endEvent>${chain('s e')}`)
    expect((await play(xml, [])).trace).to.equal('+s -s +e -e')
  })

  it('receives a message by name and correlation key, also one that came too early', async () => {
    const xml = model(
      `<startEvent id="s"/>${userTask('a')}<receiveTask id="r" messageRef="m_go" gdbos:correlationKey="no"/><endEvent id="e"/>${chain('s a r e')}`,
      { variables: ['no:string', 'n:number'] },
    )
    const open: ScriptStep = { complete: 'a', output: { no: 'A1' } }

    expect((await play(xml, [open, { message: 'go', key: 'B2' }])).waiting).to.deep.equal(['r'])
    expect((await play(xml, [open, { message: 'stop', key: 'A1' }])).waiting).to.deep.equal(['r'])
    const received = await play(xml, [open, { message: 'go', key: 'A1', payload: { n: 2 } }])
    expect(received).to.deep.include({ status: 'completed', variables: { no: 'A1', n: 2 } })
    expect((await play(xml, [{ message: 'go', key: 'A1' }, open])).status).to.equal('completed')
    expect((await play(xml, [{ message: 'go' }, open])).status).to.equal('completed')
  })

  it('catches a message between tasks', async () => {
    const xml = model(
      `<startEvent id="s"/><intermediateCatchEvent id="c">${message()}</intermediateCatchEvent><endEvent id="e"/>${chain('s c e')}`,
    )
    expect((await play(xml, [{ signal: 'go' }])).waiting).to.deep.equal(['c'])
    expect((await play(xml, [{ message: 'go' }])).trace).to.equal('+s -s +c -c +e -e')
  })

  it('lets a timer fire when its time has come, in the order of their times', async () => {
    const xml = model(
      `<startEvent id="s"/><parallelGateway id="f"/>
      <intermediateCatchEvent id="c">${timer('PT2H')}</intermediateCatchEvent>
      <intermediateCatchEvent id="d">${timer('PT30M')}</intermediateCatchEvent>
      <endEvent id="x"/><endEvent id="y"/>${chain('s f c x')}${chain('f d y')}`,
    )

    expect((await play(xml, [{ advance: 'PT29M' }])).waiting).to.deep.equal(['c', 'd'])
    expect((await play(xml, [{ advance: 'PT29M' }, { advance: 'PT1M' }])).waiting).to.deep.equal(['c'])
    expect((await play(xml, [{ advance: 'P1D' }])).trace).to.equal('+s -s +f -f +c +d -d +y -y -c +x -x')
  })

  it('sets timers from variables, and to a date', async () => {
    const xml = model(
      `<startEvent id="s"/>${userTask('a')}
      <intermediateCatchEvent id="c"><timerEventDefinition id="d"><timeDate xsi:type="tFormalExpression">day + duration("P1D")</timeDate></timerEventDefinition></intermediateCatchEvent>
      <endEvent id="e"/>${chain('s a c e')}`,
      { variables: ['day:date'] },
    )
    const set: ScriptStep = { complete: 'a', output: { day: '2026-01-05' } }

    expect((await play(xml, [set, { advance: 'PT14H' }])).waiting).to.deep.equal(['c'])
    expect((await play(xml, [set, { advance: 'PT15H' }])).status).to.equal('completed')
    expect((await play(xml, [{ complete: 'a' }])).status).to.equal('incident')
  })

  it('holds a timer of sixty days', async () => {
    const xml = model(
      `<startEvent id="s"/><intermediateCatchEvent id="c">${timer('P60D')}</intermediateCatchEvent><endEvent id="e"/>${chain('s c e')}`,
    )
    expect((await play(xml, [{ advance: 'P59DT23H' }])).status).to.equal('running')
    expect((await play(xml, [{ advance: 'P60D' }])).status).to.equal('completed')
  })

  for (const [kind, host, done] of [
    ['user task', userTask('a'), { complete: 'a' }],
    ['service task', serviceTask('a'), { complete: 'a' }],
    ['receive task', '<receiveTask id="a" messageRef="m_go"/>', { message: 'go' }],
  ] as const) {
    it(`interrupts a ${kind} by message and by timer, and forgets both when it is done`, async () => {
      const xml = model(
        `<startEvent id="s"/>${host}
        <boundaryEvent id="m" attachedToRef="a">${message('m_stop')}</boundaryEvent>
        <boundaryEvent id="t" attachedToRef="a">${timer('PT2H')}</boundaryEvent>
        <endEvent id="e"/><endEvent id="x"/>${userTask('late')}<endEvent id="y"/>
        ${chain('s a e')}${chain('m x')}${chain('t late y')}`,
      )

      expect((await play(xml, [done])).trace).to.equal('+s -s +a -a +e -e')
      expect((await play(xml, [{ message: 'stop' }])).trace).to.equal('+s -s +a xa +m -m +x -x')
      const late = await play(xml, [{ advance: 'PT2H' }, { message: 'stop' }])
      expect(late).to.deep.include({ waiting: ['late'], trace: '+s -s +a xa +t -t +late' })
    })
  }

  it('tells every token that waits for the message', async () => {
    const xml = model(
      `<startEvent id="s"/><parallelGateway id="f"/>
      <receiveTask id="a" messageRef="m_go"/><receiveTask id="b" messageRef="m_go"/>
      <parallelGateway id="j"/><endEvent id="e"/>${chain('s f a j e')}${chain('f b j')}`,
    )
    expect((await play(xml, [{ message: 'go' }])).status).to.equal('completed')
  })

  it('shows a branch that ended elsewhere as an incident at the join', async () => {
    const xml = model(
      `<startEvent id="s"/><parallelGateway id="f"/>${userTask('a')}${userTask('b')}
      <boundaryEvent id="m" attachedToRef="a">${message('m_stop')}</boundaryEvent>
      <parallelGateway id="j"/><endEvent id="e"/><endEvent id="x"/>${chain('s f a j e')}${chain('f b j')}${chain('m x')}`,
    )
    expect(await play(xml, [{ message: 'stop' }, { complete: 'b' }])).to.deep.include({
      status: 'incident',
      waiting: ['j'],
    })
  })

  it('refuses what nothing waits for, and values of another type than declared', async () => {
    const definition = await compiled(
      model(`<startEvent id="s"/>${userTask('a')}<endEvent id="e"/>${chain('s a e')}`, {
        variables: ['n:number'],
      }),
    )
    const refused = (script: ScriptStep[]) => {
      try {
        runScript(definition, script, NOW)
      } catch (error) {
        return (error as { code?: string }).code
      }
      return undefined
    }

    expect(refused([{ complete: 'e' }])).to.equal('WORKFLOW_NODE_NOT_WAITING')
    expect(refused([{ complete: 'a' }, { complete: 'a' }])).to.equal('WORKFLOW_NODE_NOT_WAITING')
    expect(refused([{ complete: 'a', output: { n: 'many' } }])).to.equal('WORKFLOW_VARIABLE_INVALID')
    expect(refused([{ complete: 'a', output: { n: null } }])).to.equal(undefined)
  })
})

import { expect } from 'chai'
import { readCommands, runSimulation, type SimulationStep } from '../../workflows/index.ts'
import { DomainError } from '../../core/errors.ts'
import { chain, compiled, flow, message, model, serviceTask, timer, userTask } from './models.ts'

const NOW = new Date('2026-12-01T00:00:00Z')
const DAY = 86_400_000

const offered = (step: SimulationStep | undefined) => step?.choices.map(({ kind, node }) => `${kind} ${node}`)
const standing = (step: SimulationStep | undefined) => step?.state.tokens.map(({ node }) => node)
const code = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    if (error instanceof DomainError) return error.code
    throw error
  }
  return 'nothing'
}

/** A task with a day's limit, then a decision, then a service task that may be refused, or a message. */
const LICENCE = model(
  `<startEvent id="s"/>${userTask('review')}
   <boundaryEvent id="late" attachedToRef="review">${timer('P1D')}</boundaryEvent>
   <exclusiveGateway id="x" default="x_wait"/>${serviceTask('issue')}
   <boundaryEvent id="bad" attachedToRef="issue"><errorEventDefinition id="d_bad" errorRef="e_bad"/></boundaryEvent>
   <intermediateCatchEvent id="wait">${message('m_go')}</intermediateCatchEvent>
   <endEvent id="granted"/><endEvent id="refused"/><endEvent id="lapsed"/>
   ${chain('s review x')}${flow('x', 'issue', 'outcome = "yes"')}${flow('x', 'wait')}
   ${chain('issue granted')}${chain('bad refused')}${chain('wait granted')}${chain('late lapsed')}`,
  { variables: ['outcome:string', 'fee:number'] },
)

describe('the simulator', () => {
  it('shows where tokens stand and what may happen after each command', async () => {
    const definition = await compiled(LICENCE)

    const trace = runSimulation(
      definition,
      [
        { kind: 'start' },
        { kind: 'complete', token: 1, output: { outcome: 'yes', fee: 100 } },
        { kind: 'complete', token: 3 },
      ],
      NOW,
    )

    expect(trace.map(offered)).to.deep.equal([
      ['start s'],
      ['complete review', 'timer late', 'terminate review'],
      ['complete issue', 'fail issue', 'terminate issue'],
      [],
    ])
    expect(trace.map(standing)).to.deep.equal([[], ['review'], ['issue'], []])
    expect(trace[2]?.state.variables).to.deep.equal({ outcome: 'yes', fee: 100 })
    expect(trace.at(-1)?.state.status).to.equal('completed')
    expect(trace.at(-1)?.effects.map(({ kind }) => kind)).to.include('ended')
  })

  it('takes its time to a timer that fires', async () => {
    const trace = runSimulation(
      await compiled(LICENCE),
      [{ kind: 'start' }, { kind: 'timer', token: 1, node: 'late' }],
      NOW,
    )

    expect(trace[1]?.choices.find(({ kind }) => kind === 'timer')?.dueAt).to.deep.equal(
      new Date(NOW.getTime() + DAY),
    )
    expect(trace.map(({ at }) => at.getTime() - NOW.getTime())).to.deep.equal([0, 0, DAY])
    expect(trace[2]?.state.status).to.equal('completed')
  })

  it('delivers messages, refuses on behalf of tasks and stops', async () => {
    const definition = await compiled(LICENCE)
    const heard = runSimulation(
      definition,
      [
        { kind: 'start' },
        { kind: 'complete', token: 1, output: { outcome: 'later' } },
        { kind: 'message', token: 3, node: 'wait', payload: { fee: 5 } },
      ],
      NOW,
    )
    const refused = runSimulation(
      definition,
      [
        { kind: 'start' },
        { kind: 'complete', token: 1, output: { outcome: 'yes' } },
        { kind: 'fail', token: 3, code: 'AREA_BAD' },
      ],
      NOW,
    )
    const failed = runSimulation(
      definition,
      [
        { kind: 'start' },
        { kind: 'complete', token: 1, output: { outcome: 'yes' } },
        { kind: 'fail', token: 3, code: 'AREA_OTHER' },
        { kind: 'retry', token: 3 },
        { kind: 'terminate' },
      ],
      NOW,
    )

    expect(heard[2]?.choices[0]).to.deep.equal({ kind: 'message', token: 3, node: 'wait', message: 'go' })
    expect(heard.at(-1)?.state).to.deep.include({
      status: 'completed',
      variables: { outcome: 'later', fee: 5 },
    })
    expect(
      refused.at(-1)?.effects.flatMap((effect) => (effect.kind === 'entered' ? [effect.node] : [])),
    ).to.deep.equal(['bad', 'refused'])
    expect(failed[3]?.state.tokens[0]?.trouble).to.include({ kind: 'task-failed', code: 'AREA_OTHER' })
    expect(offered(failed[3])).to.deep.equal(['retry issue', 'terminate issue'])
    expect(offered(failed[4])).to.deep.equal(['complete issue', 'fail issue', 'terminate issue'])
    expect(failed.at(-1)?.state.status).to.equal('terminated')
  })

  it('is the same however often it is played, and changes nothing it was given', async () => {
    const definition = await compiled(LICENCE)
    const commands = [
      { kind: 'start' as const },
      { kind: 'complete' as const, token: 1, output: { outcome: 'yes' } },
    ]
    const before = JSON.stringify([definition, commands])

    const [once, again] = [runSimulation(definition, commands, NOW), runSimulation(definition, commands, NOW)]

    expect(again).to.deep.equal(once)
    expect(JSON.stringify([definition, commands])).to.equal(before)
    // Going back in time is playing fewer commands.
    expect(runSimulation(definition, commands.slice(0, 1), NOW)).to.deep.equal(once.slice(0, 2))
  })

  it('starts by each message start event', async () => {
    const xml = model(
      `<startEvent id="s">${message('m_go')}</startEvent>${userTask('a')}<endEvent id="e"/>${chain('s a e')}`,
    )

    const trace = runSimulation(await compiled(xml), [{ kind: 'start', message: 'go' }], NOW)

    expect(trace[0]?.choices).to.deep.equal([{ kind: 'start', token: 0, node: 's', message: 'go' }])
    expect(standing(trace[1])).to.deep.equal(['a'])
  })

  it('refuses what nothing waits for, values of another type, and words it does not know', async () => {
    const definition = await compiled(LICENCE)
    const play = (...commands: unknown[]) =>
      code(() => runSimulation(definition, readCommands(commands), NOW))

    expect(play({ kind: 'start' }, { kind: 'complete', token: 9 })).to.equal('WORKFLOW_STEP_CLOSED')
    for (const kind of ['message', 'signal', 'timer'])
      expect(play({ kind: 'start' }, { kind, token: 1, node: 'review' })).to.equal('WORKFLOW_STEP_CLOSED')
    expect(play({ kind: 'start' }, { kind: 'start' })).to.equal('WORKFLOW_STEP_CLOSED')
    expect(play({ kind: 'start' }, { kind: 'complete', token: 1, output: { fee: 'much' } })).to.equal(
      'WORKFLOW_VARIABLE_INVALID',
    )
    expect(play({ kind: 'run', code: 'x' })).to.equal('WORKFLOW_SIMULATION_INVALID')
    expect(play({ kind: 'complete' })).to.equal('WORKFLOW_SIMULATION_INVALID')
    expect(play(...Array<object>(501).fill({ kind: 'start' }))).to.equal('WORKFLOW_SIMULATION_TOO_LONG')
  })

  it('plays an operator’s hand: sets variables, moves a token, skips, cancels, with what each may choose from', async () => {
    const definition = await compiled(LICENCE)

    const trace = runSimulation(
      definition,
      readCommands([
        { kind: 'start' },
        { kind: 'set-variables', token: 0, values: { outcome: 'later' } },
        { kind: 'move', token: 1, node: 'wait' },
        { kind: 'move', token: 2, node: 'issue' },
        { kind: 'skip', token: 3, output: { fee: 7 } },
      ]),
      NOW,
    )

    expect(trace[1]?.operations.map(({ kind, node }) => `${kind} ${node}`)).to.deep.equal([
      ...['skip review', 'move review', 'cancel review', 'set-variables review'],
    ])
    expect(trace[1]?.operations[1]?.targets).to.include.members(['issue', 'wait', 'x', 'granted'])
    expect(trace[1]?.operations[1]?.targets).not.to.include.members(['s', 'late'])
    expect(trace.slice(2, 5).map(standing)).to.deep.equal([['review'], ['wait'], ['issue']])
    expect(trace[4]?.choices.find(({ kind }) => kind === 'fail')?.codes).to.deep.equal(['AREA_BAD'])
    expect(trace.at(-1)?.state).to.deep.include({
      status: 'completed',
      variables: { outcome: 'later', fee: 7 },
    })
    const cancelled = runSimulation(definition, [{ kind: 'start' }, { kind: 'cancel', token: 1 }], NOW)
    expect(cancelled.at(-1)?.state.status).not.to.equal('running')
    const wrong = (...commands: object[]) =>
      code(() => runSimulation(definition, readCommands([{ kind: 'start' }, ...commands]), NOW))
    expect(wrong({ kind: 'move', token: 1, node: 's' })).to.equal('WORKFLOW_MOVE_INVALID')
    expect(wrong({ kind: 'set-variables', token: 0, values: { fee: 'much' } })).to.equal(
      'WORKFLOW_VARIABLE_INVALID',
    )
  })

  it('begins the activities of an ad-hoc sub-process one by one and ends it, and hears an escalation of a call', async () => {
    const definition = await compiled(
      model(
        `<startEvent id="s"/><adHocSubProcess id="talk">${userTask('visit')}${userTask('phone')}</adHocSubProcess>
        <callActivity id="call" calledElement="other"/>
        <boundaryEvent id="up" attachedToRef="call"><escalationEventDefinition id="d_up" escalationRef="e_up"/></boundaryEvent>
        <endEvent id="e"/><endEvent id="raised"/>${chain('s talk call e')}${chain('up raised')}`,
        { before: '<escalation id="e_up" escalationCode="TOO_LATE"/>' },
      ),
    )

    const trace = runSimulation(
      definition,
      readCommands([
        { kind: 'start' },
        { kind: 'begin', token: 1, node: 'phone' },
        { kind: 'complete', token: 2 },
        { kind: 'complete', token: 1 },
        { kind: 'escalation', token: 3, code: 'TOO_LATE' },
      ]),
      NOW,
    )

    expect(offered(trace[1])).to.deep.equal(['begin talk', 'complete talk', 'terminate talk'])
    expect(trace[1]?.choices[0]?.targets).to.deep.equal(['visit', 'phone'])
    expect(offered(trace[2])).to.deep.equal(['complete phone', 'begin talk', 'terminate talk'])
    expect(offered(trace[4])).to.deep.equal([
      ...['complete call', 'fail call', 'escalation call', 'terminate call'],
    ])
    expect(trace[4]?.choices[2]?.codes).to.deep.equal(['TOO_LATE'])
    expect(trace.at(-1)?.effects.flatMap((one) => (one.kind === 'entered' ? [one.node] : []))).to.deep.equal([
      ...['up', 'raised'],
    ])
  })
})

import { expect } from 'chai'
import { DomainError } from '../../core/errors.ts'
import type { ProcessDefinition } from '../../workflows/index.ts'
import { leaves, newState, type State, step, type StepCommand } from '../../workflows/runtime/step/index.ts'
import { chain, compiled, flow, model, serviceTask, userTask } from './models.ts'
import { NOW } from './play.ts'

const S = '<startEvent id="s"/>'
const E = '<endEvent id="e"/>'
const variables = ['n:number', 'list:any', 'done:list']

/** Steps through commands named by the node whose token they are for. */
function walk(definition: ProcessDefinition) {
  let state: State = newState()
  const at = (node: string) => state.tokens.find((token) => token.node === node)?.id ?? -1
  const last = (node: string) => leaves(state).find((token) => token.node === node)?.id ?? -1
  const take = (command: StepCommand) => {
    const stepped = step(definition, JSON.parse(JSON.stringify(state)) as State, command, NOW)
    state = stepped.state
    return stepped.effects
  }
  return {
    at,
    last,
    take,
    says: () => state.tokens.flatMap(({ trouble }) => (trouble ? [trouble] : [])),
    waiting: () => leaves(state).map(({ node }) => node),
    troubles: () => state.tokens.flatMap(({ trouble }) => (trouble ? [trouble.kind] : [])),
    state: () => state,
  }
}

const started = async (elements: string) => {
  const run = walk(await compiled(model(elements, { variables, key: 'process' })))
  run.take({ kind: 'start' })
  return run
}

const codeOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof DomainError) return error.code
    throw error
  }
  return 'accepted'
}

describe('an operation on the state of a process', () => {
  it('tries again what stopped, once the cause is gone: a collection that was no list', async () => {
    const run = await started(
      `${S}<userTask id="a"><multiInstanceLoopCharacteristics gdbos:collection="list" gdbos:element="one"/></userTask>${E}${chain('s a e')}`,
    )
    expect(run.troubles()).to.deep.equal(['loop'])

    expect(codeOf(() => run.take({ kind: 'complete', token: run.at('a') }))).to.equal('WORKFLOW_STEP_CLOSED')
    run.take({ kind: 'set-variables', token: 0, values: { list: [1, 2] } })
    run.take({ kind: 'retry', token: run.at('a') })
    expect(run.troubles()).to.be.empty
    expect(run.waiting()).to.deep.equal(['a', 'a'])
  })

  it('tries a failed instance of a loop again alone, and counts one that is cancelled as gone', async () => {
    const run = await started(
      `${S}<serviceTask id="w" implementation="area.work"><multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></serviceTask>${E}${chain('s w e')}`,
    )
    run.take({ kind: 'fail', token: run.last('w'), code: 'AREA_BAD' })
    expect(run.troubles()).to.deep.equal(['task-failed'])
    const effects = run.take({ kind: 'retry', token: run.last('w') })

    expect(effects.filter(({ kind }) => kind === 'job-queued')).to.have.length(1)
    expect(run.waiting()).to.deep.equal(['w', 'w', 'w'])
    run.take({ kind: 'cancel', token: run.last('w') })
    run.take({ kind: 'skip', token: run.last('w') })
    expect(run.waiting()).to.deep.equal(['w'])
    run.take({ kind: 'complete', token: run.last('w') })
    expect(run.state().status).to.equal('completed')
  })

  it('cancels a whole sub-process by the token that holds it, and ends with the last token', async () => {
    const run = await started(
      `${S}<subProcess id="sp"><startEvent id="s1"/>${userTask('a')}${serviceTask('w')}<endEvent id="e1"/>${chain('s1 a e1')}${chain('s1 w e1')}</subProcess>${E}${chain('s sp e')}`,
    )
    const effects = run.take({ kind: 'cancel', token: run.at('sp') })

    expect(effects.map(({ kind }) => kind)).to.include.members(['task-closed', 'job-dropped', 'ended'])
    expect(run.state()).to.deep.include({ status: 'completed', tokens: [] })
  })

  it('moves a token to a join, where it stands for one branch', async () => {
    const run = await started(
      `${S}<parallelGateway id="f"/>${userTask('a')}${userTask('b')}<parallelGateway id="j"/>${userTask('z')}${E}${chain('s f a j z e')}${chain('f b j')}`,
    )
    run.take({ kind: 'move', token: run.at('a'), node: 'j' })
    expect(run.waiting()).to.deep.equal(['b'])
    run.take({ kind: 'complete', token: run.at('b') })
    expect(run.waiting()).to.deep.equal(['z'])
  })

  it('moves nothing into or out of a sub-process, nor to where no flow leads', async () => {
    const run = await started(
      `${S}<subProcess id="sp"><startEvent id="s1"/>${userTask('a')}<endEvent id="e1"/>${chain('s1 a e1')}</subProcess>${userTask('b')}${E}${chain('s sp b e')}`,
    )
    for (const node of ['b', 's1', 'nowhere'])
      expect(codeOf(() => run.take({ kind: 'move', token: run.at('a'), node }))).to.equal(
        'WORKFLOW_MOVE_INVALID',
      )
    run.take({ kind: 'move', token: run.at('sp'), node: 'b' })
    expect(run.waiting()).to.deep.equal(['b'])
  })

  it('says under a code and in both languages why a token stopped', async () => {
    const loop = (element: string) =>
      `${S}<userTask id="a"><multiInstanceLoopCharacteristics${element}</userTask>${E}${chain('s a e')}`
    const late = `${S}<intermediateCatchEvent id="a"><timerEventDefinition><timeDuration>if n = null then "P99Y" else "P1D"</timeDuration></timerEventDefinition></intermediateCatchEvent>${E}${chain('s a e')}`
    const counted = '><loopCardinality>-1</loopCardinality></multiInstanceLoopCharacteristics>'

    const codes: string[] = []
    for (const elements of [loop(' gdbos:collection="list" gdbos:element="one"/>'), loop(counted), late]) {
      const [trouble] = (await started(elements)).says()
      expect(trouble?.messages.zh).to.match(/^“a”.*[一-龥]/)
      expect(trouble?.messages.en)
        .to.match(/“a”/)
        .and.not.match(/[一-龥{}]/)
      codes.push(trouble?.code ?? '')
    }

    expect(codes).to.deep.equal([
      ...['WORKFLOW_LOOP_COLLECTION_INVALID', 'WORKFLOW_LOOP_COUNT_INVALID', 'WORKFLOW_TIMER_TOO_FAR'],
    ])
  })

  it('skips no gateway, which has several ways out, and tries it again when a condition holds', async () => {
    const stopped = model(
      `${S}<inclusiveGateway id="g" default="g_e"/>${userTask('a')}${userTask('b')}${E}<endEvent id="x"/>${chain('s g')}${flow('g', 'a', 'n > 1')}${flow('g', 'b', 'n > 2')}${flow('g', 'e')}${chain('a x')}${chain('b x')}`,
      { variables, key: 'process' },
    )
    const definition = await compiled(stopped)
    const { g } = definition.nodes
    if (g?.kind !== 'inclusiveGateway') throw new Error('no gateway')
    const { defaultFlow: _, ...bare } = { ...g, outgoing: ['g_a', 'g_b'] }
    const run = walk({ ...definition, nodes: { ...definition.nodes, g: bare } })
    run.take({ kind: 'start' })

    expect(run.troubles()).to.deep.equal(['no-flow'])
    expect(codeOf(() => run.take({ kind: 'skip', token: run.at('g') }))).to.equal('WORKFLOW_STEP_CLOSED')
    run.take({ kind: 'set-variables', token: 0, values: { n: 3 } })
    run.take({ kind: 'retry', token: run.at('g') })
    expect(run.waiting()).to.deep.equal(['a', 'b'])
  })
})

import type { ProcessDefinition } from '../../workflows/index.ts'
import { newState, step } from '../../workflows/runtime/step/index.ts'
import type { History } from '../../workflows/insight/history.ts'
import { replayed } from '../../workflows/insight/replay.ts'
import { chain, compiled, flow, message, model, serviceTask, userTask } from '../workflows/models.ts'
import type { BenchRow } from './row.ts'

const CASES = 2_000
const ROUNDS = 5

/** Replay of finished cases in one process: steps a second, beside the bare step function on the same commands. */
export async function bench(): Promise<BenchRow[]> {
  const source = await compiled(licence(5))
  const draft = await compiled(licence(6))
  const histories = Array.from({ length: CASES }, (_, index) => history(index))
  const [ours, bare]: [number[], number[]] = [[], []]
  // By turns, so that a busy moment of the machine hits both; the first warms up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const replay = perSecond(() =>
      histories.reduce((sum, one) => sum + replayed(source, draft, one).steps, 0),
    )
    const steps = perSecond(() => histories.reduce((sum, one) => sum + stepsOf(source, one), 0))
    if (round === 0) continue
    ours.push(replay)
    bare.push(steps)
  }
  const [value, reference] = [middle(ours), middle(bare)]
  return [
    {
      name: `replay of finished cases on a draft, each with its control, ${CASES} cases`,
      value: Math.round(value),
      unit: 'steps/s',
      reference: 'the step function alone on the same commands',
      referenceValue: Math.round(reference),
      ratio: value / reference,
      target: '>= 100,000 a core',
    },
  ]
}

/** Four tasks and two branches; a second look at amounts above `limit`. */
function licence(limit: number): string {
  return model(
    `<startEvent id="s">${message('m_open')}</startEvent>${userTask('intake')}${serviceTask('accept')}
    <parallelGateway id="f"/>${userTask('papers')}${userTask('visit')}<parallelGateway id="j"/>
    <exclusiveGateway id="x" default="x_sign"/>${userTask('look')}${userTask('sign')}<endEvent id="e"/>
    ${chain('s intake accept f papers j x sign e')}${chain('f visit j')}
    ${flow('x', 'look', `amount > ${limit}`)}${chain('look sign')}`,
    { variables: ['amount:number', 'note:string'], before: '<message id="m_open" name="opened"/>' },
  )
}

function history(index: number): History {
  const amount = index % 10
  const nodes = ['intake', 'accept', 'papers', 'visit', ...(amount > 5 ? ['look'] : []), 'sign']
  return {
    instanceId: String(index),
    businessKey: String(index),
    startedAt: new Date(0),
    startedBy: 'opened',
    start: { amount },
    answers: nodes.map((node, at) => ({
      kind: 'complete',
      version: at + 2,
      at: new Date(at),
      node,
      event: node,
      values: { note: node },
    })),
    path: ['intake', 'accept', 'papers', 'visit', ...(amount > 5 ? ['look'] : []), 'sign', 'e'],
    ends: ['e'],
    status: 'completed',
  }
}

function stepsOf(definition: ProcessDefinition, { start, answers }: History): number {
  const now = new Date(0)
  let { state } = step(definition, newState(null, start), { kind: 'start', message: 'opened' }, now)
  for (const { node, values } of answers) {
    const token = state.tokens.find((each) => each.node === node)
    if (!token) throw new Error(`nobody waits at ${node}`)
    state = step(definition, state, { kind: 'complete', token: token.id, output: values }, now).state
  }
  if (state.status !== 'completed') throw new Error('the case did not end')
  return answers.length + 1
}

/** By the processor time of this process, so that others on the machine do not count. */
function perSecond(work: () => number): number {
  const began = process.cpuUsage()
  const steps = work()
  const { user, system } = process.cpuUsage(began)
  return (steps / (user + system)) * 1e6
}

const middle = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

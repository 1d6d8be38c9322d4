import { gate, type ProcessDefinition } from '../../workflows/index.ts'
import { newState, step, type State } from '../../workflows/runtime/step/index.ts'
import { offers } from '../workflows/process-world.ts'
import { chainOf } from './process-desk.ts'
import type { BenchRow } from './row.ts'

/** Nodes of a model, its start and end among them; with its flows the last is as large as the gate admits. */
const SIZES = [10, 40, 250] as const
/** No model of this size passes the gate; the step function is shown not to mind. */
const BEYOND = 400
const COMPILATIONS = 5
const MEASURED_MS = 1_000
const NOW = new Date('2026-01-05T09:00:00+08:00')

/** A definition is checked and compiled once; a step is a pure function of it, whatever its size. */
export async function models(): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  for (const size of SIZES) {
    const { definition, ms } = await compiled(chainOf('p', size - 2))
    rows.push(
      { name: `check and compilation of ${size} nodes, once`, value: Math.round(ms * 10) / 10, unit: 'ms' },
      { name: `steps of the pure function, ${size} nodes`, value: stepsPerSecond(definition), unit: '/s' },
    )
  }
  const { definition } = await compiled(chainOf('p', 1))
  const value = stepsPerSecond(lengthened(definition, BEYOND))
  return [...rows, { name: `steps of the pure function, ${BEYOND} nodes`, value, unit: '/s' }]
}

/** The chain of one task with as many of them as come to `size` nodes. */
function lengthened(definition: ProcessDefinition, size: number): ProcessDefinition {
  const { u0: task, s: start, e: end } = definition.nodes
  if (!task || !start || !end) throw new Error('the model is no chain of one task')
  const ids = ['s', ...Array.from({ length: size - 2 }, (_, index) => `u${index}`), 'e']
  const flows = ids.slice(1).map((target, index) => {
    const source = String(ids[index])
    return { id: `${source}_${target}`, source, target }
  })
  const nodes = ids.map((id, index) => ({
    ...(id === 's' ? start : id === 'e' ? end : task),
    id,
    incoming: flows.slice(Math.max(0, index - 1), index).map((flow) => flow.id),
    outgoing: flows.slice(index, index + 1).map((flow) => flow.id),
  }))
  return {
    ...definition,
    nodes: Object.fromEntries(nodes.map((node) => [node.id, node])),
    flows: Object.fromEntries(flows.map((flow) => [flow.id, flow])),
  }
}

/** The median of some compilations, in milliseconds. */
async function compiled(xml: string): Promise<{ definition: ProcessDefinition; ms: number }> {
  const times: number[] = []
  let definition: ProcessDefinition | undefined
  for (let time = 0; time < COMPILATIONS; time++) {
    const began = performance.now()
    definition = (await gate(xml, { known: offers.known })).definition
    times.push(performance.now() - began)
  }
  if (!definition) throw new Error('the model does not pass the gate')
  return { definition, ms: times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0 }
}

function stepsPerSecond(definition: ProcessDefinition): number {
  let steps = 0
  const began = performance.now()
  while (performance.now() - began < MEASURED_MS) {
    let state: State = step(definition, newState('a-case'), { kind: 'start', message: 'opened' }, NOW).state
    steps += 1
    for (let [token] = state.tokens; token; [token] = state.tokens) {
      state = step(definition, state, { kind: 'complete', token: token.id }, NOW).state
      steps += 1
    }
  }
  return Math.round((steps * 1000) / (performance.now() - began))
}

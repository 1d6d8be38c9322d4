import { gate, type ProcessDefinition } from '../../workflows/index.ts'
import { newState, step, type State } from '../../workflows/runtime/step/index.ts'
import { offers } from '../workflows/process-world.ts'
import { chainOf } from './process-desk.ts'
import type { BenchRow } from './row.ts'

/** Nodes of a model, its start and end among them. */
const SIZES = [10, 40, 250, 400] as const
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
  return rows
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

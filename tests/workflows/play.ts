import { expect } from 'chai'
import { MemoryProcess, type ProcessDefinition, runScript, type ScriptStep } from '../../workflows/index.ts'
import { compiled } from './models.ts'

export const NOW = new Date('2026-01-05T09:00:00+08:00')

const SIGNS: Readonly<Record<string, string>> = { entered: '+', left: '-', cancelled: 'x' }

/** `+a -a xb` for entered a, left a, cancelled b. */
export const written = (trace: readonly { event: string; node: string }[]) =>
  trace.map(({ event, node }) => `${SIGNS[event]}${node}`).join(' ')

const throughJson = <T>(value: T) => JSON.parse(JSON.stringify(value)) as T

/** Plays the script, saving and loading as JSON after every step: the trace must not change by it. */
export async function play(xml: string, script: readonly ScriptStep[]) {
  return played(await compiled(xml), script)
}

export function played(definition: ProcessDefinition, script: readonly ScriptStep[]) {
  const straight = runScript(definition, script, NOW)
  let process = new MemoryProcess(definition, NOW)
  process.begin()
  let largest = 0
  for (const step of script) {
    const { now, timers, ...saved } = process.saved
    largest = Math.max(largest, JSON.stringify(saved.state).length)
    const loaded = throughJson(saved)
    process = new MemoryProcess(throughJson(definition), now, {
      ...loaded,
      now,
      timers: timers.map((timer) => ({ ...timer })),
    })
    process.play(step)
  }
  expect(process.result).to.deep.equal(straight)
  return { ...straight, trace: written(straight.trace), largest }
}

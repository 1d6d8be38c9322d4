import type { Command, Module, ServiceTask } from '../core/module.ts'
import type { Known } from './compile/gate.ts'

/** What the manifests offer to processes, by name. */
export interface Offers {
  readonly tasks: ReadonlyMap<string, ServiceTask>
  readonly commands: ReadonlyMap<string, Command>
  /** Their names, for the gate. */
  readonly known: Known
}

export function offersOf(manifests: readonly Module[]): Offers {
  const tasks = new Map(manifests.flatMap((module) => Object.entries(module.tasks ?? {})))
  const commands = new Map(manifests.flatMap((module) => Object.entries(module.commands ?? {})))
  return { tasks, commands, known: { tasks: new Set(tasks.keys()), commands: new Set(commands.keys()) } }
}

export const knownNames = (manifests: readonly Module[]): Known => offersOf(manifests).known

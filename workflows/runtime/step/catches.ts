import type { ProcessDefinition } from '../../definition.ts'
import { catcherOf } from './catcher.ts'
import { Machine } from './machine.ts'
import { type State, tokenOf } from './state.ts'

/** Whether an error with the code, of the work of `token`, would be caught. */
export function catches(definition: ProcessDefinition, state: State, token: number, code: string): boolean {
  const at = tokenOf(state, token)
  return (
    at !== undefined &&
    catcherOf(new Machine(definition, state, new Date(0)), at, 'error', code) !== undefined
  )
}

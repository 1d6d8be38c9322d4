import { caught, catcherIn, catcherOf } from './catcher.ts'
import type { Machine } from './machine.ts'
import type { IncidentKind, Token } from './state.ts'
import { drop } from './waits.ts'
import { end } from './settle.ts'

/** An error end event: caught further out, or the end of the instance with the error as its outcome. */
export function raise(machine: Machine, scope: number, code: string): void {
  const catcher = catcherIn(machine, scope, 'error', code)
  if (catcher) caught(machine, catcher)
  else end(machine, 'terminated', code)
}

/**
 * The work of an activity is refused, which an error event may catch; what is not caught, and a failure
 * without a code, is an incident.
 */
export function fail(
  machine: Machine,
  token: Token,
  { code, message = code }: { readonly code: string; readonly message?: string },
  kind: IncidentKind,
): void {
  const catcher = code === '' ? undefined : catcherOf(machine, token, 'error', code)
  if (catcher) return caught(machine, catcher)
  drop(machine, token)
  machine.stop(token, kind, message, code)
}

import type { DomainError } from '../../../core/errors.ts'
import { caught, catcherIn, catcherOf } from './catcher.ts'
import type { Machine } from './machine.ts'
import { errors } from './refusals.ts'
import type { IncidentKind, Token } from './state.ts'
import { drop } from './waits.ts'
import { end } from './settle.ts'

/** An error end event: caught further out, or the end of the instance with the error as its outcome. */
export function raise(machine: Machine, scope: number, code: string): void {
  const catcher = catcherIn(machine, scope, 'error', code)
  if (catcher) caught(machine, catcher)
  else end(machine, 'terminated', code)
}

/** What an incident says: code and both texts. */
export type Cause = Pick<DomainError, 'code' | 'messages'>

/**
 * The work of an activity is refused, which an error event may catch; what is not caught, and a failure
 * without a code, is an incident.
 */
export function fail(
  machine: Machine,
  token: Token,
  { code, cause }: { readonly code: string; readonly cause?: Cause },
  kind: IncidentKind,
): void {
  const catcher = code === '' ? undefined : catcherOf(machine, token, 'error', code)
  if (catcher) return caught(machine, catcher)
  drop(machine, token)
  const { node } = token
  // The code stays the one that error events catch.
  const unknown =
    code === ''
      ? errors.WORK_FAILED({ node })
      : { code, messages: errors.WORK_REFUSED({ node, error: code }).messages }
  machine.stop(token, kind, cause ?? unknown)
}

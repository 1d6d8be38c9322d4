import type { Cause } from './error.ts'
import type { Variables } from './state.ts'

/** What happens to an instance from outside. `token` 0 is the process itself. */
export type StepCommand =
  /** `node` names the start event; without it the message's, or the plain one. */
  | {
      readonly kind: 'start'
      readonly message?: string
      readonly node?: string
      readonly payload?: Variables
    }
  /** A task is done; an ad-hoc sub-process is over. */
  | { readonly kind: 'complete'; readonly token: number; readonly output?: Variables }
  /**
   * A task or a call is refused or has failed for good; `code` is what an error event catches, empty for what is no
   * refusal. `cause` is what an incident says of it.
   */
  | { readonly kind: 'fail'; readonly token: number; readonly code: string; readonly cause?: Cause }
  /** `node` is the event that waits: the node itself, one on its boundary, or the start of an event sub-process. */
  | {
      readonly kind: 'message' | 'signal'
      readonly token: number
      readonly node: string
      readonly payload?: Variables
    }
  | {
      readonly kind: 'timer'
      readonly token: number
      readonly node: string
      /** As it was armed. */
      readonly dueAt?: Date
      /** How often a cycle fires after this; null without end. */
      readonly left?: number | null
    }
  /** The process that a call activity runs has said something it is to react to. */
  | {
      readonly kind: 'escalation'
      readonly token: number
      readonly code: string
      readonly payload?: Variables
    }
  /** A person begins an activity of an ad-hoc sub-process. */
  | { readonly kind: 'begin'; readonly token: number; readonly node: string }
  /** Try again what stopped in an incident. */
  | { readonly kind: 'retry'; readonly token: number }
  /** Go on as if it were done. */
  | { readonly kind: 'skip'; readonly token: number; readonly output?: Variables }
  | { readonly kind: 'cancel'; readonly token: number }
  | { readonly kind: 'move'; readonly token: number; readonly node: string }
  | { readonly kind: 'set-variables'; readonly token: number; readonly values: Variables }
  | { readonly kind: 'terminate' }
  /** Nothing but that it stands under another definition: what follows of itself there happens. */
  | { readonly kind: 'settle' }

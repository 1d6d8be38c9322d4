import type { Decided } from '../../decide.ts'
import type { Trouble, Variables } from './state.ts'

interface Of<Kind extends string> {
  readonly kind: Kind
  readonly token: number
  readonly node: string
}

/** What a step asks the runtime to do; written in the transaction that saves the state. */
export type Effect =
  | Of<'entered' | 'left' | 'cancelled'>
  | (Of<'task-opened'> & { readonly organisation: string | null })
  | { readonly kind: 'task-closed'; readonly token: number; readonly outcome: 'completed' | 'cancelled' }
  | (Of<'job-queued'> & { readonly task: string | null })
  | { readonly kind: 'job-dropped'; readonly token: number }
  /** `left`: how often a cycle fires after this; null without end; absent for what fires once. */
  | (Of<'timer-armed'> & { readonly dueAt: Date; readonly left?: number | null })
  | Of<'timer-disarmed'>
  /** A null key hears the message whatever its key; a signal has none. */
  | (Of<'subscribed'> & {
      readonly to: 'message' | 'signal'
      readonly message: string
      readonly key: string | null
    })
  | Of<'unsubscribed'>
  | {
      readonly kind: 'message-thrown'
      readonly node: string
      readonly message: string
      readonly key: string | null
    }
  | { readonly kind: 'signal-thrown'; readonly node: string; readonly signal: string }
  /** Caught by nothing in this instance: for whoever called it. */
  | { readonly kind: 'escalation-thrown'; readonly node: string; readonly code: string }
  | (Of<'call-asked'> & {
      readonly called: string
      readonly version: number | null
      readonly variables: Variables
    })
  | { readonly kind: 'call-cancelled'; readonly token: number }
  /** A business rule task has decided; kept with the step. */
  | (Of<'decided'> & { readonly decided: Decided })
  | (Of<'incident-raised'> & { readonly trouble: Trouble })
  | { readonly kind: 'incident-resolved'; readonly token: number }
  /** `error` is the code of an error that nothing in the instance has caught. */
  | { readonly kind: 'ended'; readonly status: 'completed' | 'terminated'; readonly error?: string }

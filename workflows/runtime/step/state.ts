import type { Decided } from '../../decide.ts'

/** Raised when a stored state can no longer be read by this program. */
export const STATE_FORMAT = 1

export type IncidentKind = 'task-failed' | 'no-flow' | 'expression' | 'timer' | 'join-starved'

export interface Trouble {
  readonly kind: IncidentKind
  /** A refusal's code, or empty. */
  readonly code: string
  readonly message: string
}

/** Stands at a node that waits. Its id is never used twice in an instance. */
export interface Token {
  readonly id: number
  readonly node: string
  /** Set while an operator must look; the token stays. */
  readonly trouble?: Trouble
}

export type Variables = Readonly<Record<string, unknown>>

/** A process instance, whole: a value that JSON keeps. */
export interface State {
  readonly format: typeof STATE_FORMAT
  /** `new` until it starts. */
  readonly status: 'new' | 'running' | 'completed' | 'terminated'
  readonly nextToken: number
  readonly tokens: readonly Token[]
  /** Tokens that wait at a parallel join: by node, by incoming flow. */
  readonly arrived: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly variables: Variables
  /** The correlation key of messages that name none. */
  readonly businessKey: string | null
}

export function newState(businessKey: string | null = null, variables: Variables = {}): State {
  return {
    format: STATE_FORMAT,
    status: 'new',
    nextToken: 1,
    tokens: [],
    arrived: {},
    variables,
    businessKey,
  }
}

/** What happens to an instance from outside. */
export type StepCommand =
  | { readonly kind: 'start'; readonly message?: string; readonly payload?: Variables }
  /** A user, service or send task is done. */
  | { readonly kind: 'complete'; readonly token: number; readonly output?: Variables }
  /** A service or send task is refused or has failed for good; `code` is what an error boundary catches, empty for what is no refusal. */
  | { readonly kind: 'fail'; readonly token: number; readonly code: string; readonly message?: string }
  /** `node` is the waiting node or the boundary event on it. */
  | { readonly kind: 'message'; readonly token: number; readonly node: string; readonly payload?: Variables }
  | { readonly kind: 'timer'; readonly token: number; readonly node: string }
  /** Try again what stopped in an incident. */
  | { readonly kind: 'retry'; readonly token: number }
  | { readonly kind: 'terminate' }

/** What a step asks the runtime to do; written in the transaction that saves the state. */
export type Effect =
  | { readonly kind: 'entered' | 'left' | 'cancelled'; readonly node: string; readonly token: number }
  | {
      readonly kind: 'task-opened'
      readonly token: number
      readonly node: string
      readonly organisation: string | null
    }
  | { readonly kind: 'task-closed'; readonly token: number; readonly outcome: 'completed' | 'cancelled' }
  | {
      readonly kind: 'job-queued'
      readonly token: number
      readonly node: string
      readonly task: string | null
    }
  | { readonly kind: 'job-dropped'; readonly token: number }
  | { readonly kind: 'timer-armed'; readonly token: number; readonly node: string; readonly dueAt: Date }
  | { readonly kind: 'timer-disarmed'; readonly token: number; readonly node: string }
  | {
      readonly kind: 'subscribed'
      readonly token: number
      readonly node: string
      readonly message: string
      /** Null hears the message whatever its key. */
      readonly key: string | null
    }
  | { readonly kind: 'unsubscribed'; readonly token: number; readonly node: string }
  | {
      readonly kind: 'message-thrown'
      readonly node: string
      readonly message: string
      readonly key: string | null
    }
  /** A business rule task has decided; kept with the step. */
  | {
      readonly kind: 'decided'
      readonly token: number
      readonly node: string
      readonly decided: Decided
    }
  | {
      readonly kind: 'incident-raised'
      readonly token: number
      readonly node: string
      readonly trouble: Trouble
    }
  | { readonly kind: 'incident-resolved'; readonly token: number }
  | { readonly kind: 'ended'; readonly status: 'completed' | 'terminated' }

import type { Texts } from '../../../core/errors.ts'
import type { Variables } from './variables.ts'

export type { Variables } from './variables.ts'

/** Raised when a stored state can no longer be read by this program. */
export const STATE_FORMAT = 2

export const INCIDENT_KINDS = [
  ...(['task-failed', 'no-flow', 'expression', 'timer', 'join-starved', 'loop', 'call-failed'] as const),
] as const

export type IncidentKind = (typeof INCIDENT_KINDS)[number]

export interface Trouble {
  readonly kind: IncidentKind
  /** A refusal's code; empty in a state written before every trouble had one. */
  readonly code: string
  readonly messages: Texts
}

/** An activity that is done and can be undone (BPMN 2.0.2, 13.5.5). */
export interface Done {
  readonly node: string
  /** Its own variables, as they were. */
  readonly variables?: Variables
  /** What was done in it, the oldest first. */
  readonly done?: readonly Done[]
}

/** How far a multi-instance or looping activity has come. */
export interface Loop {
  /** Instances there will be; of a standard loop, the maximum, or 0 for none. */
  readonly total: number
  readonly started: number
  readonly completed: number
  readonly terminated: number
  /** Members still to come, of a sequential one. */
  readonly items?: readonly unknown[]
  /** What the instances gave, by their place. */
  readonly outputs?: readonly unknown[]
}

/** What belongs to a scope: the process itself, or a token that stands at a sub-process. */
export interface ScopePart {
  /** Tokens that wait at a join of this scope: by node, by incoming flow. */
  readonly arrived?: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** What can be undone, the oldest first. */
  readonly done?: readonly Done[]
  /** Conditional events that have fired and hold still. */
  readonly held?: readonly string[]
}

/**
 * Stands at a node that waits, or at an activity in which other tokens are. Its id is never used twice in
 * an instance.
 */
export interface Token extends ScopePart {
  readonly id: number
  readonly node: string
  /** The token it is in: that of its sub-process, loop or compensation; absent on the level of the process. */
  readonly in?: number
  /** Its own variables, hiding those of the same name further out. */
  readonly variables?: Variables
  readonly loop?: Loop
  /** What is still to be undone, the next first: it throws compensation, or is a cancelled transaction. */
  readonly undo?: readonly Done[]
  /** Set while an operator must look; the token stays. */
  readonly trouble?: Trouble
}

/** A process instance, whole: a value that JSON keeps. */
export interface State extends ScopePart {
  readonly format: typeof STATE_FORMAT
  /** `new` until it starts. */
  readonly status: 'new' | 'running' | 'completed' | 'terminated'
  readonly nextToken: number
  readonly tokens: readonly Token[]
  readonly variables: Variables
  /** The correlation key of messages that name none. */
  readonly businessKey: string | null
}

export function newState(businessKey: string | null = null, variables: Variables = {}): State {
  return { format: STATE_FORMAT, status: 'new', nextToken: 1, tokens: [], variables, businessKey }
}

/** Where the process stands: its tokens that hold no other. */
export function leaves({ tokens }: Pick<State, 'tokens'>): Token[] {
  const holding = new Set(tokens.map((token) => token.in))
  return tokens.filter(({ id }) => !holding.has(id))
}

/** Whether something still waits under the token's id; 0 is the process itself. */
export const stands = (state: State, token: number) =>
  state.status === 'running' && (token === 0 || state.tokens.some(({ id }) => id === token))

/** What the variables are for a token: the process's, and over them those it is in. */
export function valuesAt(state: State, token: number): Variables {
  const own: Variables[] = []
  for (let at = tokenOf(state, token); at; at = tokenOf(state, at.in ?? 0))
    if (at.variables) own.unshift(at.variables)
  return own.length === 0 ? state.variables : Object.assign({}, state.variables, ...own)
}

export const tokenOf = (state: State, id: number): Token | undefined =>
  id === 0 ? undefined : state.tokens.find((token) => token.id === id)

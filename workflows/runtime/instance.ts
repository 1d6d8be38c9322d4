import { z } from 'zod'
import type { Trouble } from './step/index.ts'
import { errors, type State, STATE_FORMAT, type Variables } from './step/index.ts'

/** A process that runs, or ran, for one business key. */
export interface Instance {
  readonly id: string
  readonly definitionId: string
  readonly definitionKey: string
  /** The case's id. */
  readonly businessKey: string
  /** Adds 1 with every step. */
  readonly version: number
  readonly state: State
  /** Nodes it has been at, each once, in the order first entered. */
  readonly visited: readonly string[]
  /** The body that answers for the case. */
  readonly organisationId: string
  /** Who asked for it. */
  readonly onBehalfOf: string | null
  readonly startedAt: Date
  readonly endedAt: Date | null
}

export interface Incident {
  readonly id: string
  readonly instanceId: string
  readonly token: number
  readonly node: string
  readonly kind: string
  readonly error: { readonly code: string; readonly message: string }
  readonly createdAt: Date
  readonly resolvedAt: Date | null
}

const stored = z.strictObject({
  format: z.literal(STATE_FORMAT),
  status: z.enum(['new', 'running', 'completed', 'terminated']),
  nextToken: z.int().positive(),
  tokens: z.array(
    z.strictObject({
      id: z.int().positive(),
      node: z.string(),
      trouble: z
        .strictObject({
          kind: z.enum(['task-failed', 'no-flow', 'expression', 'timer', 'join-starved']),
          code: z.string(),
          message: z.string(),
        })
        .optional(),
    }),
  ),
  arrived: z.record(z.string(), z.record(z.string(), z.int().positive())),
})

/** The state of a row, checked before a step. @throws WORKFLOW_STATE_INVALID */
export function stateOf(row: { state: object; variables: Variables; businessKey: string }): State {
  const parsed = stored.safeParse(row.state)
  if (!parsed.success)
    throw errors.STATE_INVALID({ reason: parsed.error.issues[0]?.path.join('.') ?? 'format' })
  const { tokens, ...state } = parsed.data
  return {
    ...state,
    tokens: tokens.map(({ trouble, ...token }) => (trouble ? { ...token, trouble } : token)),
    variables: row.variables,
    businessKey: row.businessKey,
  }
}

/** What is stored of a state beside the variables and the business key, which have columns of their own. */
export function storedState({ format, status, nextToken, tokens, arrived }: State): object {
  return { format, status, nextToken, tokens, arrived }
}

export const troubleOf = ({ state }: Instance): readonly Trouble[] =>
  state.tokens.flatMap(({ trouble }) => (trouble ? [trouble] : []))

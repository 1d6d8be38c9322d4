import { z } from 'zod'
import type { Texts } from '../../core/errors.ts'
import type { Done, ScopePart, Trouble } from './step/index.ts'
import { errors, INCIDENT_KINDS, type State, STATE_FORMAT, type Variables } from './step/index.ts'

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
  /** The instance whose call activity runs this one, and the token there. */
  readonly parentId: string | null
  readonly parentToken: number | null
  /** Set while an operator holds it. */
  readonly suspendedAt: Date | null
  readonly startedAt: Date
  readonly endedAt: Date | null
}

/**
 * What was refused. Incidents of before both texts were kept hold one, in English, and no code where nothing but the
 * engine itself had stopped.
 */
export type IncidentError =
  { readonly code: string; readonly messages: Texts } | { readonly code: string; readonly message: string }

export const textsOf = (error: IncidentError): Texts =>
  'messages' in error ? error.messages : { zh: error.message, en: error.message }

export interface Incident {
  readonly id: string
  readonly instanceId: string
  readonly token: number
  readonly node: string
  readonly kind: string
  readonly error: IncidentError
  readonly createdAt: Date
  readonly resolvedAt: Date | null
}

const values = z.record(z.string(), z.unknown())
const arrived = z.record(z.string(), z.record(z.string(), z.int().positive()))

const done: z.ZodType<Done> = z.lazy(() =>
  z.strictObject({
    node: z.string(),
    variables: values.exactOptional(),
    done: z.array(done).exactOptional(),
  }),
)

const loop = z.strictObject({
  ...{ total: z.int(), started: z.int(), completed: z.int(), terminated: z.int() },
  items: z.array(z.unknown()).exactOptional(),
  outputs: z.array(z.unknown()).exactOptional(),
})

const kept = { kind: z.enum(INCIDENT_KINDS), code: z.string() }
const trouble = z.union([
  z.strictObject({ ...kept, messages: z.strictObject({ zh: z.string(), en: z.string() }) }),
  z
    .strictObject({ ...kept, message: z.string() })
    .transform(({ kind, ...told }) => ({ kind, code: told.code, messages: textsOf(told) })),
])

const scope = {
  arrived: arrived.exactOptional(),
  done: z.array(done).exactOptional(),
  held: z.array(z.string()).exactOptional(),
}

const stored = z.strictObject({
  ...scope,
  // Format 1 knew one scope; what it holds means the same here.
  format: z.union([z.literal(1), z.literal(STATE_FORMAT)]),
  status: z.enum(['new', 'running', 'completed', 'terminated']),
  nextToken: z.int().positive(),
  tokens: z.array(
    z.strictObject({
      ...scope,
      id: z.int().positive(),
      node: z.string(),
      in: z.int().positive().exactOptional(),
      variables: values.exactOptional(),
      loop: loop.exactOptional(),
      undo: z.array(done).exactOptional(),
      trouble: trouble.exactOptional(),
    }),
  ),
})

/** The state of a row, checked before a step. @throws WORKFLOW_STATE_INVALID */
export function stateOf(row: { state: object; variables: Variables; businessKey: string }): State {
  const parsed = stored.safeParse(row.state)
  if (!parsed.success)
    throw errors.STATE_INVALID({ reason: parsed.error.issues[0]?.path.join('.') ?? 'format' })
  const { variables, businessKey } = row
  return { ...parsed.data, format: STATE_FORMAT, variables, businessKey }
}

/** What is stored of a state beside the variables and the business key, which have columns of their own. */
export function storedState({ variables: _, businessKey: __, tokens, ...state }: State): object {
  return { ...lean(state), tokens: tokens.map(lean) }
}

/** Without the parts that are empty; most have none. */
function lean<Part extends ScopePart>(part: Part): object {
  const { arrived, done, held } = part
  if (arrived === undefined && done === undefined && held === undefined) return part
  const { arrived: _, done: __, held: ___, ...rest } = part
  return {
    ...rest,
    ...(arrived && Object.keys(arrived).length > 0 && { arrived }),
    ...(done && done.length > 0 && { done }),
    ...(held && held.length > 0 && { held }),
  }
}

export const troubleOf = ({ state }: Instance): readonly Trouble[] =>
  state.tokens.flatMap(({ trouble }) => (trouble ? [trouble] : []))

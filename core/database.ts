import type { ColumnType, Generated, JSONColumnType } from 'kysely'

/**
 * Begins a statement that a connection prepares once and then runs by name: for the few that run thousands of
 * times a second with the same text, whose planning costs more than their work.
 */
export const PREPARED = '/* prepared */'

/** Begins a `copy … from stdin` whose one parameter is the text to copy; see core/copy.repository.ts. */
export const COPIED = '/* copied */'

/**
 * Every table of the platform, keyed `schema.table`. A module adds its own rows
 * to this interface from its `*.table.ts` file, so `core` never learns of modules.
 */
export interface Database {
  'core.event': {
    id: Generated<string>
    name: string
    actorId: string
    organisationId: string
    onBehalfOf: string | null
    requestId: string
    payload: JSONColumnType<object>
    occurredAt: Date
  }
  'core.delivery': {
    eventId: string
    subscriber: string
    status: 'waiting' | 'done' | 'failed'
    attempts: Generated<number>
    runAfter: Date
    lastError: string | null
  }
  'core.job': {
    id: Generated<string>
    kind: string
    /** Makes a second enqueue of the same work a no-op while the first is still there. */
    key: string
    payload: JSONColumnType<object>
    status: 'waiting' | 'done' | 'failed' | 'cancelled'
    attempts: Generated<number>
    runAfter: Date
    lockedUntil: Date | null
    lastError: string | null
    progress: ColumnType<object | null, string | null | undefined, string | null>
    createdAt: Date
  }
  'core.access': {
    id: Generated<string>
    kind: 'read' | 'refusal' | 'login'
    actorId: string
    organisationId: string
    onBehalfOf: string | null
    requestId: string
    /** The thing read or refused: a record key digest, a permission, an operation. */
    subject: string
    purpose: string | null
    fields: string[] | null
    code: string | null
    occurredAt: Date
  }
}

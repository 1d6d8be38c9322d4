import { defineErrors } from './errors.ts'
import { isUuid } from './text/uuid.ts'

export const errors = defineErrors('GRAPHQL', {
  PAGE_INVALID: {
    kind: 'invalid',
    zh: '每页条数须在1到100之间',
    en: 'A page holds 1 to 100 rows',
  },
  CURSOR_INVALID: {
    kind: 'invalid',
    zh: '分页位置无效，请从第一页重新开始',
    en: 'The page position is not valid; begin again at the first page',
  },
})

export interface PageRequest {
  /** How many rows, 1 to 100. */
  readonly first: number
  /** The cursor of the row before the page; absent for the first page. */
  readonly after?: string | null
}

export interface Edge<Node> {
  readonly node: Node
  readonly cursor: string
}

/** A page of a list (Relay cursor connections). */
export interface Connection<Node> {
  readonly edges: readonly Edge<Node>[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

type Key = readonly (string | number | null)[]

/** What a column of a sort key holds; a value of another kind never reaches the database. */
export type KeyKind = 'text' | 'uuid' | 'instant' | 'number'

const FITS: Record<KeyKind, (part: unknown) => boolean> = {
  text: (part) => typeof part === 'string' && !part.includes('\0'),
  uuid: (part) => typeof part === 'string' && isUuid(part),
  instant: (part) => typeof part === 'string' && isInstant(part),
  number: (part) => Number.isSafeInteger(part),
}

const isInstant = (text: string) => /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text))

/**
 * How many rows to select: one more than asked, so that a next page is known without a count.
 *
 * @throws GRAPHQL_PAGE_INVALID
 */
export function rowsToRead({ first }: PageRequest): number {
  if (!Number.isInteger(first) || first < 1 || first > 100) throw errors.PAGE_INVALID()
  return first + 1
}

/**
 * Makes the connection of rows read with {@link rowsToRead}; `keyOf` gives the columns the list is sorted by.
 * `list` names the list, so that a cursor of another one is refused.
 */
export function connection<Row>(
  list: string,
  rows: readonly Row[],
  { first }: PageRequest,
  keyOf: (row: Row) => Key,
): Connection<Row> {
  const edges = rows.slice(0, first).map((node) => ({ node, cursor: writeCursor(list, keyOf(node)) }))
  return {
    edges,
    pageInfo: { hasNextPage: rows.length > first, endCursor: edges.at(-1)?.cursor ?? null },
  }
}

function writeCursor(list: string, key: Key): string {
  return Buffer.from(JSON.stringify([list, ...key])).toString('base64url')
}

/**
 * The sort key of the row before the page, a value of each of `kinds`; undefined for the first page.
 *
 * @throws GRAPHQL_CURSOR_INVALID
 */
export function readCursor(list: string, kinds: readonly KeyKind[], { after }: PageRequest): Key | undefined {
  if (after === undefined || after === null) return undefined
  const parts = parse(after)
  if (!Array.isArray(parts) || parts.length !== kinds.length + 1 || parts[0] !== list)
    throw errors.CURSOR_INVALID()
  const key: unknown[] = parts.slice(1)
  if (!kinds.every((kind, at) => FITS[kind](key[at]))) throw errors.CURSOR_INVALID()
  return key as Key
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    // Any text may arrive as a cursor; what is no JSON is refused like what is no key.
    return undefined
  }
}

import { sql } from 'kysely'
import type { Context, TransactionContext } from '../core/context.ts'
import type { Day } from '../core/day.ts'
import { type PageRequest, readCursor, rowsToRead } from '../core/page.ts'
import { searchQuery, searchTokens } from '../core/text/search.ts'
import type { CodeValue } from './codelist.ts'
import type { ListedCode } from './compile.ts'
import './standard.table.ts'

const COLUMNS = [
  'code',
  'parent',
  'level',
  'name',
  'spellings',
  'owner',
  'validFrom',
  'validTo',
  'precision',
  'definition',
  'includes',
  'excludes',
  'successors',
] as const
const MAX_VALUES = 100_000

export interface ListedValue extends CodeValue {
  readonly ordinal: number
}

/** Writes all values in one statement, in their order, the first at `from`. */
export async function insertValues(
  ctx: TransactionContext,
  listId: string,
  values: readonly CodeValue[],
  from = 0,
): Promise<void> {
  const rows = values.map((value, index) => ({
    ...value,
    ordinal: from + index,
    tokens: searchTokens([value.code, value.name.zh, value.name.en, ...value.spellings].join(' ')),
  }))
  await sql`
    insert into standards.code_value (list_id, code, parent, level, ordinal, name, spellings, owner, search,
      valid_from, valid_to, precision, definition, includes, excludes, successors)
    select ${listId}::uuid, v.code, v.parent, v.level, v.ordinal, v.name,
      array(select jsonb_array_elements_text(v.spellings)), v.owner, to_tsvector('simple', v.tokens),
      v."validFrom", v."validTo", v.precision, v.definition, v.includes, v.excludes, v.successors
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as v (
      code text, parent text, level integer, ordinal integer, name jsonb, spellings jsonb, owner text, tokens text,
      "validFrom" date, "validTo" date, precision text, definition text, includes text, excludes text,
      successors jsonb)
  `.execute(ctx.db)
}

export async function deleteValues(ctx: TransactionContext, listId: string): Promise<void> {
  await ctx.db.deleteFrom('standards.codeValue').where('listId', '=', listId).execute()
}

/** All values in order. */
export async function valuesOf(ctx: Context, listId: string): Promise<CodeValue[]> {
  return ctx.db
    .selectFrom('standards.codeValue')
    .select(COLUMNS)
    .where('listId', '=', listId)
    .orderBy('ordinal')
    .limit(MAX_VALUES)
    .execute()
}

/** The codes of several lists with their validity, each in its order. */
export async function codesOf(ctx: Context, listIds: readonly string[]): Promise<Map<string, ListedCode[]>> {
  if (listIds.length === 0) return new Map()
  const rows = await ctx.db
    .selectFrom('standards.codeValue')
    .select([
      'listId',
      sql<
        [string, Day | null, Day | null, CodeValue['precision']][]
      >`jsonb_agg(jsonb_build_array(code, valid_from, valid_to, precision) order by ordinal)`.as('codes'),
    ])
    .where('listId', 'in', [...new Set(listIds)])
    .groupBy('listId')
    .execute()
  return new Map(
    rows.map(({ listId, codes }) => [
      listId,
      codes.map(([code, validFrom, validTo, precision]) => ({ code, validFrom, validTo, precision })),
    ]),
  )
}

/** Whether one of several lists holds a code. */
export async function hasCode(ctx: Context, listIds: readonly string[], code: string): Promise<boolean> {
  if (listIds.length === 0) return false
  const found = await ctx.db
    .selectFrom('standards.codeValue')
    .select('code')
    .where('listId', 'in', [...listIds])
    .where('code', '=', code)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/** The first values of several lists, for selects. */
export async function valuesOfShort(
  ctx: Context,
  listIds: readonly string[],
  most: number,
): Promise<(CodeValue & { readonly listId: string })[]> {
  if (listIds.length === 0) return []
  return ctx.db
    .selectFrom('standards.codeValue')
    .select([...COLUMNS, 'listId'])
    .where('listId', 'in', [...new Set(listIds)])
    .where('ordinal', '<', most)
    .orderBy('listId')
    .orderBy('ordinal')
    .execute()
}

export interface ValueFilter extends PageRequest {
  readonly search?: string | null
  /** Only values in force that day. */
  readonly on?: Day | null
  /** Only values whose parent is this code; the topmost of an empty one. */
  readonly under?: string | null
  /** The owners whose local codes are shown beside the standard's; absent shows all. */
  readonly owners?: readonly string[] | undefined
}

/** A page of values in the list's order. */
export async function list(ctx: Context, listId: string, filter: ValueFilter): Promise<ListedValue[]> {
  const after = readCursor('code-value', ['number'], filter)
  let rows = ctx.db
    .selectFrom('standards.codeValue')
    .select([...COLUMNS, 'ordinal'])
    .where('listId', '=', listId)
    .orderBy('ordinal')
    .limit(rowsToRead(filter))
  if (filter.search) {
    const query = searchQuery(filter.search)
    rows = rows.where(
      query === undefined ? sql<boolean>`false` : sql<boolean>`search @@ to_tsquery('simple', ${query})`,
    )
  }
  const { on, owners, under } = filter
  if (under != null) rows = under === '' ? rows.where('parent', 'is', null) : rows.where('parent', '=', under)
  if (on != null)
    rows = rows.where(
      sql<boolean>`(valid_from is null or valid_from <= ${on}::date) and (valid_to is null or valid_to > ${on}::date)`,
    )
  if (owners !== undefined)
    rows = rows.where(sql<boolean>`(owner is null or owner = any(${[...owners]}::text[]))`)
  if (after) rows = rows.where('ordinal', '>', Number(after[0]))
  return rows.execute()
}

/** In the order of `listIds`, for loaders. */
export async function countsOf(ctx: Context, listIds: readonly string[]): Promise<number[]> {
  const rows = await ctx.db
    .selectFrom('standards.codeValue')
    .select(['listId', sql<number>`count(*)::int`.as('count')])
    .where('listId', 'in', [...new Set(listIds)])
    .groupBy('listId')
    .execute()
  const byId = new Map(rows.map(({ listId, count }) => [listId, count]))
  return listIds.map((id) => byId.get(id) ?? 0)
}

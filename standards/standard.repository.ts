import { type ExpressionBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { Context, TransactionContext } from '../core/context.ts'
import type { Database } from '../core/database.ts'
import { type PageRequest, readCursor, rowsToRead } from '../core/page.ts'
import { searchQuery, searchTokens } from '../core/text/search.ts'
import type { Day } from '../core/day.ts'
import { errors, LIFE, lifeOf, type Standard, type StandardKind, type StandardOf } from './standard.ts'
import './standard.table.ts'

type Row = Standard & { readonly content: object }
type Selection = SelectQueryBuilder<Database, 'standards.standard', Row>

/** The content lies beside the life of the standard; each kind knows its own. */
const flat = <Content>({ content, ...standard }: Row) => ({ ...content, ...standard }) as StandardOf<Content>

const versionParts = sql<string>`string_to_array(standard.version, '.')::int[]`

/** What an organisation may see: the published of all and its own drafts. */
export interface Sight {
  readonly draftsOf: string | undefined
}

function select(ctx: Context, kind: StandardKind): Selection {
  return ctx.db
    .selectFrom('standards.standard')
    .select([...LIFE, 'content'])
    .where('kind', '=', kind)
}

const isPublished = (eb: ExpressionBuilder<Database, 'standards.standard'>) =>
  eb('status', 'in', ['published', 'deprecated', 'retired'])

function seen(query: Selection, { draftsOf }: Sight): Selection {
  return query.where((eb) =>
    draftsOf === undefined ? isPublished(eb) : eb.or([isPublished(eb), eb('organisationId', '=', draftsOf)]),
  )
}

export async function find<Content>(
  ctx: Context,
  kind: StandardKind,
  code: string,
  version: string,
): Promise<StandardOf<Content> | undefined> {
  const row = await select(ctx, kind)
    .where('code', '=', code)
    .where('version', '=', version)
    .executeTakeFirst()
  return row && flat<Content>(row)
}

/** Reads one version and holds it until the transaction ends. */
export async function lock<Content>(
  ctx: TransactionContext,
  kind: StandardKind,
  code: string,
  version: string,
): Promise<StandardOf<Content> | undefined> {
  const row = await select(ctx, kind)
    .where('code', '=', code)
    .where('version', '=', version)
    .forUpdate()
    .executeTakeFirst()
  return row && flat<Content>(row)
}

/** Every version seen, the newest first. */
export async function versionsOf<Content>(
  ctx: Context,
  kind: StandardKind,
  code: string,
  sight: Sight,
): Promise<StandardOf<Content>[]> {
  const rows = await seen(select(ctx, kind).where('code', '=', code), sight)
    .orderBy(versionParts, 'desc')
    .limit(1_000)
    .execute()
  return rows.map((row) => flat<Content>(row))
}

/** All versions of several codes that may be bound anew; the newest first. */
export const publishedVersions = <Content>(ctx: Context, kind: StandardKind, codes: readonly string[]) =>
  versionsWhere<Content>(ctx, kind, codes, (rows) => rows.where('status', '=', 'published'))

/** All versions of several codes that were ever published; the newest first. */
export const settledVersions = <Content>(ctx: Context, kind: StandardKind, codes: readonly string[]) =>
  versionsWhere<Content>(ctx, kind, codes, (rows) => rows.where(isPublished))

/** All versions of several codes that are in force on a day; the newest first, which is the one to use. */
export const versionsInForce = <Content>(
  ctx: Context,
  kind: StandardKind,
  codes: readonly string[],
  day: Day,
) => versionsWhere<Content>(ctx, kind, codes, (rows) => rows.where(isInForceOn(day)))

/** As `isInForce` says it of one version. */
export const isInForceOn = (day: Day) => (eb: ExpressionBuilder<Database, 'standards.standard'>) =>
  eb.and([
    eb('status', 'in', ['published', 'deprecated']),
    eb.or([eb('inForceFrom', 'is', null), eb('inForceFrom', '<=', day)]),
    eb.or([eb('inForceTo', 'is', null), eb('inForceTo', '>', day)]),
  ])

async function versionsWhere<Content>(
  ctx: Context,
  kind: StandardKind,
  codes: readonly string[],
  narrow: (rows: Selection) => Selection,
): Promise<StandardOf<Content>[]> {
  if (codes.length === 0) return []
  const rows = await narrow(select(ctx, kind).where('code', 'in', [...new Set(codes)]))
    .orderBy('code')
    .orderBy(versionParts, 'desc')
    .limit(10_000)
    .execute()
  return rows.map((row) => flat<Content>(row))
}

/** `number@edition` of every published edition of a code list. */
export async function editionsOf(ctx: Context, standardNumber: string): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('standards.standard')
    .select('code')
    .distinct()
    .where('kind', '=', 'code-list')
    .where(isPublished)
    .where(sql<string>`content ->> 'standardNumber'`, '=', standardNumber)
    .limit(1_000)
    .execute()
  return rows.map(({ code }) => code)
}

/** Who answers for the code: the organisation of its newest version; undefined while the code is free. */
export async function ownerOf(ctx: Context, kind: StandardKind, code: string): Promise<string | undefined> {
  const row = await ctx.db
    .selectFrom('standards.standard')
    .select('organisationId')
    .where('kind', '=', kind)
    .where('code', '=', code)
    .orderBy(versionParts, 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.organisationId
}

/** The newest version seen of each code, by code. */
export async function list<Content>(
  ctx: Context,
  kind: StandardKind,
  filter: PageRequest & Sight & { readonly search?: string | null },
): Promise<StandardOf<Content>[]> {
  const after = readCursor(kind, ['text'], filter)
  let rows = seen(select(ctx, kind), filter)
    .distinctOn('code')
    .orderBy('code')
    .orderBy(versionParts, 'desc')
    .limit(rowsToRead(filter))
  if (filter.search) rows = rows.where(matches(filter.search))
  if (after) rows = rows.where('code', '>', String(after[0]))
  return (await rows.execute()).map((row) => flat<Content>(row))
}

/** Codes are found by their beginning, names by any part; what holds no letter finds nothing. */
function matches(search: string) {
  const query = searchQuery(search)
  return query === undefined ? sql<boolean>`false` : sql<boolean>`search @@ to_tsquery('simple', ${query})`
}

/** Every version of the elements with one of these short names, the newest first. */
export async function elementsNamed<Content>(
  ctx: Context,
  shortNames: readonly string[],
): Promise<StandardOf<Content>[]> {
  if (shortNames.length === 0) return []
  const rows = await select(ctx, 'element')
    .where(sql<string>`content ->> 'shortName'`, 'in', [...shortNames])
    .orderBy(versionParts, 'desc')
    .limit(10_000)
    .execute()
  return rows.map((row) => flat<Content>(row))
}

const vector = (text: string) => sql`to_tsvector('simple', ${searchTokens(text)})`

export type NewStandard = Omit<Standard, 'id'>

/** @throws STANDARDS_DRAFT_EXISTS when the code has an open version or this version is there */
export async function insert<Content extends object>(
  ctx: TransactionContext,
  standard: NewStandard,
  content: Content,
  searchText: string,
): Promise<StandardOf<Content>> {
  const row = await ctx.db
    .insertInto('standards.standard')
    .values({ ...standard, content: JSON.stringify(content), search: vector(searchText) })
    .onConflict((conflict) => conflict.doNothing())
    .returning([...LIFE, 'content'])
    .executeTakeFirst()
  if (!row) throw errors.DRAFT_EXISTS({ code: standard.code })
  return flat<Content>(row)
}

/** @throws STANDARDS_VERSION_IMMUTABLE when it is published already, whatever the caller thought */
export async function update<Content extends object>(
  ctx: TransactionContext,
  standard: Standard,
  content?: Content,
  searchText?: string,
): Promise<void> {
  const {
    id,
    kind: _kind,
    code: _code,
    organisationId: _owner,
    draftedBy: _by,
    draftedAt: _at,
    ...life
  } = lifeOf(standard)
  await immutably(
    standard,
    ctx.db
      .updateTable('standards.standard')
      .set(life)
      .$if(content !== undefined, (query) => query.set({ content: JSON.stringify(content) }))
      .$if(searchText !== undefined, (query) => query.set({ search: vector(searchText ?? '') }))
      .where('id', '=', id)
      .execute(),
  )
}

/** Translates the database's own refusal. */
async function immutably<T>({ code, version }: Standard, write: Promise<T>): Promise<T> {
  try {
    return await write
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'GD001')
      throw errors.VERSION_IMMUTABLE({ code, version })
    throw error
  }
}

/** Lets two loaders of packs take turns. */
export async function lockAll(ctx: TransactionContext): Promise<void> {
  await sql`lock table standards.standard in share row exclusive mode`.execute(ctx.db)
}

export async function packDigests(ctx: Context): Promise<Map<string, string>> {
  const rows = await ctx.db.selectFrom('standards.pack').select(['id', 'sha256']).limit(1_000).execute()
  return new Map(rows.map(({ id, sha256 }) => [id, sha256]))
}

export async function savePack(ctx: TransactionContext, id: string, sha256: string): Promise<void> {
  const row = { sha256, loadedAt: ctx.now() }
  await ctx.db
    .insertInto('standards.pack')
    .values({ id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

import type { Context, TransactionContext } from '../core/context.ts'
import { loadThrough } from '../core/loader.ts'
import { readDefinition } from './definition.ts'
import type { Deployed } from './deployed.ts'
import './workflow.table.ts'

const COLUMNS = [
  ...(['id', 'version', 'name', 'xml', 'sha256', 'compiled', 'pack'] as const),
  ...(['gateReport', 'rehearsal', 'deployedBy', 'deployedAt'] as const),
] as const

const definitions = (ctx: Context) =>
  ctx.db
    .selectFrom('workflow.definition')
    .innerJoin('workflow.process', 'workflow.process.key', 'workflow.definition.key')
    .select(['workflow.definition.key', 'organisationId', ...COLUMNS])

/** What was compiled by an older program is read as this one writes it. */
const readable = <Row extends Pick<Deployed, 'compiled'>>(row: Row): Row => ({
  ...row,
  compiled: readDefinition(row.compiled),
})

/** The latest version of a key. */
export async function latest(ctx: Context, key: string): Promise<Deployed | undefined> {
  const row = await definitions(ctx)
    .where('workflow.definition.key', '=', key)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && readable(row)
}

/** The latest version of every key, by key. A platform has some tens of processes. */
export async function latestOfAll(ctx: Context): Promise<Deployed[]> {
  const rows = await definitions(ctx)
    .distinctOn('workflow.definition.key')
    .orderBy('workflow.definition.key')
    .orderBy('version', 'desc')
    .limit(500)
    .execute()
  return rows.map(readable)
}

/** The latest version of every key, by key, without what it says. */
export async function latestOfEach(ctx: Context): Promise<Pick<Deployed, 'id' | 'key' | 'organisationId'>[]> {
  return ctx.db
    .selectFrom('workflow.definition')
    .innerJoin('workflow.process', 'workflow.process.key', 'workflow.definition.key')
    .select(['id', 'workflow.definition.key', 'organisationId'])
    .distinctOn('workflow.definition.key')
    .orderBy('workflow.definition.key')
    .orderBy('version', 'desc')
    .limit(500)
    .execute()
}

/** The latest version of each key, in the order of `keys`, for loaders; undefined for a key there is none of. */
export async function latestByKeys(ctx: Context, keys: readonly string[]): Promise<(Deployed | undefined)[]> {
  const rows = await definitions(ctx)
    .distinctOn('workflow.definition.key')
    .where('workflow.definition.key', 'in', [...new Set(keys)])
    .orderBy('workflow.definition.key')
    .orderBy('version', 'desc')
    .execute()
  const found = new Map(rows.map((row) => [row.key, readable(row)]))
  return keys.map((key) => found.get(key))
}

export async function find(ctx: Context, id: string): Promise<Deployed | undefined> {
  const row = await definitions(ctx).where('id', '=', id).executeTakeFirst()
  return row && readable(row)
}

/** All versions of a key, the newest first, at most 100. */
export async function versionsOf(ctx: Context, key: string): Promise<Deployed[]> {
  const rows = await definitions(ctx)
    .where('workflow.definition.key', '=', key)
    .orderBy('version', 'desc')
    .limit(100)
    .execute()
  return rows.map(readable)
}

/** In the order of `ids`, for loaders. */
export async function byIds(ctx: Context, ids: readonly string[]): Promise<Deployed[]> {
  const rows = await definitions(ctx)
    .where('id', 'in', [...new Set(ids)])
    .execute()
  const found = new Map(rows.map((row) => [row.id, readable(row)]))
  return ids.map((id) => {
    const row = found.get(id)
    if (!row) throw new Error(`definition ${id} is gone`)
    return row
  })
}

/** The organisation a process belongs to: what is new belongs to `organisationId`. Held until the transaction ends. */
export async function holdProcess(
  ctx: TransactionContext,
  key: string,
  organisationId: string,
): Promise<string> {
  await ctx.db
    .insertInto('workflow.process')
    .values({ key, organisationId })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
  const held = await ctx.db
    .selectFrom('workflow.process')
    .select('organisationId')
    .where('key', '=', key)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return held.organisationId
}

/** Since when new instances of a process are held back; null while they are not. */
export async function suspendedAt(ctx: Context, key: string): Promise<Date | null> {
  const row = await ctx.db
    .selectFrom('workflow.process')
    .select('suspendedAt')
    .where('key', '=', key)
    .executeTakeFirst()
  return row?.suspendedAt ?? null
}

/** Whether new instances of a process are held back. */
export const isSuspended = async (ctx: Context, key: string): Promise<boolean> =>
  (await suspendedAt(ctx, key)) !== null

/** Whether a version may start an instance: it is not retired, and its process not suspended. See {@link isRetired}. */
export async function mayStart(
  ctx: TransactionContext,
  { id, key }: Pick<Deployed, 'id' | 'key'>,
): Promise<boolean> {
  return !(await isSuspended(ctx, key)) && !(await isRetired(ctx, id))
}

/** Whether a version starts no more; it neither ceases to nor begins again before the transaction ends. */
export async function isRetired(ctx: TransactionContext, id: string): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('workflow.definition')
    .select('retiredAt')
    .where('id', '=', id)
    .forKeyShare()
    .executeTakeFirst()
  return row !== undefined && row.retiredAt !== null
}

/** Since when a version starts no more; null while it does. */
export async function retiredAt(ctx: Context, id: string): Promise<Date | null> {
  const row = await ctx.db
    .selectFrom('workflow.definition')
    .select('retiredAt')
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.retiredAt ?? null
}

/** Waits for every transaction that has asked {@link isRetired} of the version, and lets none begin meanwhile. */
export async function holdVersion(ctx: TransactionContext, id: string): Promise<void> {
  await ctx.db.selectFrom('workflow.definition').select('id').where('id', '=', id).forUpdate().execute()
}

export async function setRetired(ctx: TransactionContext, id: string, at: Date | null): Promise<void> {
  await ctx.db.updateTable('workflow.definition').set({ retiredAt: at }).where('id', '=', id).execute()
}

export async function suspendProcess(ctx: TransactionContext, key: string, at: Date | null): Promise<void> {
  await ctx.db.updateTable('workflow.process').set({ suspendedAt: at }).where('key', '=', key).execute()
}

/** One version of a key, the newest without one. */
export async function version(
  ctx: Context,
  key: string,
  number: number | null,
): Promise<Deployed | undefined> {
  if (number === null) return latest(ctx, key)
  const row = await definitions(ctx)
    .where('workflow.definition.key', '=', key)
    .where('version', '=', number)
    .executeTakeFirst()
  return row && readable(row)
}

/** The newest version of every key. */
export async function newestVersions(ctx: Context): Promise<Map<string, number>> {
  const rows = await ctx.db
    .selectFrom('workflow.definition')
    .select((row) => ['key', row.fn.max('version').as('version')])
    .groupBy('key')
    .execute()
  return new Map(rows.map(({ key, version }) => [key, version]))
}

export async function giveProcess(
  ctx: TransactionContext,
  key: string,
  organisationId: string,
): Promise<void> {
  await ctx.db.updateTable('workflow.process').set({ organisationId }).where('key', '=', key).execute()
}

export async function insert(
  ctx: TransactionContext,
  { organisationId, ...definition }: Omit<Deployed, 'id'>,
): Promise<Deployed> {
  const { name, compiled, pack, gateReport, rehearsal } = definition
  const { id } = await ctx.db
    .insertInto('workflow.definition')
    .values({
      ...definition,
      name: JSON.stringify(name),
      compiled: JSON.stringify(compiled),
      pack: JSON.stringify(pack),
      gateReport: JSON.stringify(gateReport),
      rehearsal: JSON.stringify(rehearsal),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { ...definition, id, organisationId }
}

/** One version, through the request's loader. */
export function deployedById(ctx: Context, id: string): Promise<Deployed> {
  return loadThrough(ctx, byIds, id)
}

import { sql } from 'kysely'
import type { Context, TransactionContext } from '../core/context.ts'
import { loadThrough } from '../core/loader.ts'
import type { Deployed } from './deployed.ts'
import './workflow.table.ts'

const DEFINITION = [
  ...(['id', 'key', 'version', 'name', 'xml', 'sha256', 'compiled', 'pack'] as const),
  ...(['gateReport', 'rehearsal', 'deployedBy', 'deployedAt'] as const),
] as const

/** The latest version of a key. */
export async function latest(ctx: Context, key: string): Promise<Deployed | undefined> {
  return ctx.db
    .selectFrom('workflow.definition')
    .select(DEFINITION)
    .where('key', '=', key)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** The latest version of every key, by key. A platform has some tens of processes. */
export async function latestOfAll(ctx: Context): Promise<Deployed[]> {
  return ctx.db
    .selectFrom('workflow.definition')
    .select(DEFINITION)
    .distinctOn('key')
    .orderBy('key')
    .orderBy('version', 'desc')
    .limit(500)
    .execute()
}

/** In the order of `ids`, for loaders. */
export async function byIds(ctx: Context, ids: readonly string[]): Promise<Deployed[]> {
  const rows = await ctx.db
    .selectFrom('workflow.definition')
    .select(DEFINITION)
    .where('id', 'in', [...new Set(ids)])
    .execute()
  const found = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => {
    const row = found.get(id)
    if (!row) throw new Error(`definition ${id} is gone`)
    return row
  })
}

/** Holds off another deployment of the same key until the transaction ends; readers go on. */
export async function lockDeployments(ctx: TransactionContext): Promise<void> {
  await sql`lock table workflow.definition in share row exclusive mode`.execute(ctx.db)
}

export async function insert(ctx: TransactionContext, definition: Omit<Deployed, 'id'>): Promise<Deployed> {
  const { name, compiled, pack, gateReport, rehearsal } = definition
  return ctx.db
    .insertInto('workflow.definition')
    .values({
      ...definition,
      name: JSON.stringify(name),
      compiled: JSON.stringify(compiled),
      pack: JSON.stringify(pack),
      gateReport: JSON.stringify(gateReport),
      rehearsal: JSON.stringify(rehearsal),
    })
    .returning(DEFINITION)
    .executeTakeFirstOrThrow()
}

/** One version, through the request's loader. */
export function deployedById(ctx: Context, id: string): Promise<Deployed> {
  return loadThrough(ctx, byIds, id)
}

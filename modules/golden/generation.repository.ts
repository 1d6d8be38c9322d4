import { sql } from 'kysely'
import type { TransactionContext } from '../../core/context.ts'
import { searchTokens } from '../../core/text/search.ts'
import type { MergedRecord } from './merging.ts'
import './record.table.ts'
import type { Working } from './run.ts'

export interface Difference {
  readonly changed: number
  readonly removed: number
}

/**
 * Brings the records with keys after `from` and up to `to` into the generation in the making: what differs
 * from the generation served is written beside it, what vanished ends with it. Readers see none of it
 * before the switch. No `to` means to the last key.
 */
export async function write(
  ctx: TransactionContext,
  work: Working,
  records: readonly MergedRecord[],
  { from, to }: { readonly from: string; readonly to?: string },
): Promise<Difference> {
  const standing = await standingHashes(ctx, from, to)
  const differing = records.filter(({ key, contentSha256 }) => standing.get(key) !== contentSha256)
  const merged = new Set(records.map(({ key }) => key))
  const vanished = [...standing.keys()].filter((key) => !merged.has(key))
  const replaced = differing.flatMap(({ key }) => (standing.has(key) ? key : []))
  await close(ctx, work, [...vanished, ...replaced])
  await insert(ctx, work, differing)
  return { changed: differing.length, removed: vanished.length }
}

async function standingHashes(
  ctx: TransactionContext,
  from: string,
  to: string | undefined,
): Promise<Map<string, string>> {
  let query = ctx.db
    .selectFrom('golden.organisationRecord')
    .select(['key', 'contentSha256'])
    .where('until', 'is', null)
    .where('key', '>', from)
  if (to !== undefined) query = query.where('key', '<=', to)
  const rows = await query.execute()
  return new Map(rows.map(({ key, contentSha256 }) => [key, contentSha256]))
}

async function close(
  ctx: TransactionContext,
  { generation }: Working,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return
  await ctx.db
    .updateTable('golden.organisationRecord')
    .set({ until: generation })
    .where('key', '=', sql<string>`any(${keys}::text[])`)
    .where('until', 'is', null)
    .execute()
}

async function insert(
  ctx: TransactionContext,
  { generation, runId }: Working,
  records: readonly MergedRecord[],
): Promise<void> {
  if (records.length === 0) return
  const rows = records.map(({ key, name, names, entities, fields, formerNames, asOfAt, contentSha256 }) => ({
    key,
    name,
    entities,
    fields,
    former_names: formerNames,
    words: searchTokens(names.join(' ')),
    as_of_at: asOfAt,
    content_sha256: contentSha256,
  }))
  // One parameter for the whole batch: half the time of a row of placeholders each.
  await sql`
    insert into golden.organisation_record
      (key, since, name, entities, fields, former_names, search, as_of_at, merge_id, content_sha256)
    select key, ${generation}::bigint, name, entities, fields, former_names, to_tsvector('simple', words), as_of_at,
      ${runId}::uuid, content_sha256
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as record
      (key text, name text, entities integer, fields jsonb, former_names jsonb, words text, as_of_at timestamptz, content_sha256 text)
  `.execute(ctx.db)
}

/** Undoes a part of what an aborted merge left beside the generation served; answers how many rows. */
export async function undo(ctx: TransactionContext, work: Working, limit: number): Promise<number> {
  const { servedGeneration } = work
  const { rows: added } = await sql`
    delete from golden.organisation_record where (key, since) in (
      select key, since from golden.organisation_record where since > ${servedGeneration}::bigint limit ${limit}::int
    ) returning key
  `.execute(ctx.db)
  if (added.length > 0) return added.length
  const { rows: closed } = await sql`
    update golden.organisation_record set until = null where (key, since) in (
      select key, since from golden.organisation_record where until > ${servedGeneration}::bigint limit ${limit}::int
    ) returning key
  `.execute(ctx.db)
  return closed.length
}

/** Removes a part of what no reader can see any more; answers how many rows. */
export async function prune(ctx: TransactionContext, generation: number, limit: number): Promise<number> {
  const { rows } = await sql`
    delete from golden.organisation_record where (key, since) in (
      select key, since from golden.organisation_record where until <= ${generation}::bigint limit ${limit}::int
    ) returning key
  `.execute(ctx.db)
  return rows.length
}

import { sql } from 'kysely'
import type { TransactionContext } from '../../core/context.ts'
import { copyRows, type CopyTarget, type CopyValue } from '../../core/copy.repository.ts'
import { searchVector } from '../../core/text/search.ts'
import type { MergedRecord } from './sealed.ts'
import './record.table.ts'
import type { Working } from './run.ts'

/** The table of records, as a part of them is copied into it. */
export const RECORDS: CopyTarget = {
  into: 'golden.organisation_record',
  columns: {
    key: 'text',
    since: 'bigint',
    name: 'text',
    entities: 'integer',
    fields: 'jsonb',
    former_names: 'jsonb',
    search: 'tsvector',
    as_of_at: 'timestamptz',
    merge_id: 'uuid',
    content_sha256: 'text',
  },
}

/** A record as its row in the generation in the making. */
export interface StoredRecord extends Pick<MergedRecord, 'key' | 'contentSha256'> {
  readonly row: readonly CopyValue[]
}

/** All of the record that is kept until its part is written: hundreds wait, and the next are being computed. */
export function stored(
  { generation, runId }: Working,
  { key, name, names, entities, json, asOfAt, contentSha256 }: MergedRecord,
): StoredRecord {
  const search = searchVector(names.join(' '))
  const instant = asOfAt.toISOString()
  const { fields, formerNames } = json
  const row = [key, generation, name, entities, fields, formerNames, search, instant, runId, contentSha256]
  return { key, contentSha256, row }
}

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
  records: readonly StoredRecord[],
  { from, to }: { readonly from: string; readonly to?: string },
): Promise<Difference> {
  const standing = await standingHashes(ctx, from, to)
  const differing = records.filter(({ key, contentSha256 }) => standing.get(key) !== contentSha256)
  const merged = new Set(records.map(({ key }) => key))
  const vanished = [...standing.keys()].filter((key) => !merged.has(key))
  const replaced = differing.flatMap(({ key }) => (standing.has(key) ? key : []))
  await close(ctx, work, [...vanished, ...replaced])
  await copyRows(
    ctx,
    RECORDS,
    differing.map(({ row }) => row),
  )
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

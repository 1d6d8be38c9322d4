import { type ExpressionBuilder, sql } from 'kysely'
import type { Context } from '../../core/context.ts'
import type { Database } from '../../core/database.ts'
import { together } from '../../core/together.ts'
import type { FieldDescription, FieldSource, OrganisationRecord, RecordField } from './record.ts'
import type { JsonField, JsonFormerName, JsonSource } from './record.table.ts'

const COLUMNS = ['key', 'name', 'asOfAt', 'fields', 'formerNames'] as const
/** Records looked at in key order before a word's own index is asked. */
const WALKED = 1000

export interface FoundRecord extends OrganisationRecord {
  readonly entities: number
}

/**
 * What is served under the key: one indexed row, described as the run served describes its fields. Those who ask at
 * once are answered by one statement.
 */
export async function find(ctx: Context, key: string): Promise<FoundRecord | undefined> {
  const row = await rowUnder(ctx.db, key)
  if (!row?.runId) return undefined
  return { ...described(row, await descriptionsOf(ctx, row.runId)), entities: row.entities }
}

const rowUnder = together(async (db, keys: readonly string[]) => {
  // Not prepared: a plan kept from when there were few records reads all of them once a merge has made a million.
  const { rows } = await sql<RecordRow & { readonly entities: number; readonly runId: string | null }>`
    select record.key, record.name, record.as_of_at, record.fields, record.former_names, record.entities, served.run_id
    from golden.organisation_record as record join golden.served as served on served.entity = 'legal-entity'
    where record.key = any(${[...new Set(keys)]}::text[])
      and record.since <= served.generation and (record.until is null or record.until > served.generation)
  `.execute(db)
  const byKey = new Map(rows.map((row) => [row.key, row]))
  return keys.map((key) => byKey.get(key))
})

const MOST_RUNS = 20
/** By run, the newest last: a run that is served describes its fields once and for all. */
const descriptions = new Map<string, readonly FieldDescription[]>()

async function descriptionsOf(ctx: Context, runId: string): Promise<readonly FieldDescription[]> {
  const known = descriptions.get(runId)
  if (known) return known
  const { fields } = await ctx.db
    .selectFrom('golden.mergeRun')
    .select('fields')
    .where('id', '=', runId)
    .executeTakeFirstOrThrow()
  descriptions.set(runId, fields)
  if (descriptions.size > MOST_RUNS) descriptions.delete(String(descriptions.keys().next().value))
  return fields
}

export interface RecordFilter {
  /** Beginning of the credit code. */
  readonly prefix?: string | undefined
  /** A tsquery over names. */
  readonly query?: string | undefined
  /** Key of the record before the page. */
  readonly after?: string | undefined
  readonly limit: number
}

/**
 * Served records by key; those of shared keys are left out.
 *
 * First the next records in key order are looked at: they fill the page of a frequent word or a short
 * prefix. What is rarer is asked of its own index. In one query, a planner without statistics (the embedded
 * database gathers none) takes the wrong way for one of the two.
 */
export async function list(ctx: Context, filter: RecordFilter): Promise<OrganisationRecord[]> {
  const near = await nearest(ctx, filter)
  const rows = near.length === filter.limit ? near : await everywhere(ctx, filter)
  if (rows.length === 0) return []
  const descriptions = await fieldsServed(ctx)
  return rows.map((row) => described(row, descriptions))
}

function nearest(ctx: Context, filter: RecordFilter): Promise<RecordRow[]> {
  return ctx.db
    .selectFrom((from) =>
      from
        .selectFrom('golden.organisationRecord')
        .select([...COLUMNS, 'since', 'until', 'entities', 'search'])
        .where('key', '>=', filter.prefix ?? '')
        .where('key', '>', filter.after ?? '')
        .orderBy('key')
        .limit(WALKED)
        .as('golden.organisationRecord'),
    )
    .select(COLUMNS)
    .where(served)
    .where(wanted(filter))
    .orderBy('key')
    .limit(filter.limit)
    .execute()
}

function everywhere(ctx: Context, filter: RecordFilter): Promise<RecordRow[]> {
  return ctx.db
    .with(
      (as) => as('hits').materialized(),
      (from) =>
        from
          .selectFrom('golden.organisationRecord')
          .select(COLUMNS)
          .where(served)
          .where('key', '>=', filter.prefix ?? '')
          .where('key', '>', filter.after ?? '')
          .where(wanted(filter)),
    )
    .selectFrom('hits')
    .select(COLUMNS)
    .orderBy('key')
    .limit(filter.limit)
    .execute()
}

function wanted({ prefix, query }: RecordFilter) {
  if (query !== undefined) return sql<boolean>`search @@ to_tsquery('simple', ${query})`
  // '[' comes after 'Z'.
  return prefix === undefined ? sql<boolean>`true` : sql<boolean>`key < ${`${prefix}[`}`
}

async function fieldsServed(ctx: Context): Promise<readonly FieldDescription[]> {
  const row = await ctx.db
    .selectFrom('golden.served')
    .innerJoin('golden.mergeRun', 'golden.mergeRun.id', 'golden.served.runId')
    .select('fields')
    .where('golden.served.entity', '=', 'legal-entity')
    .executeTakeFirst()
  return row?.fields ?? []
}

function served(where: ExpressionBuilder<Database, 'golden.organisationRecord'>) {
  const generation = where
    .selectFrom('golden.served')
    .select('generation')
    .where('golden.served.entity', '=', 'legal-entity')
  return where.and([
    where('entities', '=', 1),
    where('since', '<=', generation),
    where.or([where('until', 'is', null), where('until', '>', generation)]),
  ])
}

interface RecordRow {
  readonly key: string
  readonly name: string
  readonly asOfAt: Date
  readonly fields: readonly JsonField[]
  readonly formerNames: readonly JsonFormerName[]
}

function described(row: RecordRow, descriptions: readonly FieldDescription[]): OrganisationRecord {
  const byName = new Map(descriptions.map((description) => [description.name, description]))
  const fields = row.fields.map((field): RecordField => {
    const description = byName.get(field.name)
    return {
      ...field,
      source: field.source && source(field.source),
      runnersUp: field.runnersUp.map(source),
      label: description?.label ?? { zh: field.name, en: field.name },
      personal: description?.personal ?? true,
    }
  })
  const formerNames = row.formerNames.map((each) => ({ ...each, source: each.source && source(each.source) }))
  return { key: row.key, name: row.name, asOfAt: row.asOfAt, fields, formerNames }
}

function source(stored: JsonSource): FieldSource {
  return { ...stored, asOfAt: new Date(stored.asOfAt) }
}

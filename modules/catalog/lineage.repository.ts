import { sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import type { FindingCount } from '../../core/plane/plane.ts'
import {
  difference,
  type LineageEdge,
  type LineageStart,
  MAX_EDGES,
  type NodeKind,
  type RowOrigin,
  type RowReference,
  type TransformationKind,
  type VersionOrigin,
} from './lineage.ts'
import './lineage.table.ts'

interface EdgeRow {
  readonly inputKind: NodeKind
  readonly inputId: string
  readonly inputColumn: string
  readonly outputKind: NodeKind
  readonly outputId: string
  readonly outputColumn: string
  readonly kind: TransformationKind
  readonly steps: readonly string[]
}

const read = (row: EdgeRow): LineageEdge => ({
  from: { kind: row.inputKind, id: row.inputId, column: row.inputColumn },
  to: { kind: row.outputKind, id: row.outputId, column: row.outputColumn },
  kind: row.kind,
  steps: row.steps,
})

const written = ({ from, to, kind, steps }: LineageEdge) => ({
  input_kind: from.kind,
  input_id: from.id,
  input_column: from.column,
  output_kind: to.kind,
  output_id: to.id,
  output_column: to.column,
  kind,
  steps,
})

/**
 * The edges into `output` from now on: what is no longer so ends with `since`, what is new begins with it.
 * The caller holds the output's lock. Idempotent by its edges.
 */
export async function replaceEdges(
  ctx: TransactionContext,
  output: Pick<LineageStart, 'kind' | 'id'>,
  since: number,
  edges: readonly LineageEdge[],
): Promise<void> {
  const { rows } = await sql<EdgeRow>`
    select input_kind, input_id, input_column, output_kind, output_id, output_column, kind, steps
    from catalog.lineage_edge
    where output_kind = ${output.kind} and output_id = ${output.id} and until is null
  `.execute(ctx.db)
  const { ended, begun } = difference(rows.map(read), edges)
  if (ended.length > 0)
    await sql`
      update catalog.lineage_edge as edge set until = ${since}::bigint
      from jsonb_to_recordset(${JSON.stringify(ended.map(written))}::jsonb) as gone
        (input_kind text, input_id text, input_column text, output_column text)
      where edge.output_kind = ${output.kind} and edge.output_id = ${output.id} and edge.until is null
        and edge.output_column = gone.output_column and edge.input_kind = gone.input_kind
        and edge.input_id = gone.input_id and edge.input_column = gone.input_column
    `.execute(ctx.db)
  if (begun.length > 0)
    await sql`
      insert into catalog.lineage_edge
        (input_kind, input_id, input_column, output_kind, output_id, output_column, kind, steps, since)
      select input_kind, input_id, input_column, output_kind, output_id, output_column, kind, steps, ${since}::bigint
      from jsonb_to_recordset(${JSON.stringify(begun.map(written))}::jsonb) as edge
        (input_kind text, input_id text, input_column text,
         output_kind text, output_id text, output_column text, kind text, steps jsonb)
    `.execute(ctx.db)
}

export async function insertOrigin(
  ctx: TransactionContext,
  { datasetId, version }: Pick<RowReference, 'datasetId' | 'version'>,
  { fileSha256, findings }: VersionOrigin,
): Promise<void> {
  await ctx.db
    .insertInto('catalog.versionOrigin')
    .values({ datasetId, version, fileSha256, findings: sql`${JSON.stringify(findings)}::jsonb` })
    .execute()
}

/**
 * The edges within `depth` steps of the start, towards the files (`up`) or the records (`down`); those of
 * today. One query, at most {@link MAX_EDGES} + 1 rows, the nearest first.
 */
export async function walk(
  ctx: Context,
  start: LineageStart,
  direction: 'up' | 'down',
  depth: number,
): Promise<LineageEdge[]> {
  const near = direction === 'up' ? OUTPUT : INPUT
  const far = direction === 'up' ? INPUT : OUTPUT
  const column = start.column === undefined ? sql`true` : sql`${near.column} = ${start.column}`
  const { rows } = await sql<EdgeRow>`
    with recursive walk as (
      select edge.*, 1 as depth from catalog.lineage_edge as edge
      where ${near.kind} = ${start.kind} and ${near.id} = ${start.id} and ${column} and until is null
      union
      select edge.*, walk.depth + 1 from walk join catalog.lineage_edge as edge
        on ${near.of('edge')} = ${far.of('walk')} and edge.until is null
      where walk.depth < ${depth}::int
    ), nearest as (
      select distinct on (output_kind, output_id, output_column, input_kind, input_id, input_column) *
      from walk
      order by output_kind, output_id, output_column, input_kind, input_id, input_column, depth
    )
    select input_kind, input_id, input_column, output_kind, output_id, output_column, kind, steps
    from nearest order by depth, output_id, output_column, input_id, input_column
    limit ${MAX_EDGES + 1}::int
  `.execute(ctx.db)
  return rows.map(read)
}

const side = (name: 'input' | 'output') => ({
  kind: sql.ref(`edge.${name}_kind`),
  id: sql.ref(`edge.${name}_id`),
  column: sql.ref(`edge.${name}_column`),
  of: (table: string) =>
    sql`(${sql.ref(`${table}.${name}_kind`)}, ${sql.ref(`${table}.${name}_id`)}, ${sql.ref(`${table}.${name}_column`)})`,
})
const INPUT = side('input')
const OUTPUT = side('output')

/**
 * The way of the rows' values into a merged field, in the order of `rows`; one query. The mapping is the one
 * under which the version was loaded, not that of today.
 */
export async function rowOrigins(
  ctx: Context,
  field: { readonly entity: string; readonly field: string },
  rows: readonly RowReference[],
): Promise<RowOrigin[]> {
  if (rows.length === 0) return []
  const asked = rows.map(({ datasetId, version, rowId, line }, at) => ({
    at,
    dataset_id: datasetId,
    version,
    row_id: rowId,
    line,
  }))
  const { rows: found } = await sql<RowOrigin & { line: string | number | null }>`
    select asked.dataset_id, asked.version, asked.row_id, asked.line, version.batch_id, origin.file_sha256,
      merged.input_column as "column", mapped.input_column as file_column
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as asked
      (at integer, dataset_id uuid, version integer, row_id text, line bigint)
    join catalog.dataset_version as version
      on version.dataset_id = asked.dataset_id and version.version = asked.version
    left join catalog.version_origin as origin
      on origin.dataset_id = asked.dataset_id and origin.version = asked.version
    left join catalog.lineage_edge as merged
      on merged.output_kind = 'golden' and merged.output_id = ${field.entity}
      and merged.output_column = ${field.field} and merged.input_kind = 'dataset'
      and merged.input_id = asked.dataset_id::text and merged.until is null
    left join catalog.lineage_edge as mapped
      on mapped.output_kind = 'dataset' and mapped.output_id = asked.dataset_id::text
      and mapped.output_column = merged.input_column and mapped.since <= asked.version
      and (mapped.until is null or mapped.until > asked.version)
    order by asked.at
  `.execute(ctx.db)
  return found.map(({ line, ...row }) => ({ ...row, line: line === null ? null : Number(line) }))
}

/** The origins kept of the named versions of one dataset. */
export async function originsOf(
  ctx: Context,
  datasetId: string,
  versions: readonly number[],
): Promise<{ version: number; fileSha256: string; findings: readonly FindingCount[] }[]> {
  if (versions.length === 0) return []
  return ctx.db
    .selectFrom('catalog.versionOrigin')
    .select(['version', 'fileSha256', 'findings'])
    .where('datasetId', '=', datasetId)
    .where('version', 'in', [...versions])
    .execute()
}

/** The edges into an output that held at version or generation `at`; those of today when it is absent. */
export async function edgesAt(
  ctx: Context,
  output: Pick<LineageStart, 'kind' | 'id'>,
  at?: number,
): Promise<LineageEdge[]> {
  let query = ctx.db
    .selectFrom('catalog.lineageEdge')
    .select([
      'inputKind',
      'inputId',
      'inputColumn',
      'outputKind',
      'outputId',
      'outputColumn',
      'kind',
      'steps',
    ])
    .where('outputKind', '=', output.kind)
    .where('outputId', '=', output.id)
  query =
    at === undefined
      ? query.where('until', 'is', null)
      : query
          .where('since', '<=', at)
          .where((where) => where.or([where('until', 'is', null), where('until', '>', at)]))
  const rows = await query.orderBy('outputColumn').orderBy('inputId').limit(MAX_EDGES).execute()
  return rows.map(read)
}

import type { Context } from '../../core/context.ts'
import { recordAccess } from '../../core/events.ts'
import { type SelectSpec, selectAll } from '../../core/plane/plane.ts'
import type { CompiledColumn } from '../../core/text/column.ts'
import * as standards from '../../standards/index.ts'
import type { Dataset } from './dataset.ts'
import { datasetsByIds } from './dataset.repository.ts'
import { currentVersion, maySee } from './dataset.service.ts'

/** How many rows of a dataset's current version hold a standard's values in one column. */
export interface Holding {
  readonly dataset: Dataset
  readonly version: number
  readonly column: string
  /** Rows with any value, or with the one code asked for. */
  readonly rows: number
}

/** Beyond these datasets nothing is counted; each count reads the files of a version. */
export const MAX_COUNTED = 100

/** Whether every dataset that depends on the standard is among the counted. */
export const countsAll = ({ dependencies }: standards.Impact): boolean =>
  standards.datasetsOf(dependencies).length <= MAX_COUNTED

/**
 * The rows that hold an element, a list or one code, counted exactly in the Parquet files of the current version of
 * the datasets that depend on it and that the actor may see (2.6), the first {@link MAX_COUNTED} by id. Counting is
 * recorded as a reading of the columns.
 */
export async function holdings(
  ctx: Context,
  { kind, code, value, dependencies }: standards.Impact,
): Promise<Holding[]> {
  const users = standards.datasetsOf(dependencies).slice(0, MAX_COUNTED)
  if (users.length === 0) return []
  const result: Holding[] = []
  for (const dataset of await datasetsByIds(
    ctx,
    users.map(({ id }) => id),
  )) {
    const version = await currentVersion(ctx, dataset.id)
    if (version === null || version.files.length === 0 || !(await maySee(ctx, dataset))) continue
    const schema = await standards.publishedSchema(ctx, dataset.schemaCode, version.schemaVersion)
    const columns = kind === 'schema' ? [] : schema.columns.filter((column) => holds(column, kind, code))
    const files = version.files.map(({ sha256 }) => sha256)
    for (const { name } of columns)
      result.push({
        dataset,
        version: version.version,
        column: name,
        rows: await countOf(ctx, files, name, value),
      })
  }
  const subject = `standards.impact:${kind}:${code}${value === null ? '' : `#${value}`}`
  const fields = [...new Set(result.map(({ column }) => column))]
  await recordAccess(ctx, { kind: 'read', subject, purpose: 'impact analysis', fields })
  return result
}

const holds = (column: CompiledColumn, kind: standards.Impact['kind'], code: string) =>
  kind === 'element' ? column.elementCode === code : column.codeListId === code

async function countOf(
  ctx: Context,
  files: readonly string[],
  column: string,
  value: string | null,
): Promise<number> {
  const spec: SelectSpec = {
    sources: [{ files, columns: { [column]: column } }],
    where: [value === null ? { column, operator: 'not-null' } : { column, operator: '=', values: [value] }],
    aggregates: { rows: { function: 'count' } },
  }
  const [row] = await selectAll(ctx.plane, spec)
  return Number(row?.['rows'] ?? 0)
}

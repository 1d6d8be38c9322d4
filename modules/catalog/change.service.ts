import type { Context } from '../../core/context.ts'
import { recordAccess } from '../../core/events.ts'
import { type Connection, connection, type PageRequest, readCursor, rowsToRead } from '../../core/page.ts'
import type { ChangeOperation, ChangesSpec, PlaneRow } from '../../core/plane/plane.ts'
import { authorize } from '../../core/policy.ts'
import * as standards from '../../standards/index.ts'
import { type Change, type ChangeCounts, comparison, errors, readChange } from './change.ts'
import { dataset as readDataset } from './dataset.service.ts'
import { can } from './policy.ts'
import * as versions from './version.repository.ts'

export interface ChangesRequest {
  readonly datasetId: string
  readonly from: number
  readonly to: number
  /** Columns whose differences do not count, such as the day of the last edit. */
  readonly ignoring?: readonly string[]
}

/**
 * What differs between two versions of a dataset, by key; for its own department, and recorded as a reading.
 * The cursor is the key: two feeds, from a to b and from b to c, compose to that from a to c.
 *
 * @throws CATALOG_DATASET_NOT_FOUND, POLICY_FORBIDDEN, CATALOG_VERSION_NOT_FOUND, CATALOG_CHANGE_COLUMN_UNKNOWN
 */
export async function changes(
  ctx: Context,
  request: ChangesRequest & PageRequest & { readonly operations?: readonly ChangeOperation[] | null },
): Promise<Connection<Change>> {
  const limit = rowsToRead(request)
  const compared = await compare(ctx, request)
  const after = readCursor(
    'changes',
    compared.key.map(() => 'text'),
    request,
  )
  const rows: PlaneRow[] = []
  const operations = request.operations ?? ['insert', 'update', 'delete']
  const page = { ...compared, operations, limit, ...(after && { afterKey: after.map(String) }) }
  for await (const row of ctx.plane.changes(page)) rows.push(row)
  await recordAccess(ctx, {
    kind: 'read',
    subject: `catalog.changes:${request.datasetId}:${request.from}-${request.to}`,
  })
  return connection('changes', rows.map(readChange), request, ({ key }) => [...key])
}

/** How many rows differ, and how. @throws as {@link changes} */
export async function changeCounts(ctx: Context, request: ChangesRequest): Promise<ChangeCounts> {
  const compared = await compare(ctx, request)
  const counts = { insert: 0, update: 0, delete: 0, unchanged: 0 }
  for await (const { operation, rows } of ctx.plane.changes({ ...compared, counted: true, limit: 0 }))
    counts[operation as ChangeOperation] = Number(rows)
  return counts
}

/** The key is that of the later version's schema. */
async function compare(ctx: Context, request: ChangesRequest): Promise<Omit<ChangesSpec, 'limit'>> {
  const dataset = await readDataset(ctx, request.datasetId)
  await authorize(ctx, can.readChanges, dataset)
  const { from, to, ignoring = [] } = request
  const found = await versions.findAll(
    ctx,
    [from, to].map((version) => ({ datasetId: dataset.id, version })),
  )
  const [before, after] = [from, to].map((number) => {
    const version = found.find((each) => each.version === number)
    if (!version) throw errors.VERSION_NOT_FOUND({ version: number })
    return version
  })
  if (!before || !after) throw errors.VERSION_NOT_FOUND({ version: to })
  const schema = await standards.publishedSchema(ctx, dataset.schemaCode, after.schemaVersion)
  return {
    ...comparison(schema.columns, schema.primaryKey, ignoring),
    before: before.files.map(({ sha256 }) => sha256),
    after: after.files.map(({ sha256 }) => sha256),
  }
}

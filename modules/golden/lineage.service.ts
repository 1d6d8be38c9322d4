import type { Context } from '../../core/context.ts'
import { type PlaneRow, selectAll } from '../../core/plane/plane.ts'
import { authorize } from '../../core/policy.ts'
import { COMPANY_NUMBERS } from '../../standards/index.ts'
import { dataset, rowOrigins, versionsForKey } from '../catalog/index.ts'
import { ENTITY, errors, fedBy, type FieldLineage, type LineLineage } from './lineage.ts'
import { can } from './policy.ts'
import { errors as recordErrors } from './record.ts'
import { lookUp, organisationRecord } from './record.service.ts'

/**
 * Where the value of one field of one record comes from: version, row, line, batch and file of the row it was
 * taken from and of those that lost. Holds no value. The read is logged as any other of the record.
 *
 * @throws POLICY_FORBIDDEN, GOLDEN_FIELD_NOT_FOUND, and what organisationRecord throws
 */
export async function fieldLineage(
  ctx: Context,
  input: { readonly key: string; readonly field: string; readonly purpose: string },
): Promise<FieldLineage> {
  await authorize(ctx, can.searchRecords)
  const { key, fields } = await organisationRecord(ctx, input)
  const field = fields.find(({ name }) => name === input.field)
  if (!field) throw errors.FIELD_NOT_FOUND({ field: input.field })
  const { name, label, rule, source, runnersUp } = field
  const rows = [...(source ? [source] : []), ...runnersUp]
  const origins = await rowOrigins(ctx, { entity: ENTITY, field: name }, rows)
  return {
    key,
    field: { name, label, rule },
    origins: origins.map((origin, at) => ({ ...origin, chosen: source !== null && at === 0 })),
  }
}

/**
 * The fields of the record that a line of a department's file feeds. The read is logged as any other of the
 * record.
 *
 * @throws POLICY_FORBIDDEN, GOLDEN_PURPOSE_MISSING, CATALOG_DATASET_NOT_FOUND, GOLDEN_LINE_NOT_FOUND,
 * GOLDEN_SUBJECT_AMBIGUOUS
 */
export async function lineLineage(
  ctx: Context,
  input: {
    readonly datasetId: string
    readonly version: number
    readonly line: number
    readonly purpose: string
  },
): Promise<LineLineage> {
  await authorize(ctx, can.searchRecords)
  if (input.purpose.trim() === '') throw recordErrors.PURPOSE_MISSING()
  const { id: datasetId } = await dataset(ctx, input.datasetId)
  const { version, line } = input
  const [readable] = await versionsForKey(ctx, [{ datasetId, version }], COMPANY_NUMBERS)
  const row = readable && (await rowAt(ctx, readable, line))
  if (!row) throw errors.LINE_NOT_FOUND({ version, line })

  const rowId = String(row['row_id'])
  const key = row['key'] === null ? null : String(row['key'])
  const record = key === null ? undefined : await lookUp(ctx, { key, purpose: input.purpose })
  const fields = fedBy(record?.fields ?? [], { datasetId, version, rowId })
  return { datasetId, version, line, rowId, key: record?.key ?? null, fields }
}

/** Read to its end: a reader that stops in the middle costs the plane a process. */
async function rowAt(
  ctx: Context,
  { version, key }: Awaited<ReturnType<typeof versionsForKey>>[number],
  line: number,
): Promise<PlaneRow | undefined> {
  if (version.files.length === 0) return undefined
  const files = version.files.map(({ sha256 }) => sha256)
  const [row] = await selectAll(ctx.plane, {
    sources: [{ files, columns: { line: '_line', row_id: '_row_id', key: key.name } }],
    where: [{ column: 'line', operator: '=', values: [line] }],
    limit: 1,
  })
  return row
}

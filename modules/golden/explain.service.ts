import type { Context } from '../../core/context.ts'
import { loadThrough } from '../../core/loader.ts'
import { datasetsByIds } from '../catalog/index.ts'
import { organisationById } from '../organisation/index.ts'
import { explained, type Explanation, type NamedSource } from './explain.ts'
import type { FieldSource, RecordField } from './record.ts'
import { organisationRecord } from './record.service.ts'

/** The field of a record already read, in words. */
export async function explain(ctx: Context, field: RecordField): Promise<Explanation> {
  const sources = [...(field.source ? [field.source] : []), ...field.runnersUp]
  const names = new Map<string, NamedSource>()
  for (const { datasetId, organisationId } of sources) {
    if (names.has(datasetId)) continue
    const { title } = await loadThrough(ctx, datasetsByIds, datasetId)
    const { name } = await organisationById(ctx, organisationId)
    names.set(datasetId, { organisation: name, dataset: title })
  }
  const nameOf = ({ datasetId, organisationId }: FieldSource) =>
    names.get(datasetId) ?? { organisation: { zh: organisationId, en: organisationId }, dataset: datasetId }
  return explained(field, field.label, nameOf)
}

/**
 * Why each value of a record is there. The read is logged as any other.
 *
 * @throws what organisationRecord throws
 */
export async function explainRecord(
  ctx: Context,
  input: { readonly key: string; readonly purpose: string },
): Promise<{
  key: string
  name: string
  fields: (Pick<RecordField, 'name' | 'value' | 'rule'> & Explanation)[]
}> {
  const { key, name, fields } = await organisationRecord(ctx, input)
  const told = []
  for (const field of fields) {
    const { name, value, rule } = field
    told.push({ name, value, rule, ...(await explain(ctx, field)) })
  }
  return { key, name, fields: told }
}

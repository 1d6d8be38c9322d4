import type { Context } from '../../core/context.ts'
import { loadThrough } from '../../core/loader.ts'
import { datasetsByIds } from '../catalog/index.ts'
import { organisationById } from '../organisation/index.ts'
import type { Texts } from '../../core/errors.ts'
import { explained, explainedName, type Explanation, type NamedSource } from './explain.ts'
import type { FormerName } from './former-name.ts'
import type { FieldSource, RecordField } from './record.ts'
import { organisationRecord } from './record.service.ts'

/** The field of a record already read, in words. */
export async function explain(ctx: Context, field: RecordField): Promise<Explanation> {
  const nameOf = await namesOf(ctx, [...(field.source ? [field.source] : []), ...field.runnersUp])
  return explained(field, field.label, nameOf)
}

async function namesOf(
  ctx: Context,
  sources: readonly FieldSource[],
): Promise<(source: FieldSource) => NamedSource> {
  const names = new Map<string, NamedSource>()
  for (const { datasetId, organisationId } of sources) {
    if (names.has(datasetId)) continue
    const { title } = await loadThrough(ctx, datasetsByIds, datasetId)
    const { name } = await organisationById(ctx, organisationId)
    names.set(datasetId, { organisation: name, dataset: title })
  }
  return ({ datasetId, organisationId }) =>
    names.get(datasetId) ?? { organisation: { zh: organisationId, en: organisationId }, dataset: datasetId }
}

/**
 * Why each value of a record is there, and each former name. The read is logged as any other.
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
  formerNames: (Pick<FormerName, 'name' | 'validFrom' | 'validTo'> & { readonly text: Texts })[]
}> {
  const { key, name, fields, formerNames } = await organisationRecord(ctx, input)
  const told = []
  for (const field of fields) {
    const { name, value, rule } = field
    told.push({ name, value, rule, ...(await explain(ctx, field)) })
  }
  const nameOf = await namesOf(
    ctx,
    formerNames.flatMap(({ source }) => source ?? []),
  )
  return {
    ...{ key, name, fields: told },
    formerNames: formerNames.map((former) => {
      const { name, validFrom, validTo } = former
      return { name, validFrom, validTo, text: explainedName(former, nameOf) }
    }),
  }
}

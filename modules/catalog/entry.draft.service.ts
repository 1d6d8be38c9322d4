import type { Context } from '../../core/context.ts'
import { authorize } from '../../core/policy.ts'
import * as standards from '../../standards/index.ts'
import { organisationById } from '../organisation/index.ts'
import { dataset as readDataset } from './dataset.service.ts'
import type { Entry } from './entry.ts'
import * as repository from './entry.repository.ts'
import type { NewEntryInput } from './entry.service.ts'
import { can } from './policy.ts'

const MAX_ELEMENTS = 500

/** Why a key is held twice without being collected twice: it joins the data to that of its legal source. */
const KEY_REASON = '标识字段，用于与数源单位的数据关联'

/**
 * The entry a dataset's provider would write of it, as far as the dataset knows: for the form.
 *
 * @throws CATALOG_DATASET_NOT_FOUND, POLICY_FORBIDDEN, and what publishedSchema throws
 */
export async function entryDraft(ctx: Context, datasetId: string): Promise<NewEntryInput> {
  const dataset = await readDataset(ctx, datasetId)
  await authorize(ctx, can.registerEntry, dataset)
  const { title, schemaCode, organisationId } = dataset
  const schema = await standards.publishedSchema(ctx, schemaCode)
  const { name: provider } = await organisationById(ctx, organisationId)
  const codes = schema.columns.map(({ elementCode }) => elementCode)
  const sources = await repository.elementSources(ctx, codes)
  const isKey = (name: string, role: string) => role === 'key' || schema.primaryKey.includes(name)
  const labels = schema.columns.map(({ label }) => label.zh)
  return {
    kind: 'department',
    classPath: [schema.name.zh],
    name: title,
    unit: '',
    summary:
      `${provider.zh}的${title}，按数据集模式“${schema.name.zh}”登记，包括${labels.join('、')}。`.slice(
        0,
        500,
      ),
    keywords: [schema.name.zh],
    format: 'database',
    formatType: 'Parquet',
    items: schema.columns.map(({ name, role, label, elementCode, dataType, maxLength }) => ({
      name: label.zh,
      elementCode,
      dataType,
      length: maxLength ?? null,
      duplicateReason:
        isKey(name, role) &&
        sources.some(
          (source) => source.elementCode === elementCode && source.organisationId !== organisationId,
        )
          ? KEY_REASON
          : null,
    })),
    sharingType: 'conditional',
    sharingBasis: null,
    sharingCondition: null,
    sharingMethod: 'query',
    open: false,
    openCondition: null,
    updateCycle: 'monthly',
    relatedCodes: [],
    custodian: '',
    contact: '',
    system: '',
    matters: [],
    datasetId,
  }
}

/** An element that another department is the legal source of, and where that department offers it. */
export interface CollectedElsewhere {
  readonly elementCode: string
  readonly organisationId: string
  readonly entries: readonly Pick<Entry, 'id' | 'code' | 'name'>[]
}

/**
 * Of these elements, those whose legal source is another organisation than the actor's, with that
 * organisation's published entries (一数一源).
 *
 * @throws POLICY_FORBIDDEN
 */
export async function legalSourcesElsewhere(
  ctx: Context,
  elementCodes: readonly string[],
): Promise<CollectedElsewhere[]> {
  await authorize(ctx, can.readEntry)
  return elsewhere(ctx, elementCodes.slice(0, MAX_ELEMENTS), ctx.actor.organisationId)
}

/** The same of an entry the actor sees; nothing for those outside the offices. */
export async function sourcesOf(
  ctx: Context,
  { items, organisationId }: Entry,
): Promise<CollectedElsewhere[]> {
  if (!(await ctx.policy.allows(ctx, can.readEntry))) return []
  return elsewhere(
    ctx,
    items.flatMap(({ elementCode }) => elementCode ?? []),
    organisationId,
  )
}

async function elsewhere(
  ctx: Context,
  elementCodes: readonly string[],
  provider: string,
): Promise<CollectedElsewhere[]> {
  const rows = await repository.offeredBySource(ctx, elementCodes)
  const others = rows.filter(({ organisationId }) => organisationId !== provider)
  return [...new Set(others.map(({ elementCode }) => elementCode))].map((elementCode) => {
    const offers = others.filter((row) => row.elementCode === elementCode)
    return {
      elementCode,
      organisationId: offers[0]?.organisationId ?? '',
      entries: offers.flatMap(({ id, code, name }) =>
        id !== null && code !== null && name !== null ? [{ id, code, name }] : [],
      ),
    }
  })
}

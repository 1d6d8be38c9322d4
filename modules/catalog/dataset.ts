import { defineErrors } from '../../core/errors.ts'
import type { Quality } from './quality.ts'

/** A body of data that one organisation answers for, its rows shaped by one record schema. */
export interface Dataset {
  readonly id: string
  /** The organisation that answers for the data (数源单位). */
  readonly organisationId: string
  readonly title: string
  readonly schemaCode: string
  /** 1 to 999; when records are merged and nothing else decides, the smaller rank wins. */
  readonly sourceRank: number
  readonly registeredAt: Date
  /** Of the current version; null before the first. */
  readonly quality: Quality | null
}

export const errors = defineErrors('CATALOG', {
  DATASET_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到编号为 {id} 的数据资源',
    en: 'There is no dataset {id}',
  },
  DATASET_TITLE_INVALID: {
    kind: 'invalid',
    zh: '数据资源名称须为1至{limit}个字',
    en: 'A dataset’s title has 1 to {limit} characters',
  },
  DATASET_RANK_INVALID: {
    kind: 'invalid',
    zh: '数源次序须为1至999的整数',
    en: 'A source rank is a whole number from 1 to 999',
  },
  DATASET_FIELDS_UNMAPPED: {
    kind: 'invalid',
    zh: '以下字段尚未对应标准数据元：{fields}',
    en: 'These fields have no standard data element yet: {fields}',
  },
  ENTRY_NAME_TAKEN: {
    kind: 'conflict',
    zh: '本单位已有名为“{title}”的信息资源',
    en: 'Your organisation already has a resource named “{title}”',
  },
})

const MAX_TITLE = 200
const DEFAULT_RANK = 100

/** The form in which two titles of one provider are the same (section 3: unique after normalisation). */
export function titleKey(title: string): string {
  return title.normalize('NFKC').replace(/\s+/g, '').toLowerCase()
}

/**
 * A dataset of `organisationId` before its first version. Every column must be bound to a standard data
 * element (数据元, GB/T 18391).
 *
 * @throws CATALOG_DATASET_TITLE_INVALID, CATALOG_DATASET_FIELDS_UNMAPPED
 */
export function registered(
  input: { readonly organisationId: string; readonly title: string; readonly schemaCode: string },
  columns: readonly { readonly name: string; readonly elementCode: string }[],
  registeredAt: Date,
): Omit<Dataset, 'id'> {
  const title = input.title.normalize('NFC').trim()
  if (titleKey(title) === '' || [...title].length > MAX_TITLE)
    throw errors.DATASET_TITLE_INVALID({ limit: MAX_TITLE })

  const unmapped = columns.filter(({ elementCode }) => elementCode === '')
  if (unmapped.length > 0)
    throw errors.DATASET_FIELDS_UNMAPPED({ fields: unmapped.map(({ name }) => name).join(', ') })

  return { ...input, title, sourceRank: DEFAULT_RANK, registeredAt, quality: null }
}

/** @throws CATALOG_DATASET_RANK_INVALID */
export function ranked(dataset: Dataset, sourceRank: number): Dataset {
  if (!Number.isInteger(sourceRank) || sourceRank < 1 || sourceRank > 999) throw errors.DATASET_RANK_INVALID()
  return { ...dataset, sourceRank }
}

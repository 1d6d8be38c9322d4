import type { Grade } from './quality.ts'
import { defineErrors, type DomainError } from '../../core/errors.ts'
import { fold } from '../../core/text/fold.ts'
import { mismatch, named } from './entry.labels.ts'

export type EntryKind = 'base' | 'theme' | 'department'
export type EntryStatus = 'registered' | 'reviewed' | 'published' | 'withdrawn'
export type EntryFormat = 'file' | 'spreadsheet' | 'database' | 'graphic' | 'stream' | 'self-describing'
export type SharingType = 'unconditional' | 'conditional' | 'none'
export type SharingMethod = 'query' | 'api' | 'file' | 'database' | 'offline'
export type UpdateCycle = 'realtime' | 'daily' | 'weekly' | 'monthly' | 'quarterly' | 'yearly' | 'other'

/** One item of information (信息项) of a resource. */
export interface EntryItem {
  readonly name: string
  /** Null while it is bound to no data element. */
  readonly elementCode: string | null
  readonly dataType: string
  /** Unicode code points; null without a limit. */
  readonly length: number | null
  /** 1 to 4; of an item without an element 4, for what has no label counts as the most protected (section 10). */
  readonly level: number
  readonly personal: boolean
  /** Why it is collected though another department is its legal source (一数一源). */
  readonly duplicateReason: string | null
}

/** How protected an item or a column is. */
export type Labelled = Pick<EntryItem, 'level' | 'personal'>

/** The text that forbids sharing: a law, a regulation or a document of the State Council, with its clause. */
export interface SharingBasis {
  readonly document: string
  readonly clause: string
}

/** What a department writes of an information resource (政务信息资源目录编制指南, 2017; GB/T 21063.3). */
export interface EntryContent {
  readonly name: string
  /** The office inside the provider. */
  readonly unit: string
  readonly summary: string
  readonly keywords: readonly string[]
  readonly format: EntryFormat
  /** The concrete one, such as xlsx or PostgreSQL. */
  readonly formatType: string
  readonly items: readonly EntryItem[]
  readonly sharingType: SharingType
  readonly sharingBasis: SharingBasis | null
  readonly sharingCondition: string | null
  /** Null when the resource is not shared. */
  readonly sharingMethod: SharingMethod | null
  readonly open: boolean
  readonly openCondition: string | null
  readonly updateCycle: UpdateCycle
  /** Codes of entries about the same elsewhere. */
  readonly relatedCodes: readonly string[]
  readonly custodian: string
  readonly contact: string
  readonly system: string
  readonly matters: readonly string[]
  /** The dataset that holds its data; null when it is kept elsewhere. */
  readonly datasetId: string | null
}

/** An entry of the resource directory (资源目录). */
export interface Entry extends EntryContent {
  readonly id: string
  /** 类, 项, 目 and 细目, then `/` and a serial of six digits. */
  readonly code: string
  /** The provider (提供方). */
  readonly organisationId: string
  readonly kind: EntryKind
  /** Names of 项, 目 and 细目. */
  readonly classPath: readonly string[]
  readonly status: EntryStatus
  readonly registeredBy: string
  /** Everybody who wrote any of it, each once; none of them may review it. */
  readonly editedBy: readonly string[]
  readonly registeredAt: Date
  readonly reviewedBy: string | null
  /** Day of the first publication; null before. */
  readonly publishedOn: string | null
  /** When its custodian last confirmed it. */
  readonly confirmedAt: Date
  /** Why a reviewer sent it back. */
  readonly remark: string | null
  /** The highest of its items and of the columns of its dataset. */
  readonly level: number
  /** When the current version of its dataset was published; null before the first, or without a dataset. */
  readonly dataAt: Date | null
  /** Rows of that version. */
  readonly dataRows: number | null
  /** Quality of that version. */
  readonly grade: Grade | null
  /** When it was taken out of the open directory because it may not be open any more; null once it is rewritten. */
  readonly closedAt: Date | null
}

export const errors = defineErrors('CATALOG', {
  ENTRY_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到编号为 {id} 的目录条目',
    en: 'There is no directory entry {id}',
  },
  ENTRY_INVALID: {
    kind: 'invalid',
    zh: '目录条目的“{fieldZh}”无效：{rule}',
    en: 'The {field} of the entry is not valid: {rule}',
  },
  ENTRY_BASIS_MISSING: {
    kind: 'invalid',
    zh: '不予共享须写明依据：法律、行政法规或国务院文件的名称和条款',
    en: 'Not sharing needs a basis: a law, a regulation or a State Council document, with its clause',
  },
  ENTRY_CONDITION_MISSING: {
    kind: 'invalid',
    zh: '有条件共享须写明共享条件',
    en: 'Sharing on condition needs the condition',
  },
  ENTRY_METHOD_MISMATCH: {
    kind: 'invalid',
    zh: '共享方式“{methodZh}”与信息资源格式“{formatZh}”不符，可用：{fittingZh}',
    en: 'The sharing method “{method}” does not fit the format “{format}”; fitting: {fitting}',
  },
  ENTRY_OPEN_REFUSED: {
    kind: 'invalid',
    zh: '含有个人信息、高于1级或不予共享的资源不能向社会开放',
    en: 'What holds personal data, is above level 1 or is not shared cannot be open to the public',
  },
  ENTRY_SOURCE_ELSEWHERE: {
    kind: 'invalid',
    zh: '以下信息项已有其他数源单位（一数一源），须写明重复采集的理由：{items}',
    en: 'Another department is the legal source of these items; say why they are collected again: {items}',
  },
  ENTRY_DATASET_TAKEN: {
    kind: 'conflict',
    zh: '该数据集已挂接目录条目 {code}',
    en: 'The dataset belongs to the entry {code} already',
  },
})

/** Which way of sharing each format allows (2017 guide). */
export const METHODS: Readonly<Record<EntryFormat, readonly SharingMethod[]>> = {
  file: ['api', 'file', 'offline'],
  spreadsheet: ['query', 'api', 'file', 'offline'],
  database: ['query', 'api', 'database', 'offline'],
  graphic: ['api', 'file', 'offline'],
  stream: ['api', 'offline'],
  'self-describing': ['api', 'file', 'offline'],
}

export const UNLABELLED_LEVEL = 4
const OPEN_LEVEL = 1
const SUMMARY = { min: 20, max: 500 }
const LONGEST = 200
const MAX_ITEMS = 500
const MAX_LIST = 50

/** The form in which two names of one provider are the same. */
export const entryKey = (name: string) => fold(name).replace(/\s+/g, '')

/**
 * The content as it is stored: trimmed, with empty texts as null and what the sharing type does not use left out.
 * `held` is what its dataset holds beside the items.
 *
 * @throws CATALOG_ENTRY_INVALID, CATALOG_ENTRY_BASIS_MISSING, CATALOG_ENTRY_CONDITION_MISSING,
 * CATALOG_ENTRY_METHOD_MISMATCH, CATALOG_ENTRY_OPEN_REFUSED
 */
export function checkedContent(input: EntryContent, held: readonly Labelled[]): EntryContent {
  const content = trimmed(input)
  for (const refusal of faultsOf(content, held)) throw refusal
  return content
}

/** Everything that {@link checkedContent} would refuse, in its order. */
export function contentFaults(input: EntryContent, held: readonly Labelled[]): DomainError[] {
  return [...faultsOf(trimmed(input), held)]
}

function* faultsOf(content: EntryContent, held: readonly Labelled[]): Generator<DomainError> {
  yield* textFaults(content)
  yield* itemFaults(content.items)
  yield* sharingFaults(content)
  if (!isOpenable(content, held)) yield errors.ENTRY_OPEN_REFUSED()
}

function trimmed(input: EntryContent): EntryContent {
  const { sharingBasis: basis } = input
  const text = (value: string | null) => value?.normalize('NFC').trim() ?? ''
  const orNull = (value: string | null) => text(value) || null
  const list = (values: readonly string[]) => [...new Set(values.map(text))].filter((value) => value !== '')
  return {
    ...input,
    name: text(input.name),
    unit: text(input.unit),
    summary: text(input.summary),
    keywords: list(input.keywords),
    formatType: text(input.formatType),
    items: input.items.map((item) => ({
      ...item,
      name: text(item.name),
      duplicateReason: orNull(item.duplicateReason),
    })),
    sharingBasis:
      input.sharingType === 'none' && basis !== null && text(basis.document) && text(basis.clause)
        ? { document: text(basis.document), clause: text(basis.clause) }
        : null,
    sharingCondition: input.sharingType === 'conditional' ? orNull(input.sharingCondition) : null,
    openCondition: input.open ? orNull(input.openCondition) : null,
    relatedCodes: list(input.relatedCodes),
    custodian: text(input.custodian),
    contact: text(input.contact),
    system: text(input.system),
    matters: list(input.matters),
  }
}

const lengthOf = (text: string) => [...text].length

function* textFaults(content: EntryContent): Generator<DomainError> {
  const summary = lengthOf(content.summary)
  if (entryKey(content.name) === '' || lengthOf(content.name) > LONGEST)
    yield errors.ENTRY_INVALID({ ...named('name'), rule: `1–${LONGEST}` })
  if (summary < SUMMARY.min || summary > SUMMARY.max)
    yield errors.ENTRY_INVALID({ ...named('summary'), rule: `${SUMMARY.min}–${SUMMARY.max}` })
  if (content.keywords.length === 0) yield errors.ENTRY_INVALID({ ...named('keywords'), rule: '≥ 1' })
  for (const field of ['formatType', 'custodian', 'contact'] as const)
    if (content[field] === '') yield errors.ENTRY_INVALID({ ...named(field), rule: `1–${LONGEST}` })
  for (const field of ['unit', 'formatType', 'custodian', 'contact', 'system'] as const)
    if (lengthOf(content[field]) > LONGEST)
      yield errors.ENTRY_INVALID({ ...named(field), rule: `≤ ${LONGEST}` })
  for (const field of ['keywords', 'relatedCodes', 'matters'] as const)
    if (content[field].length > MAX_LIST || content[field].some((text) => lengthOf(text) > LONGEST))
      yield errors.ENTRY_INVALID({ ...named(field), rule: `≤ ${MAX_LIST}` })
  for (const field of ['sharingCondition', 'openCondition'] as const)
    if (lengthOf(content[field] ?? '') > SUMMARY.max)
      yield errors.ENTRY_INVALID({ ...named(field), rule: `≤ ${SUMMARY.max}` })
}

function* itemFaults(items: readonly EntryItem[]): Generator<DomainError> {
  if (items.length === 0 || items.length > MAX_ITEMS)
    yield errors.ENTRY_INVALID({ ...named('items'), rule: `1–${MAX_ITEMS}` })
  const names = items.map(({ name }) => entryKey(name))
  if (names.some((name, at) => name === '' || names.indexOf(name) !== at))
    yield errors.ENTRY_INVALID({ ...named('items.name'), rule: `1–${LONGEST}` })
  if (items.some(({ name, duplicateReason }) => lengthOf(name + (duplicateReason ?? '')) > 2 * LONGEST))
    yield errors.ENTRY_INVALID({ ...named('items'), rule: `≤ ${LONGEST}` })
}

function* sharingFaults(content: EntryContent): Generator<DomainError> {
  const { sharingType, sharingMethod: method, format } = content
  if (sharingType === 'none' && content.sharingBasis === null) yield errors.ENTRY_BASIS_MISSING()
  if (sharingType === 'conditional' && content.sharingCondition === null)
    yield errors.ENTRY_CONDITION_MISSING()
  const fitting = sharingType === 'none' ? [] : METHODS[format]
  if (sharingType === 'none' ? method !== null : method === null || !fitting.includes(method))
    yield errors.ENTRY_METHOD_MISMATCH(mismatch(method, format, fitting))
}

type Opened = Pick<EntryContent, 'open' | 'sharingType' | 'items'>

/** Open is what has only open items, and a dataset that holds nothing else. @throws CATALOG_ENTRY_OPEN_REFUSED */
export function requireOpenable(entry: Opened, held: readonly Labelled[]): void {
  if (!isOpenable(entry, held)) throw errors.ENTRY_OPEN_REFUSED()
}

/** Whether it is not open, or may be, by the labels of all it lists and its dataset holds (section 10). */
export function isOpenable({ open, sharingType, items }: Opened, held: readonly Labelled[]): boolean {
  const mayOpen = [...items, ...held].every(({ level, personal }) => level <= OPEN_LEVEL && !personal)
  return !open || (mayOpen && sharingType !== 'none')
}

/** Who else answers for an element that an entry holds. */
export interface ElementSource {
  readonly elementCode: string
  readonly organisationId: string
}

/** The items whose legal source is another department than the provider (一数一源). */
export function collectedElsewhere(
  items: readonly EntryItem[],
  provider: string,
  sources: readonly ElementSource[],
): EntryItem[] {
  const elsewhere = new Set(
    sources.filter(({ organisationId }) => organisationId !== provider).map(({ elementCode }) => elementCode),
  )
  return items.filter(({ elementCode }) => elementCode !== null && elsewhere.has(elementCode))
}

/** @throws CATALOG_ENTRY_SOURCE_ELSEWHERE when one of them says no reason */
export function requireReasons(elsewhere: readonly EntryItem[]): void {
  const silent = elsewhere.filter(({ duplicateReason }) => duplicateReason === null)
  if (silent.length > 0)
    throw errors.ENTRY_SOURCE_ELSEWHERE({ items: silent.map(({ name }) => name).join('、') })
}

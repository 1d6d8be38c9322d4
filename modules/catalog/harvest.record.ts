import type { EntryFormat, UpdateCycle } from './entry.ts'
import { errors, type HarvestFormat } from './harvest.ts'

/** What another catalogue says of a dataset, as far as an entry takes it. */
export interface RemoteRecord {
  readonly remoteId: string
  readonly title: string
  readonly summary: string
  readonly keywords: readonly string[]
  readonly format: EntryFormat
  readonly formatType: string
  readonly updateCycle: UpdateCycle
  /** Null where the catalogue names nobody. */
  readonly custodian: string | null
  readonly contact: string | null
}

type Json = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const SUMMARY_LIMIT = 500
const LIMIT = 200
const MAX_KEYWORDS = 50

/** The names under which catalogues write a DCAT property: by prefix, in full, or by a context of their own. */
function namesOf(property: string): string[] {
  const [prefix = '', name = ''] = property.split(':')
  const spaces = {
    dct: ['dct:', 'dcterms:', 'http://purl.org/dc/terms/'],
    dcat: ['dcat:', 'http://www.w3.org/ns/dcat#'],
  }
  const known = Object.hasOwn(spaces, prefix) ? spaces[prefix as keyof typeof spaces] : [`${prefix}:`]
  return [...known.map((space) => space + name), name]
}

/** All values of the first of the names that is there, as a list. */
function values(record: Json, names: readonly string[]): unknown[] {
  const name = names.find((known) => Object.hasOwn(record, known))
  const value = name === undefined ? undefined : record[name]
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}

/** The text of a value: plain, a JSON-LD literal (Chinese before another language), or a node's label or address. */
function text(found: readonly unknown[]): string {
  const literals = found.filter(isRecord)
  const chosen = literals.find((each) => String(each['@language'] ?? '').startsWith('zh')) ?? found[0]
  if (typeof chosen === 'string' || typeof chosen === 'number') return String(chosen).trim()
  if (!isRecord(chosen)) return ''
  const inner = chosen['@value'] ?? chosen['zh'] ?? chosen['rdfs:label'] ?? chosen['label'] ?? chosen['@id']
  return typeof inner === 'string' ? inner.trim() : ''
}

/** What PostgreSQL holds in no text: U+0000 and halves of a surrogate pair. */
const UNHELD = /\0|\p{Surrogate}/gu
const isHeld = (value: string) => value.search(UNHELD) === -1

const clipped = (value: string, limit: number) => [...value].slice(0, limit).join('')

/** Whether a node of a JSON-LD answer is a dataset: catalogues list agents and distributions beside them. */
export function isDataset(record: object, format: HarvestFormat): boolean {
  if (format === 'ckan') return true
  const types = values(record as Json, ['@type']).map(String)
  return types.length === 0 || types.some((type) => /(^|[:#/])Dataset$/.test(type))
}

/** For the quarantine, of any record. */
export function titleOf(record: object): string {
  const title = text(values(record as Json, [...namesOf('dct:title'), 'name']))
  return clipped(title.replaceAll(UNHELD, '\uFFFD'), LIMIT)
}

/** The identifier of a record; null when it names none. */
export function remoteIdOf(record: object, format: HarvestFormat): string | null {
  const json = record as Json
  const id =
    format === 'ckan'
      ? text(values(json, ['id']))
      : text(values(json, ['@id'])) || text(values(json, namesOf('dct:identifier')))
  return id === '' || [...id].length > 2 * LIMIT || !isHeld(id) ? null : id
}

/** Parameters of the refusal of a record. */
const MISSING = { id: { field: 'id', fieldZh: '标识' }, title: { field: 'title', fieldZh: '标题' } }
const unfit = (field: string) => ({ field, fieldZh: '内容' })

/** @throws CATALOG_HARVEST_RECORD_INVALID naming what is missing or cannot be kept */
export function readRecord(record: object, format: HarvestFormat): RemoteRecord {
  const remoteId = remoteIdOf(record, format)
  if (remoteId === null) throw errors.HARVEST_RECORD_INVALID(MISSING.id)
  const read = (format === 'ckan' ? readCkan : readDcat)(record as Json)
  if (read.title === '') throw errors.HARVEST_RECORD_INVALID(MISSING.title)
  for (const [field, value] of Object.entries(read))
    if (![value].flat().every((each) => each === null || isHeld(each)))
      throw errors.HARVEST_RECORD_INVALID(unfit(field))
  const { keywords } = read
  return {
    ...read,
    remoteId,
    title: clipped(read.title, LIMIT),
    summary: clipped(read.summary, SUMMARY_LIMIT),
    keywords: (keywords.length === 0 ? [read.title] : keywords)
      .slice(0, MAX_KEYWORDS)
      .map((word) => clipped(word, LIMIT)),
    custodian: read.custodian && clipped(read.custodian, LIMIT),
    contact: read.contact && clipped(read.contact, LIMIT),
  }
}

type Read = Omit<RemoteRecord, 'remoteId'>

function readDcat(record: Json): Read {
  const [distribution] = values(record, namesOf('dcat:distribution')).filter(isRecord)
  const media = ['dct:format', 'dcat:mediaType'].flatMap((name) => values(distribution ?? {}, namesOf(name)))
  const [contact] = values(record, namesOf('dcat:contactPoint')).filter(isRecord)
  return {
    title: text(values(record, namesOf('dct:title'))),
    summary: text(values(record, namesOf('dct:description'))),
    keywords: values(record, namesOf('dcat:keyword'))
      .map((word) => text([word]))
      .filter((word) => word !== ''),
    ...formatOf(text(media)),
    updateCycle: cycleOf(text(values(record, namesOf('dct:accrualPeriodicity')))),
    custodian: text(values(contact ?? {}, ['vcard:fn', 'fn'])) || null,
    contact:
      text(values(contact ?? {}, ['vcard:hasEmail', 'hasEmail', 'vcard:hasTelephone', 'hasTelephone'])) ||
      null,
  }
}

function readCkan(record: Json): Read {
  const [resource] = values(record, ['resources']).filter(isRecord)
  const tags = values(record, ['tags']).map((tag) =>
    text(isRecord(tag) ? values(tag, ['display_name', 'name']) : [tag]),
  )
  return {
    title: text(values(record, ['title', 'name'])),
    summary: text(values(record, ['notes'])),
    keywords: tags.filter((tag) => tag !== ''),
    ...formatOf(text(values(resource ?? {}, ['format', 'mimetype']))),
    updateCycle: cycleOf(text(values(record, ['frequency', 'update_frequency']))),
    custodian: text(values(record, ['maintainer', 'author'])) || null,
    contact: text(values(record, ['maintainer_email', 'author_email'])) || null,
  }
}

const FORMATS: readonly (readonly [RegExp, EntryFormat])[] = [
  [/\b(csv|tsv|xlsx?|et|ods|spreadsheet)/i, 'spreadsheet'],
  [/\b(pdf|docx?|ofd|wps|txt|html?|odt)\b/i, 'file'],
  [/\b(jpe?g|png|gif|bmp|tiff?|svg)\b/i, 'graphic'],
  [/\b(mp4|mpe?g|mp3|avi)\b/i, 'stream'],
  [/\b(sql|sqlite|mdb|accdb)\b/i, 'database'],
]

/** The last part of a format's address, or its name; unknown ones describe themselves. */
function formatOf(written: string): { format: EntryFormat; formatType: string } {
  const name = clipped(written.split(/[/#]/).at(-1) ?? '', LIMIT) || 'unknown'
  return {
    format: FORMATS.find(([pattern]) => pattern.test(name))?.[1] ?? 'self-describing',
    formatType: name,
  }
}

const CYCLES: readonly (readonly [RegExp, UpdateCycle])[] = [
  [/cont|real/i, 'realtime'],
  [/daily|每日|P1D/i, 'daily'],
  [/weekly|每周|P1W|P7D/i, 'weekly'],
  [/quarterly|每季|P3M/i, 'quarterly'],
  [/monthly|每月|P1M/i, 'monthly'],
  [/annual|yearly|每年|P1Y/i, 'yearly'],
]

function cycleOf(written: string): UpdateCycle {
  const name = written.split(/[/#]/).at(-1) ?? ''
  return CYCLES.find(([pattern]) => pattern.test(name))?.[1] ?? 'other'
}

import { defineErrors, type DomainError } from '../../core/errors.ts'
import { cellsOf, type Row } from '../../standards/index.ts'
import {
  contentFaults,
  type EntryFormat,
  type EntryKind,
  type SharingMethod,
  type SharingType,
  type UpdateCycle,
} from './entry.ts'
import type { ItemInput, NewEntryInput } from './entry.service.ts'

export const errors = defineErrors('CATALOG', {
  ENTRY_TABLE_EMPTY: {
    kind: 'invalid',
    zh: '表格中没有要登记的条目',
    en: 'The table holds no entries to register',
  },
  ENTRY_TABLE_TOO_LONG: {
    kind: 'invalid',
    zh: '一个表格最多登记{limit}个条目',
    en: 'A table registers at most {limit} entries',
  },
  ENTRY_WORD_UNKNOWN: {
    kind: 'invalid',
    zh: '“{value}”不是可用的词，可用：{words}',
    en: '“{value}” is none of the words: {words}',
  },
})

export const MAX_ROWS = 500

/** The columns of the template by their names, each with its heading: several values in a cell are parted by `|`. */
export const ENTRY_COLUMNS = {
  kind: '类（基础|主题|部门）',
  classPath: '项、目、细目（以|分隔；部门类不写项）',
  name: '信息资源名称',
  unit: '处室',
  summary: '摘要（20至500字）',
  keywords: '关键字（以|分隔）',
  format: '信息资源格式（文件|电子表格|数据库|图形图像|流媒体|自描述）',
  formatType: '具体格式',
  items: '信息项（名称=数据元=重复采集理由，以|分隔）',
  sharingType: '共享类型（无条件|有条件|不予共享）',
  basisDocument: '不予共享的依据',
  basisClause: '依据的条款',
  sharingCondition: '共享条件',
  sharingMethod: '共享方式（查询|接口|文件|库表|线下）',
  open: '向社会开放（是|否）',
  openCondition: '开放条件',
  updateCycle: '更新周期（实时|每日|每周|每月|每季度|每年|其他）',
  relatedCodes: '关联资源代码（以|分隔）',
  custodian: '管理员',
  contact: '联系方式',
  system: '所属系统',
  matters: '关联事项（以|分隔）',
} as const

export type EntryColumn = keyof typeof ENTRY_COLUMNS

/** Columns that a table must have; the others may be left out. */
export const NEEDED: readonly EntryColumn[] = [
  'kind',
  'name',
  'summary',
  'keywords',
  'format',
  'formatType',
  'items',
  'sharingType',
  'updateCycle',
  'custodian',
  'contact',
]

const KINDS = { 基础: 'base', 主题: 'theme', 部门: 'department' } as const satisfies Record<string, EntryKind>
const FORMATS = {
  文件: 'file',
  电子表格: 'spreadsheet',
  数据库: 'database',
  图形图像: 'graphic',
  流媒体: 'stream',
  自描述: 'self-describing',
} as const satisfies Record<string, EntryFormat>
const SHARING = {
  无条件: 'unconditional',
  有条件: 'conditional',
  不予共享: 'none',
} as const satisfies Record<string, SharingType>
const METHODS = {
  查询: 'query',
  接口: 'api',
  文件: 'file',
  库表: 'database',
  线下: 'offline',
} as const satisfies Record<string, SharingMethod>
const CYCLES = {
  实时: 'realtime',
  每日: 'daily',
  每周: 'weekly',
  每月: 'monthly',
  每季度: 'quarterly',
  每年: 'yearly',
  其他: 'other',
} as const satisfies Record<string, UpdateCycle>

/**
 * The entry of a row, with everything that its cells say wrong told to `fault`; undefined where a word is not known. What
 * needs the directory itself, such as whether a name is taken, is left to the registration.
 */
export function entryOfRow(
  row: Row,
  fault: (column: EntryColumn, refusal: DomainError) => void,
): NewEntryInput | undefined {
  const cells = cellsOf(row, (column, refusal) => fault(column as EntryColumn, refusal))
  function word<Value extends string>(column: EntryColumn, words: Readonly<Record<string, Value>>) {
    const text = cells.text(column).trim()
    const found = Object.entries(words).find((each) => each.includes(text))?.[1]
    if (found === undefined)
      fault(column, errors.ENTRY_WORD_UNKNOWN({ value: text, words: Object.keys(words).join('、') }))
    return found
  }
  const kind = word('kind', KINDS)
  const format = word('format', FORMATS)
  const sharingType = word('sharingType', SHARING)
  const sharingMethod = cells.text('sharingMethod').trim() === '' ? null : word('sharingMethod', METHODS)
  const updateCycle = word('updateCycle', CYCLES)
  const open = cells.boolean('open')
  if (!kind || !format || !sharingType || sharingMethod === undefined || !updateCycle) return undefined
  const document = cells.text('basisDocument')
  const entry: NewEntryInput = {
    kind,
    classPath: cells.items('classPath'),
    name: cells.text('name'),
    unit: cells.text('unit'),
    summary: cells.text('summary'),
    keywords: cells.items('keywords'),
    format,
    formatType: cells.text('formatType'),
    items: cells.items('items').map(itemOf),
    sharingType,
    sharingBasis: document.trim() === '' ? null : { document, clause: cells.text('basisClause') },
    sharingCondition: cells.optional('sharingCondition') ?? null,
    sharingMethod,
    open,
    openCondition: cells.optional('openCondition') ?? null,
    updateCycle,
    relatedCodes: cells.items('relatedCodes'),
    custodian: cells.text('custodian'),
    contact: cells.text('contact'),
    system: cells.text('system'),
    matters: cells.items('matters'),
    datasetId: null,
  }
  // Whether it may be open depends on its elements, which only the registration knows.
  const items = entry.items.map((item) => ({ ...item, level: 1, personal: false }))
  for (const refusal of contentFaults({ ...entry, items }, [])) fault(columnOf(refusal), refusal)
  return entry
}

function itemOf(text: string): ItemInput {
  const [name = '', element = '', ...reason] = text.split('=')
  return {
    name,
    elementCode: element.trim() || null,
    dataType: 'text',
    length: null,
    duplicateReason: reason.join('=').trim() || null,
  }
}

/** The column that a refusal of an entry speaks of. */
export function columnOf({ code, params }: DomainError): EntryColumn {
  const [field = ''] = String(params['field'] ?? '').split('.')
  return field in ENTRY_COLUMNS ? (field as EntryColumn) : (COLUMNS[code] ?? 'name')
}

const COLUMNS: Readonly<Record<string, EntryColumn>> = {
  CATALOG_ENTRY_BASIS_MISSING: 'basisDocument',
  CATALOG_ENTRY_CONDITION_MISSING: 'sharingCondition',
  CATALOG_ENTRY_METHOD_MISMATCH: 'sharingMethod',
  CATALOG_ENTRY_OPEN_REFUSED: 'open',
  CATALOG_ENTRY_SOURCE_ELSEWHERE: 'items',
  STANDARDS_ELEMENT_NOT_FOUND: 'items',
  CATALOG_ENTRY_CLASS_INVALID: 'classPath',
  CATALOG_ENTRY_CLASS_UNKNOWN: 'classPath',
  CATALOG_ENTRY_CLASS_FULL: 'classPath',
}

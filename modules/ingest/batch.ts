import { defineErrors, type ErrorParams } from '../../core/errors.ts'
import type { Counts, FindingCount, PlaneFile, Staged } from '../../core/plane/plane.ts'
import type { Calendar, CompiledColumn } from '../../core/text/column.ts'
import type { Encoding, EncodingGuess } from '../../core/text/encoding.ts'
import type { Drift } from './drift.ts'
import type { Layout } from './layout.ts'

/**
 * - `received`: the file is kept, a steward has to confirm how it is to be read
 * - `mapped`: confirmed, waits for its turn;  `running`: being loaded
 * - `published`, `stopped` (a rule stopped it, nothing was served), `failed` (it could not be read), `cancelled`
 */
export type BatchStatus = 'received' | 'mapped' | 'running' | 'published' | 'stopped' | 'failed' | 'cancelled'

/** Which of the schema's columns a file's column fills; null leaves it out. */
export interface ColumnMapping {
  readonly index: number
  readonly target: string | null
  /** Instead of the schema's. */
  readonly calendar?: Calendar
}

export interface Refusal {
  readonly code: string
  readonly params: ErrorParams
}

export interface Progress {
  readonly phase: string
  readonly rows: number
  readonly bytes: number
  readonly ranges?: { readonly done: number; readonly of: number }
  readonly share?: number
  readonly elapsedMs: number
}

/** What judging gave, kept so that a batch can be decided again without being read again. */
export interface Outcome {
  readonly counts: Counts
  readonly findings: readonly FindingCount[]
  readonly snapshot: PlaneFile | null
  readonly quarantine: PlaneFile | null
  /** Digest of all that the judgement depended on; another schema gives another. */
  readonly basis: string
}

/** A second person lets one judgement pass the thresholds. */
export interface Override {
  readonly by: string
  readonly reason: string
  readonly at: string
  /** Of the {@link Outcome} it holds for; another judgement needs another override. */
  readonly basis: string
}

/** One uploaded file on its way into a dataset. */
export interface Batch {
  readonly id: string
  readonly datasetId: string
  /** Owner of the dataset; nobody else sees the batch. */
  readonly organisationId: string
  readonly fileName: string
  readonly objectSha256: string
  readonly sizeBytes: number
  readonly status: BatchStatus
  /** Null until it is known or confirmed. */
  readonly encoding: Encoding | null
  readonly encodingGuesses: readonly EncodingGuess[]
  readonly layout: Layout
  readonly mapping: readonly ColumnMapping[] | null
  /** Counts confirmations and retries; a job of an earlier attempt does nothing. */
  readonly attempt: number
  /** Of the schema it was last decided by. */
  readonly schemaVersion: string | null
  readonly staged: Staged | null
  readonly outcome: Outcome | null
  readonly refusal: Refusal | null
  readonly progress: Progress | null
  readonly publishedVersion: number | null
  /** The batch whose rows were put right and loaded again as this one. */
  readonly replayOf: string | null
  /** Against what was confirmed for the dataset; null when nothing was, or nothing differs. */
  readonly drift: Drift | null
  readonly confirmedBy: string | null
  readonly override: Override | null
  readonly createdAt: Date
}

/** Default of the largest register; the gateway may set less. */
export const MAX_FILE_BYTES = 2_048 * 1_048_576
export const MAX_ROWS = 100_000_000
export const MAX_COLUMNS = 500
/** A full load that loses more than this share of the current rows is stopped. */
const LEAST_KEPT_SHARE = 0.8

export const errors = defineErrors('INGEST', {
  BATCH_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到编号为 {id} 的装载批次',
    en: 'There is no batch {id}',
  },
  BATCH_STATUS_UNFIT: {
    kind: 'conflict',
    zh: '批次当前为“{status}”状态，不能执行该操作',
    en: 'The batch is {status}; this cannot be done to it now',
  },
  FILE_ENCODING_MISMATCH: {
    kind: 'invalid',
    zh: '文件内容与该数据资源已确认的编码 {confirmed} 不符，看起来是 {found}',
    en: 'The file does not fit the encoding confirmed for this dataset ({confirmed}); it looks like {found}',
  },
  FILE_ENCODING_UNCLEAR: {
    kind: 'invalid',
    zh: '无法确定文件编码（可能是 {guesses}），请对照预览后指明',
    en: 'The encoding of the file is not clear (it may be {guesses}); compare the previews and name it',
  },
  FILE_UNREADABLE: {
    kind: 'invalid',
    zh: '文件无法读取（{reason}）：可能不完整、已损坏、加密或不是支持的格式（CSV、XLSX、JSON、Parquet）',
    en: 'The file cannot be read ({reason}): cut, damaged, encrypted, or none of CSV, XLSX, JSON and Parquet',
  },
  TABLE_UNKNOWN: {
    kind: 'invalid',
    zh: '文件中没有“{table}”这张工作表或这一记录路径',
    en: 'The file has no sheet or path of records “{table}”',
  },
  FILE_EMPTY: {
    kind: 'invalid',
    zh: '文件中没有数据',
    en: 'The file holds no data',
  },
  FILE_TOO_LARGE: {
    kind: 'invalid',
    status: 413,
    zh: '文件超出限制：{limit}',
    en: 'The file is over the limit: {limit}',
  },
  HEADER_UNCLEAR: {
    kind: 'invalid',
    zh: '无法确定表头：{reason}',
    en: 'The header of the file is not clear: {reason}',
  },
  COLUMN_DRIFTED: {
    kind: 'conflict',
    zh: '文件的列与已确认的不符（{columns}），已停止并开出工单；原版本不变',
    en: 'The file’s columns are not those confirmed ({columns}); a work order is open, the served version is unchanged',
  },
  MAPPING_MISSING: {
    kind: 'invalid',
    zh: '以下必填列没有对应的文件列：{columns}',
    en: 'No column of the file fills these required columns: {columns}',
  },
  MAPPING_INVALID: {
    kind: 'invalid',
    zh: '列对应关系无效：{reason}',
    en: 'The mapping of columns is not valid: {reason}',
  },
  BATCH_REJECTIONS_EXCEEDED: {
    kind: 'conflict',
    zh: '{read} 行中有 {rejected} 行（{share}%）未通过校验，超过上限 {limit}%，已停止；原版本不变',
    en: '{rejected} of {read} rows ({share} %) were rejected, more than the limit of {limit} %; the served version is unchanged',
  },
  BATCH_ROWS_COLLAPSED: {
    kind: 'conflict',
    zh: '本批仅接收 {accepted} 行，而现行版本有 {current} 行，已停止；原版本不变',
    en: 'The batch accepted {accepted} rows where the current version has {current}; the served version is unchanged',
  },
  BATCH_UNRECONCILED: {
    kind: 'conflict',
    zh: '计数不平：读取 {read} 行，而各项合计 {sum} 行，已停止；原版本不变',
    en: 'The counts do not reconcile: {read} rows read, {sum} accounted for; the served version is unchanged',
  },
})

/** The columns a file must fill: required ones and the key. */
export function requiredColumns(
  columns: readonly CompiledColumn[],
  primaryKey: readonly string[],
): CompiledColumn[] {
  return columns.filter(({ name, required }) => required || primaryKey.includes(name))
}

/**
 * Refuses a mapping that names what is not there, fills a column twice, or leaves a required one open.
 *
 * @throws INGEST_MAPPING_INVALID, INGEST_MAPPING_MISSING
 */
export function checkMapping(
  mapping: readonly ColumnMapping[],
  width: number,
  columns: readonly CompiledColumn[],
  primaryKey: readonly string[],
): void {
  const used = mapping.filter(({ target }) => target !== null)
  const targets = used.map(({ target }) => target)
  const unknown = used.find(({ target }) => !columns.some(({ name }) => name === target))
  if (unknown) throw errors.MAPPING_INVALID({ reason: `→ ${unknown.target}` })
  const outside = mapping.find(({ index }) => !Number.isInteger(index) || index < 0 || index >= width)
  if (outside) throw errors.MAPPING_INVALID({ reason: `column ${outside.index}` })
  const twice = targets.find((target, at) => targets.indexOf(target) !== at)
  if (twice !== undefined) throw errors.MAPPING_INVALID({ reason: `→ ${twice}, → ${twice}` })
  const indexes = mapping.map(({ index }) => index)
  const reused = indexes.find((index, at) => indexes.indexOf(index) !== at)
  if (reused !== undefined) throw errors.MAPPING_INVALID({ reason: `column ${reused}, column ${reused}` })
  const open = requiredColumns(columns, primaryKey).filter(({ name }) => !targets.includes(name))
  if (open.length > 0)
    throw errors.MAPPING_MISSING({
      columns: open.map(({ label, name }) => `${label.zh} (${name})`).join(', '),
    })
}

/** The schema's columns with the file's column each reads. */
export function mappedColumns(columns: readonly CompiledColumn[], mapping: readonly ColumnMapping[]) {
  return columns.map((column) => {
    const own = mapping.find(({ target }) => target === column.name)
    const calendar = column.dataType === 'date' ? (own?.calendar ?? column.calendar) : undefined
    return { ...column, ...(calendar !== undefined && { calendar }), index: own?.index ?? null }
  })
}

/**
 * Whether a judged batch may be published (section 5.6): the counts reconcile, not too many rows are rejected,
 * and the dataset does not collapse.
 *
 * @param currentRows rows of the version it would replace; undefined for a first load
 * @throws INGEST_BATCH_UNRECONCILED, INGEST_BATCH_REJECTIONS_EXCEEDED, INGEST_BATCH_ROWS_COLLAPSED
 */
export function checkPublishable(
  counts: Counts,
  maxRejectedRate: number,
  currentRows: number | undefined,
  isOverridden = false,
): void {
  const { read, accepted, rejected, duplicate, filtered } = counts
  const sum = accepted + rejected + duplicate + filtered
  if (sum !== read) throw errors.BATCH_UNRECONCILED({ read, sum })
  // Nothing is never served, whoever says so.
  if (isOverridden && accepted > 0) return
  if (rejected > read * maxRejectedRate)
    throw errors.BATCH_REJECTIONS_EXCEEDED({
      read,
      rejected,
      share: percent(rejected / read),
      limit: percent(maxRejectedRate),
    })
  if (accepted === 0 || (currentRows !== undefined && accepted < currentRows * LEAST_KEPT_SHARE))
    throw errors.BATCH_ROWS_COLLAPSED({ accepted, current: currentRows ?? 0 })
}

const percent = (share: number) => (share * 100).toFixed(2).replace(/\.?0+$/, '')

/** What a steward may do to a batch by its status. */
const ALLOWED: Record<'confirm' | 'cancel' | 'retry' | 'settle', readonly BatchStatus[]> = {
  confirm: ['received', 'stopped', 'failed'],
  cancel: ['received', 'mapped', 'running'],
  retry: ['stopped', 'failed'],
  /** Its rejected rows. */
  settle: ['published', 'stopped'],
}

export function may(
  action: keyof typeof ALLOWED,
  { status, mapping, refusal }: Pick<Batch, 'status' | 'mapping' | 'refusal'>,
): boolean {
  // Only a corrected file goes on where the columns changed: they are never mapped by guess.
  if (action === 'confirm' && refusal?.code === 'INGEST_COLUMN_DRIFTED') return false
  return ALLOWED[action].includes(status) && (action !== 'retry' || mapping !== null)
}

/** @throws INGEST_BATCH_STATUS_UNFIT */
export function requireAllowed(
  action: keyof typeof ALLOWED,
  batch: Pick<Batch, 'status' | 'mapping' | 'refusal'>,
): void {
  if (!may(action, batch)) throw errors.BATCH_STATUS_UNFIT({ status: batch.status })
}

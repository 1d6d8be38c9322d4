import { defineErrors } from '../../core/errors.ts'
import type { Day } from '../../core/day.ts'
import type { CompiledColumn } from '../../core/text/column.ts'
import { dayOfRow, validate } from '../../core/text/validate.ts'
import type { Batch, ColumnMapping } from './batch.ts'
import { mappedColumns } from './batch.ts'
import { kindOfValue, type RowFailure } from './finding.ts'

/**
 * - `open`: nobody has put it right, or what was put right is not replayed yet
 * - `fixed`: a replay accepted it;  `waived`: its department explained it and leaves it out
 * - `expired`: a later version was published from another file or replay, which has rows of its own
 */
export type RowStatus = 'open' | 'fixed' | 'waived' | 'expired'

/** Cells by the file's own names. */
export type Cells = Readonly<Record<string, string | null>>

/** What a department did about one rejected row. */
export interface RowDecision {
  readonly batchId: string
  readonly line: number
  readonly status: Exclude<RowStatus, 'expired'>
  /** Only the cells that were changed. */
  readonly cells: Cells | null
  readonly explanation: string | null
  readonly decidedBy: string
  readonly decidedAt: Date
}

const LONGEST_CELL = 10_000
const LONGEST_EXPLANATION = 500

export const errors = defineErrors('INGEST', {
  ROW_NOT_FOUND: {
    kind: 'not-found',
    zh: '该批次第 {line} 行不在待治理之列',
    en: 'Line {line} of the batch is not in quarantine',
  },
  ROW_ALREADY_SETTLED: {
    kind: 'conflict',
    zh: '待治理行（{line}）已处于“{status}”状态，不能再更正或重放',
    en: 'What was rejected ({line}) is {status} already; it can neither be corrected nor replayed',
  },
  ROW_CELL_INVALID: {
    kind: 'invalid',
    zh: '单元格“{column}”无效：文件没有该列，或内容过长、含有不可读字符',
    en: 'The cell “{column}” is not valid: no such column in the file, too long, or unreadable characters',
  },
  ROW_EXPLANATION_INVALID: {
    kind: 'invalid',
    zh: '说明须为1至{limit}个字',
    en: 'An explanation has 1 to {limit} characters',
  },
  BATCH_REPLAY_PENDING: {
    kind: 'conflict',
    zh: '该批次正在重放，请待其结束',
    en: 'The batch is being replayed; wait for the outcome',
  },
  BATCH_REPLAY_UNCHANGED: {
    kind: 'conflict',
    zh: '没有更正，模式也没有变化，重放不会有不同的结果',
    en: 'Nothing was corrected and the schema is the same; a replay would come out alike',
  },
})

/** The state of a rejected row; `expired` of its batch spares only what was settled before. */
export function statusOf(decision: Pick<RowDecision, 'status'> | undefined, expired: boolean): RowStatus {
  if (decision !== undefined && decision.status !== 'open') return decision.status
  return expired ? 'expired' : 'open'
}

/**
 * The row with these cells changed; a waived one is open again. The raw line is never touched.
 *
 * @throws INGEST_ROW_ALREADY_SETTLED, INGEST_ROW_CELL_INVALID
 */
export function corrected(
  row: { readonly batchId: string; readonly line: number; readonly decision: RowDecision | undefined },
  expired: boolean,
  changes: Cells,
  header: readonly string[],
  by: { readonly decidedBy: string; readonly decidedAt: Date },
): RowDecision {
  requireUnsettled(row, expired)
  for (const [column, cell] of Object.entries(changes))
    if (!header.includes(column) || (cell !== null && !isReadable(cell)))
      throw errors.ROW_CELL_INVALID({ column })
  const { batchId, line, decision } = row
  return {
    batchId,
    line,
    status: 'open',
    cells: { ...decision?.cells, ...changes },
    explanation: null,
    ...by,
  }
}

/** @throws INGEST_ROW_ALREADY_SETTLED, INGEST_ROW_EXPLANATION_INVALID */
export function waived(
  row: { readonly batchId: string; readonly line: number; readonly decision: RowDecision | undefined },
  expired: boolean,
  explanation: string,
  by: { readonly decidedBy: string; readonly decidedAt: Date },
): RowDecision {
  requireUnsettled(row, expired)
  const words = explanation.trim()
  if (words === '' || [...words].length > LONGEST_EXPLANATION)
    throw errors.ROW_EXPLANATION_INVALID({ limit: LONGEST_EXPLANATION })
  const { batchId, line } = row
  // What was typed before is given up: a row is either put right or left out.
  return { batchId, line, status: 'waived', cells: null, explanation: words, ...by }
}

function requireUnsettled(
  { line, decision }: { readonly line: number; readonly decision: RowDecision | undefined },
  expired: boolean,
): void {
  const status = statusOf(decision, expired)
  if (status === 'fixed' || status === 'expired') throw errors.ROW_ALREADY_SETTLED({ line, status })
}

const isReadable = (cell: string) =>
  cell.length <= LONGEST_CELL && !/[\0\uFFFD]/.test(cell) && Buffer.from(cell).toString() === cell

/**
 * The batch that loads the same file again with the corrected cells, under the schema in force.
 *
 * @throws INGEST_ROW_ALREADY_SETTLED when its rows are expired, INGEST_BATCH_REPLAY_UNCHANGED
 */
export function replayed(
  batch: Batch,
  now: {
    readonly expired: boolean
    readonly corrections: number
    readonly schemaVersion: string
    readonly at: Date
    readonly by: string
  },
): Omit<Batch, 'id'> {
  if (now.expired) throw errors.ROW_ALREADY_SETTLED({ line: batch.fileName, status: 'expired' })
  if (now.corrections === 0 && now.schemaVersion === batch.schemaVersion)
    throw errors.BATCH_REPLAY_UNCHANGED()
  const { id, ...rest } = batch
  return {
    ...rest,
    replayOf: id,
    status: 'mapped',
    attempt: 1,
    schemaVersion: now.schemaVersion,
    staged: null,
    outcome: null,
    refusal: null,
    progress: null,
    publishedVersion: null,
    override: null,
    confirmedBy: now.by,
    createdAt: now.at,
  }
}

/** What would still be wrong with a row's cells; keys that conflict show only in a replay. */
export function remainingFailures(
  cells: Cells,
  header: readonly string[],
  columns: readonly CompiledColumn[],
  mapping: readonly ColumnMapping[],
  today: Day,
): RowFailure[] {
  const mapped = mappedColumns(columns, mapping)
  const cellOf = ({ index }: { readonly index: number | null }) =>
    (index === null ? null : cells[header[index] ?? '']) || null
  const on = dayOfRow(mapped, cellOf, today)
  return mapped.flatMap((column) =>
    validate(column, cellOf(column), today, on).failures.map(({ reason, severity, lastDay = null }) => ({
      column: column.name,
      reason,
      severity,
      value: cellOf(column),
      ...kindOfValue(reason, cellOf(column), lastDay),
    })),
  )
}

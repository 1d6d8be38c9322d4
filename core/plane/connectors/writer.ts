import type { DataType } from '../../text/column.ts'
import type { Row } from './connector.ts'
import { errors } from './refusals.ts'

/** Our batch table in the department's database: how far each of its tables has come. */
export const BATCH_TABLE = 'gdbos_delivery'
/** Rows of one transaction at most (section 4). */
export const WRITE_ROWS = 5_000

/** A column of a dataset on its way into a column of the same name. */
export interface TargetColumn {
  readonly name: string
  readonly dataType: DataType
  /** Unicode code points. */
  readonly maxLength?: number | undefined
  readonly scale?: number | undefined
  readonly minimum?: number | undefined
  readonly maximum?: number | undefined
  readonly required: boolean
  /** Part of what names a row. */
  readonly key: boolean
}

export interface Target {
  /** Names the feed in the batch table, with the collection. */
  readonly dataset: string
  readonly collection: string
  /** In the order of the cells. */
  readonly columns: readonly TargetColumn[]
}

/** Where a change feed stands in its target. */
export interface Position {
  /** The version that is there as a whole; 0 before the first. */
  readonly version: number
  /** The version on its way; null when none is. */
  readonly next: number | null
  /** Up to which key the changes from `version` to `next` are there. */
  readonly cursor: string | null
}

export const START: Position = { version: 0, next: null, cursor: null }

export const samePosition = (a: Position, b: Position) =>
  a.version === b.version && a.next === b.next && a.cursor === b.cursor

export interface Written {
  /** Cells in the order of the target's columns. */
  readonly upserts: readonly Row[]
  /** Cells of the key's columns, in their order. */
  readonly deletes: readonly Row[]
}

/** A table or collection whose columns were compared and may be written. */
export interface Writer {
  position(): Promise<Position>
  /**
   * Puts at most {@link WRITE_ROWS} rows and the position `to` in place in one transaction, where the target
   * still stands at `from`.
   *
   * @throws CATALOG_TARGET_MOVED, CATALOG_SOURCE_WRITE_FAILED
   */
  write(rows: Written, from: Position, to: Position): Promise<void>
}

/** What a column of the target can hold. */
export type Holds =
  /** Code points; null for any number. */
  | { readonly family: 'text'; readonly length: number | null }
  | { readonly family: 'integer'; readonly least: bigint; readonly most: bigint }
  /** Null precision holds any number exactly. */
  | { readonly family: 'decimal'; readonly precision: number | null; readonly scale: number }
  | { readonly family: 'float' | 'date' | 'datetime' | 'boolean' | 'other' }

export interface HeldColumn {
  readonly name: string
  /** As the target declares it, for who reads the refusal. */
  readonly declared: string
  readonly holds: Holds
  readonly nullable: boolean
  /** Whether a row may leave it out. */
  readonly optional: boolean
}

export interface TargetFault {
  readonly column: string
  readonly reason:
    'missing' | 'type' | 'length' | 'range' | 'null' | 'unfilled' | 'key' | 'unique' | 'collation'
  readonly declared?: string
}

/** @throws CATALOG_TARGET_MISMATCHED naming every column at fault */
export function requireFit(collection: string, faults: readonly TargetFault[]): void {
  if (faults.length === 0) return
  const columns = faults
    .slice(0, 20)
    .map(
      ({ column, reason, declared }) =>
        `${column}: ${reason}${declared === undefined ? '' : ` (${declared})`}`,
    )
  throw errors.TARGET_MISMATCHED({ collection, columns: columns.join('; ') })
}

/** Every value that a column of the dataset may have must fit the target's column, whatever the rows now hold. */
export function faultsOf(columns: readonly TargetColumn[], held: readonly HeldColumn[]): TargetFault[] {
  const byName = new Map(held.map((each) => [each.name, each]))
  const names = new Set(columns.map(({ name }) => name))
  const faults = columns.flatMap((column): TargetFault[] => {
    const found = byName.get(column.name)
    if (!found) return [{ column: column.name, reason: 'missing' }]
    const reason = misfit(column, found.holds) ?? (!found.nullable && !column.required ? 'null' : undefined)
    return reason === undefined ? [] : [{ column: column.name, reason, declared: found.declared }]
  })
  const unfilled = held.filter(({ name, optional }) => !optional && !names.has(name))
  return [...faults, ...unfilled.map(({ name }): TargetFault => ({ column: name, reason: 'unfilled' }))]
}

const INT64 = { least: -(2n ** 63n), most: 2n ** 63n - 1n }
const INT64_DIGITS = 19

function misfit(column: TargetColumn, holds: Holds): TargetFault['reason'] | undefined {
  const { dataType, maxLength, scale } = column
  if (dataType === 'binary' || holds.family === 'other') return 'type'
  if (holds.family === 'text') {
    if (holds.length === null) return undefined
    if (!['text', 'long-text', 'code'].includes(dataType)) return 'type'
    return maxLength === undefined || maxLength > holds.length ? 'length' : undefined
  }
  if (dataType === 'integer' || dataType === 'money') {
    if (holds.family === 'decimal')
      return holds.precision === null || holds.precision - holds.scale >= INT64_DIGITS ? undefined : 'range'
    if (holds.family !== 'integer') return 'type'
    const { least, most } = dataType === 'integer' ? boundsOf(column) : INT64
    return holds.least <= least && most <= holds.most ? undefined : 'range'
  }
  if (dataType === 'number') {
    if (holds.family === 'float') return undefined
    if (holds.family !== 'decimal') return 'type'
    const fits = holds.precision === null || (scale !== undefined && scale <= holds.scale)
    return fits ? undefined : 'range'
  }
  if (dataType === 'date') return holds.family === 'date' || holds.family === 'datetime' ? undefined : 'type'
  return holds.family === dataType ? undefined : 'type'
}

function boundsOf({ minimum, maximum }: TargetColumn) {
  return {
    least: minimum === undefined ? INT64.least : BigInt(Math.ceil(minimum)),
    most: maximum === undefined ? INT64.most : BigInt(Math.floor(maximum)),
  }
}

/** Parts of at most `size`. */
export function* partsOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}

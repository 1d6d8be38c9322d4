import type { Day } from '../../core/day.ts'
import { check } from '../../core/text/check.ts'
import type { CompiledColumn } from '../../core/text/column.ts'

/**
 * Whether a stored value keeps to its own column. Rows with a column that rejects were judged when they were
 * loaded; a column that only warns lets failing values through, and those must not survive a merge (6.5).
 *
 * @param receivedOn the day birth dates are judged against: the same on every recomputation
 */
export function isSound(column: CompiledColumn, value: string, receivedOn: Day): boolean {
  if (column.placeholders.includes(value)) return false
  if (column.severity === 'reject') return true
  const { minLength, maxLength, minimum, maximum } = column
  const length = [...value].length
  if (minLength !== undefined && length < minLength) return false
  if (maxLength !== undefined && length > maxLength) return false
  if (minimum !== undefined && Number(value) < minimum) return false
  if (maximum !== undefined && Number(value) > maximum) return false
  if (column.pattern !== undefined && !patternOf(column.pattern).test(value)) return false
  if (column.codes !== undefined && !column.codes.includes(value)) return false
  return column.check === undefined || check(column.check, value, { today: receivedOn }) === 'ok'
}

export type KeyVerdict = 'ok' | 'placeholder' | 'failed'

/** Section 6.1: a key that is a placeholder or fails its check never matches. */
export function keyVerdict(column: CompiledColumn, value: string, receivedOn: Day): KeyVerdict {
  // One character repeated is what is typed for «unknown»; eighteen zeros even pass GB 32100.
  if (column.placeholders.includes(value) || /^(.)\1+$/.test(value)) return 'placeholder'
  if (column.check === undefined) return 'failed'
  const verdict = check(column.check, value, { today: receivedOn })
  return verdict === 'ok' ? 'ok' : verdict === 'placeholder' ? 'placeholder' : 'failed'
}

/** Money is stored in fen and written in yuan, as its element is. */
export function asWritten(value: string, { dataType }: CompiledColumn): string {
  const fen = /^(-?)(\d+)$/.exec(value)
  if (dataType !== 'money' || !fen) return value
  const digits = String(fen[2]).padStart(3, '0')
  return `${String(fen[1])}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

const patterns = new Map<string, RegExp>()

/** Patterns of published standards only, all of the linear-time subset; some hundreds at most. */
function patternOf(source: string): RegExp {
  const known = patterns.get(source)
  if (known) return known
  const pattern = new RegExp(source, 'u')
  patterns.set(source, pattern)
  return pattern
}

import type { CompiledColumn } from '../text/column.ts'
import { validate } from '../text/validate.ts'
import type { Reason } from './emitter/checks.ts'

/**
 * One cell as core/text judges it: the value as text of its stored type, and why it fails. Whether its code has expired
 * is left open: the row says by which day.
 */
export function judgeCell(
  { spans: _spans, ...column }: CompiledColumn,
  isKey: boolean,
  cell: string,
  today: string,
): { readonly value: string | null; readonly reason: Reason } {
  const { value, failures } = validate({ ...column, required: column.required || isKey }, cell, today)
  const reason = failures[0]?.reason ?? 'ok'
  // A key that means unknown is no key.
  return {
    value: value === null ? null : String(value),
    reason: isKey && reason === 'placeholder' ? 'missing' : reason,
  }
}

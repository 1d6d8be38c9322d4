import { addDays, type Day } from '../day.ts'
import type { Texts } from '../errors.ts'
import type { CompiledColumn } from './column.ts'

/** A code is in force on days `[from, to)`; null is open. A code may have several spans. */
export interface CodeSpan {
  readonly code: string
  readonly from: Day | null
  readonly to: Day | null
}

/** Whether a code of the column's list is in force that day. A code without a span always is. */
export function isCodeInForce({ spans }: CompiledColumn, code: string, day: Day): boolean {
  const own = spansOf(spans, code)
  return (
    own.length === 0 ||
    own.some(({ from, to }) => (from === null || from <= day) && (to === null || day < to))
  )
}

/** The last day before `day` on which a code was in force; null where it only begins later. */
export function lastDayOf({ spans }: CompiledColumn, code: string, day: Day): Day | null {
  const ends = spansOf(spans, code).flatMap(({ to }) => (to !== null && to <= day ? [to] : []))
  const last = ends.sort().at(-1)
  return last === undefined ? null : addDays(last, -1)
}

/** What people read of a code that is not in force on the day it is judged by. */
export function expiredTexts(code: string, lastDay: Day | null): Texts {
  return lastDay === null
    ? {
        zh: `代码“${code}”当日尚未生效`,
        en: `The code “${code}” is not yet in force on that day`,
      }
    : {
        zh: `代码“${code}”已失效，最后有效日为${lastDay}`,
        en: `The code “${code}” has expired; its last day was ${lastDay}`,
      }
}

/** The column whose day a row's codes are judged by; undefined where the day of loading counts. */
export function eventColumn<Column extends CompiledColumn>(columns: readonly Column[]): Column | undefined {
  return columns.find(
    ({ role, dataType }) => role === 'event-time' && (dataType === 'date' || dataType === 'datetime'),
  )
}

const known = new WeakMap<readonly CodeSpan[], ReadonlyMap<string, readonly CodeSpan[]>>()

function spansOf(spans: readonly CodeSpan[] | undefined, code: string): readonly CodeSpan[] {
  if (spans === undefined) return []
  let byCode = known.get(spans)
  if (byCode === undefined) {
    const grouped = new Map<string, CodeSpan[]>()
    for (const span of spans) grouped.set(span.code, [...(grouped.get(span.code) ?? []), span])
    byCode = grouped
    known.set(spans, byCode)
  }
  return byCode.get(code) ?? []
}

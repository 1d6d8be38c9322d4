import { eventColumn } from '../../text/code-validity.ts'
import type { CompiledColumn } from '../../text/column.ts'
import { reasonNumber } from './checks.ts'
import { text, textList } from './literal.ts'

/**
 * The last layer of a judgement: for each column its value, its failure, and for codes that do not always hold whether
 * this one does on the row's day, with the last day of one that no longer does.
 */
export function expiry(columns: readonly CompiledColumn[], today: string) {
  const event = eventColumn(columns)
  const day = event === undefined ? `date ${text(today)}` : eventDay(columns.indexOf(event), today)
  return ({ spans }: CompiledColumn, at: number): readonly string[] => {
    if (spans === undefined) return [`v${at}`, `f${at}`]
    const days = (side: 'from' | 'to') =>
      `unnest([${spans.map((span) => (span[side] === null ? 'null' : text(span[side]))).join(', ')}]::date[])`
    const own = `(select unnest(${textList(spans.map(({ code }) => code))}) as code, ${days('from')} as starts, ${days('to')} as ends)
      where code = v${at}`
    const holds = `(select bool_or((starts is null or starts <= ${day}) and (ends is null or ${day} < ends)) from ${own})`
    const expired = `f${at} = 0 and not coalesce(${holds}, true)`
    return [
      `v${at}`,
      `cast(case when ${expired} then ${reasonNumber('expired')} else f${at} end as utinyint) as f${at}`,
      `case when ${expired} then (select max(ends) - 1 from ${own} and ends <= ${day}) end as e${at}`,
    ]
  }
}

/** A row whose event has no day that can be read is judged by the day of loading. */
const eventDay = (at: number, today: string) => `coalesce(cast(v${at} as date), date ${text(today)})`

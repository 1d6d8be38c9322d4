import { isOneOf } from './literal.ts'

const TOTAL_WORDS = ['合计', '合計', '总计', '總計', '小计', '小計', 'Total', 'TOTAL', 'total']
const MOST = 100

/** Rows that may be totals: their first cell says so (section 5.3). */
export function totalsCandidates(): string {
  // By their lines, so that a file without any is read in its first column only.
  return `select * from staged where _line in (select _line from staged where ${isOneOf('c0', TOTAL_WORDS)} limit ${MOST})`
}

/** The sum of every column's numbers without the candidates' lines; null for a column without numbers. */
export function columnSums(width: number, without: readonly number[]): string {
  const sums = Array.from(
    { length: width },
    (_, index) => `sum(${numberOf(`c${index}`)})::varchar as c${index}`,
  )
  return `select ${sums.join(', ')} from staged where _fault is null and _line not in (${without.join(', ')})`
}

function numberOf(cell: string): string {
  return `try_cast(replace(${cell}, ',', '') as decimal(38, 4))`
}

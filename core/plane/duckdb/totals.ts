import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import { columnSums, totalsCandidates } from '../emitter/totals.ts'

/** Lines whose first cell says total and whose numbers all equal the sums of the other rows. */
export async function totalsLines(connection: DuckDBConnection, width: number): Promise<number[]> {
  const candidates = (await connection.runAndReadAll(totalsCandidates())).getRowObjects()
  if (candidates.length === 0) return []
  const lines = candidates.map((row) => Number(row['_line']))
  const sums = (await connection.runAndReadAll(columnSums(width, lines))).getRowObjects()[0] ?? {}
  return candidates
    .filter((row) => {
      const numbers = Object.keys(sums)
        .filter((column) => column !== 'c0')
        .map((column) => [numberOf(row[column]), numberOf(sums[column])] as const)
        .filter(([own]) => own !== undefined)
      return numbers.length > 0 && numbers.every(([own, sum]) => own === sum)
    })
    .map((row) => Number(row['_line']))
}

function numberOf(cell: DuckDBValue | undefined): number | undefined {
  if (typeof cell !== 'string' || !/^-?[\d,]+(\.\d+)?$/.test(cell.trim())) return undefined
  return Number(cell.replaceAll(',', ''))
}

import type { CompiledColumn } from '../../text/column.ts'
import { judgement } from './judge.ts'

/** The statement that judges a staged file by these columns, for people to read. */
export function validatorSql(columns: readonly CompiledColumn[]): string {
  return judgement(
    {
      columns: columns.map((column, index) => ({ ...column, index })),
      primaryKey: [],
      width: columns.length,
      today: '2026-01-01',
    },
    'staged',
  )
}

import type { FailingSpec } from '../plane.ts'
import { name, text } from './literal.ts'

/** The rows that `after` rejects and `before` does not, by line: their key and what is wrong with them. */
export function failingStatement(
  { before, after, key }: FailingSpec,
  pathOf: (sha256: string) => string,
): string {
  const cells = key.map(({ column, header }) =>
    header === null
      ? `null::varchar as ${name(column)}`
      : `json_extract_string(cells, ${text(pointer(header))}) as ${name(column)}`,
  )
  const reasons = `list_transform(from_json(failures, '[{"column":"VARCHAR","reason":"VARCHAR"}]'),
    lambda each: coalesce(each['column'], '*') || ': ' || each['reason']) as _reasons`
  const known =
    before === null ? '' : `where _line not in (select _line from read_parquet(${text(pathOf(before))}))`
  return `select _line, ${[...cells, reasons].join(', ')} from read_parquet(${text(pathOf(after))}) ${known} order by _line`
}

/** RFC 6901. */
const pointer = (header: string) => `/${header.replaceAll('~', '~0').replaceAll('/', '~1')}`

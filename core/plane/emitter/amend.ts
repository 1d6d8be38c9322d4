import { text } from './literal.ts'

/** The rows of `staged`, those of `amended` with the cells given there; raw text and line stay as they were read. */
export function amendedRows(width: number, delimiter: string): string {
  const places = Array.from({ length: width }, (_, index) => index)
  const raw = `array_to_string([${places.map((at) => `coalesce(s.c${at}, '')`).join(', ')}], ${text(delimiter)})`
  const cells = places.map((at) => `case when a._line is null then s.c${at} else a.c${at} end as c${at}`)
  return `select s._line, case when a._line is null then s._fault end as _fault,
    case when a._line is null then s._raw else coalesce(s._raw, ${raw}) end as _raw, ${cells.join(', ')}
    from staged as s left join amended as a using (_line) order by s._line`
}

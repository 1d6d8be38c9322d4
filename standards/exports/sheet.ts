import { DomainError } from '../../core/errors.ts'
import { errors } from './import.ts'

/** A table of texts, its header first. */
export interface Sheet {
  /** Of the sheet in a workbook: letters only. */
  readonly name: string
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** A row by column name, its cells trimmed of nothing; a column that is absent is empty. */
export type Row = Readonly<Record<string, string>>

/** What is wrong with a cell of a file. */
export interface Finding {
  /** As a spreadsheet counts, the header is 1. */
  readonly row: number
  readonly column: string
  readonly value: string
  readonly refusal: DomainError
}

export interface NumberedRow {
  readonly at: number
  readonly cells: Row
}

/** Rows that hold something, by the names of the header; unknown, doubled and missing columns are findings. */
export function namedRows(
  [header = [], ...lines]: readonly (readonly string[])[],
  known: Readonly<Record<string, string>>,
  needed: readonly string[],
): { readonly rows: NumberedRow[]; readonly findings: Finding[] } {
  const byWord = new Map(
    Object.entries(known).flatMap(([name, zh]) => [
      [name.toLowerCase(), name],
      [zh, name],
    ]),
  )
  const names = header.map((cell) => byWord.get(cell.trim().toLowerCase()))
  const findings: Finding[] = []
  const faulty = (column: string, refusal: DomainError) =>
    findings.push({ row: 1, column, value: column, refusal })
  header.forEach((cell, index) => {
    const name = names[index]
    if (name === undefined && (cell.trim() !== '' || lines.some((line) => (line[index] ?? '') !== '')))
      faulty(cell, errors.IMPORT_COLUMN_UNKNOWN({ column: cell }))
    else if (name !== undefined && names.indexOf(name) !== index)
      faulty(cell, errors.IMPORT_COLUMN_TWICE({ column: cell }))
  })
  for (const name of needed)
    if (!names.includes(name)) faulty(name, errors.IMPORT_COLUMN_MISSING({ column: name }))
  const rows = lines.flatMap((line, index) => {
    if (line.every((cell) => cell === '')) return []
    const at = index + 2
    line.slice(header.length).forEach((value, beyond) => {
      if (value !== '')
        findings.push({
          row: at,
          column: String(header.length + beyond + 1),
          value,
          refusal: errors.IMPORT_COLUMN_UNKNOWN({ column: header.length + beyond + 1 }),
        })
    })
    const cells = names.flatMap((name, column) =>
      name === undefined ? [] : [[name, line[column] ?? ''] as const],
    )
    return [{ at, cells: Object.fromEntries(cells) }]
  })
  return { rows, findings }
}

/** Several items in one cell, parted by `|`; a backslash takes its meaning from what follows. Empty items are none. */
export function joinItems(items: readonly string[]): string {
  return items
    .filter((item) => item !== '')
    .map((item) => item.replaceAll(/[\\|]/g, '\\$&'))
    .join('|')
}

/** What {@link joinItems} joined. */
export function splitItems(cell: string): string[] {
  const items = ['']
  for (let at = 0; at < cell.length; at++) {
    const letter = cell.charAt(at)
    if (letter === '|') items.push('')
    else items.push((items.pop() ?? '') + (letter === '\\' ? cell.charAt(++at) : letter))
  }
  return items.filter((item) => item !== '')
}

/** Reads the cells of a row; what cannot be read is told to `fault`, and the neutral value stands for it. */
export function cellsOf(row: Row, fault: (column: string, refusal: DomainError) => void) {
  const raw = (column: string) => row[column] ?? ''
  function parsed<T>(column: string, accepts: RegExp, convert: (text: string) => T): T | undefined {
    const text = raw(column).trim()
    if (text === '') return undefined
    if (accepts.test(text)) return convert(text)
    fault(column, errors.IMPORT_CELL_INVALID({ value: text, column }))
    return undefined
  }
  return {
    text: raw,
    optional: (column: string) => raw(column) || undefined,
    items: (column: string) => splitItems(raw(column)),
    number: (column: string) => parsed(column, /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/, Number),
    integer: (column: string) => parsed(column, /^\d{1,15}$/, Number),
    boolean: (column: string) =>
      parsed(column, /^(?:true|false|是|否)$/i, (text) => /^(?:true|是)$/i.test(text)) ?? false,
    /** A word of the list, `none` where the cell is empty. */
    word<Word extends string>(column: string, words: readonly Word[], none: Word): Word {
      const text = raw(column).trim()
      if (text === '') return none
      const found = words.find((word) => word === text)
      if (found === undefined) fault(column, errors.IMPORT_CELL_INVALID({ value: text, column }))
      return found ?? none
    },
  }
}

export type Cells = ReturnType<typeof cellsOf>

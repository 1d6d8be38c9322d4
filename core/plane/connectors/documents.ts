import type { Cell, Row, SourceColumn } from './connector.ts'

/** What a document holds beyond the columns that were found; nothing of it is lost. */
export const EXTRA = '_extra'
const MAX_DEPTH = 8

/**
 * A document as cells: nested members by their path `a.b`, arrays as JSON. `textOf` writes the values that are
 * neither text, number, yes or no, array nor plain object.
 */
export function flatten(
  document: object,
  textOf: (value: object) => string | undefined = () => undefined,
): Map<string, Cell> {
  const cells = new Map<string, Cell>()
  function add(path: string, value: unknown, depth: number): void {
    if (value === null || value === undefined) cells.set(path, null)
    else if (typeof value !== 'object') cells.set(path, String(value))
    else {
      const written = textOf(value)
      if (written !== undefined) cells.set(path, written)
      else if (Array.isArray(value) || depth >= MAX_DEPTH) cells.set(path, jsonOf(value))
      else if (Object.keys(value).length === 0) cells.set(path, null)
      else for (const [name, member] of Object.entries(value)) add(`${path}.${name}`, member, depth + 1)
    }
  }
  function jsonOf(value: object): string {
    return JSON.stringify(value, function (this: Record<string, unknown>, key, member: unknown) {
      const original = this[key]
      return (typeof original === 'object' && original !== null ? textOf(original) : undefined) ?? member
    })
  }
  for (const [name, value] of Object.entries(document)) add(name, value, 1)
  return cells
}

/** The columns that a sample of documents shows, in the order of appearance, and {@link EXTRA}. */
export function columnsOf(sample: readonly ReadonlyMap<string, Cell>[]): SourceColumn[] {
  const names = new Set(sample.flatMap((cells) => [...cells.keys()]))
  names.delete(EXTRA)
  const columns = [...names].map((name): SourceColumn => ({
    name,
    declaredType: null,
    nullable: sample.some((cells) => (cells.get(name) ?? null) === null),
    key: name === '_id',
  }))
  return [...columns, { name: EXTRA, declaredType: 'json', nullable: true, key: false }]
}

/** Cells in the order of `columns`; what no column takes is kept as JSON where {@link EXTRA} is a column. */
export function rowOf(cells: ReadonlyMap<string, Cell>, columns: readonly string[]): Row {
  const known = new Set(columns)
  const rest = [...cells].filter(([name, cell]) => !known.has(name) && cell !== null)
  return columns.map((name) =>
    name === EXTRA
      ? rest.length > 0
        ? JSON.stringify(Object.fromEntries(rest))
        : null
      : (cells.get(name) ?? null),
  )
}

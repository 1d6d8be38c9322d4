import { MAX_ROW_CHARACTERS, OUTLINE_ROWS, type OutlineRow, type TableRow } from './table.ts'

/** Of a cell: enough to tell what a column holds. */
export const CELL_CHARACTERS = 2_000
/** Of all cells together. A row of the widest table still fits. */
const ALL_CHARACTERS = MAX_ROW_CHARACTERS

/** The first rows as an outline shows them: long cells cut, and no more than a reader's memory bears. */
export async function shownRows(
  pieces: AsyncIterable<readonly TableRow[]> | Iterable<readonly TableRow[]>,
): Promise<OutlineRow[]> {
  const rows: OutlineRow[] = []
  let characters = 0
  for await (const piece of pieces)
    for (const { line, cells, fault, isSpread } of piece) {
      const shown = { line, cells: cells.map(cut), fault, isSpread }
      characters += shown.cells.reduce((sum, { length }) => sum + length, 0)
      if (characters > ALL_CHARACTERS) return rows
      // A copy: a part of a long text would keep all of it in memory.
      rows.push(JSON.parse(JSON.stringify(shown)) as OutlineRow)
      if (rows.length === OUTLINE_ROWS) return rows
    }
  return rows
}

/** Half of a character is none: a text never ends in the first of two surrogates. */
const cut = (cell: string) =>
  cell.length <= CELL_CHARACTERS ? cell : cell.slice(0, CELL_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')

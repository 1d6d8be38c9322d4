/** A merged range; rows from 1, columns from 0, both ends belong to it. */
export interface Merge {
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
}

const RANGE = /^\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})$/

/** `A1:B2`; undefined for what is no range of several cells. */
export function mergeOf(reference: string): Merge | undefined {
  const match = RANGE.exec(reference)
  if (!match) return undefined
  const [, left = '', top = '', right = '', bottom = ''] = match
  const merge = { top: Number(top), left: columnOf(left), bottom: Number(bottom), right: columnOf(right) }
  return merge.bottom >= merge.top && merge.right >= merge.left ? merge : undefined
}

/** `A` is 0, `AB` is 27; anything else is -1. */
export function columnOf(letters: string): number {
  let column = 0
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64
  return column - 1
}

/** Fills the cells of merged ranges from their first one, row after row downwards. */
export class MergeFiller {
  readonly #waiting: Merge[]
  #active: { readonly merge: Merge; readonly text: string }[] = []

  constructor(merges: readonly Merge[]) {
    this.#waiting = [...merges].sort((a, b) => b.top - a.top)
  }

  /** Whether a range that began above reaches into the row. */
  reaches(line: number): boolean {
    return this.#active.some(({ merge }) => merge.bottom >= line)
  }

  /**
   * Writes into `cells`, never over what stands there.
   *
   * @param width columns that the sheet uses; a title merged over the whole width of a sheet fills no more
   * @returns whether a range that begins here is spread over several columns
   */
  fill(line: number, cells: string[], width: number): boolean {
    let isSpread = false
    this.#active = this.#active.filter(({ merge }) => merge.bottom >= line)
    for (
      let next = this.#waiting.at(-1);
      next !== undefined && next.top <= line;
      next = this.#waiting.at(-1)
    ) {
      this.#waiting.pop()
      if (next.top === line && next.right > next.left) isSpread = true
      this.#active.push({ merge: next, text: next.top === line ? (cells[next.left] ?? '') : '' })
    }
    for (const { merge, text } of this.#active)
      if (text !== '')
        for (let at = merge.left; at <= Math.min(merge.right, width - 1); at += 1)
          if ((cells[at] ?? '') === '') cells[at] = text
    return isSpread
  }
}

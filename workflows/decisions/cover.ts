import type { Atom } from './domain.ts'

/** A rule as one set of atoms for each column. */
export type Box = readonly bigint[]

/** Whether two rules hold of some input both. */
export const overlap = (a: Box, b: Box) => a.every((mask, column) => (mask & (b[column] ?? 0n)) !== 0n)

/** More work than this is not done; the answer then says so. */
const MAX_STEPS = 200_000

export interface Uncovered {
  readonly boxes: readonly Box[]
  readonly isComplete: boolean
}

/** The parts of `whole` that none of the boxes covers, at most `limit` of them. */
export function uncovered(whole: Box, boxes: readonly Box[], limit: number): Uncovered {
  const found: Box[] = []
  let steps = 0
  const search = (column: number, prefix: readonly bigint[], active: readonly number[]): void => {
    steps += 1
    if (steps > MAX_STEPS || found.length >= limit) return
    if (active.length === 0) {
      found.push([...prefix, ...whole.slice(column)])
      return
    }
    if (column === whole.length) return
    for (const [mask, rules] of parted(whole[column] ?? 0n, boxes, column, active))
      search(column + 1, [...prefix, mask], rules)
  }
  if (whole.every((mask) => mask !== 0n)) search(0, [], [...boxes.keys()])
  return { boxes: found, isComplete: steps <= MAX_STEPS }
}

/** The atoms of a column in groups of those that the same rules hold of. */
function parted(
  whole: bigint,
  boxes: readonly Box[],
  column: number,
  active: readonly number[],
): [bigint, readonly number[]][] {
  const groups = new Map<string, [bigint, readonly number[]]>()
  for (let bit = 1n; bit <= whole; bit <<= 1n) {
    if ((whole & bit) === 0n) continue
    const rules = active.filter((index) => ((boxes[index]?.[column] ?? 0n) & bit) !== 0n)
    const key = rules.join()
    groups.set(key, [(groups.get(key)?.[0] ?? 0n) | bit, rules])
  }
  return [...groups.values()]
}

/** The atoms of a mask in words; `-` for all of them. */
export function textOf(mask: bigint, atoms: readonly Atom[]): string {
  if (mask === (1n << BigInt(atoms.length)) - 1n) return '-'
  return atoms
    .filter((_, index) => (mask & (1n << BigInt(index))) !== 0n)
    .map(({ text }) => text)
    .join(', ')
}

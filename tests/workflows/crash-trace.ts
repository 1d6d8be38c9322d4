import type { Block } from './crash-model.ts'

/** `+` entered, `-` left, `x` cancelled, and the node. */
export type Move = string

/** Moves in an order that must hold, or branches whose orders do not touch each other. */
type Expected = Move | { readonly order: 'sequence' | 'any'; readonly parts: readonly Expected[] }

/**
 * What is wrong with the moves of an instance that has ended: each expected move once, no other, and each
 * block of a sequence after the one before it. Undefined when nothing is.
 */
export function traceFault(
  blocks: readonly Block[],
  way: number,
  moves: readonly Move[],
): string | undefined {
  const expected = sequence(['+s', '-s', ...blocks.map((block) => expectedOf(block, way, moves)), '+e', '-e'])
  const wanted = flat(expected)
  const missing = wanted.filter((move) => !moves.includes(move))
  const extra = moves.filter((move, index) => !wanted.includes(move) || moves.indexOf(move) !== index)
  if (missing.length > 0) return `lacks ${missing.join(' ')}`
  if (extra.length > 0) return `has ${extra.join(' ')} too many`
  return orderFault(expected, new Map(moves.map((move, index) => [move, index])))
}

const sequence = (parts: readonly Expected[]): Expected => ({ order: 'sequence', parts })
const visit = (id: string): Expected => sequence([`+${id}`, `-${id}`])

function expectedOf(block: Block, way: number, moves: readonly Move[]): Expected {
  const { id } = block
  const branch = (blocks: readonly Block[]) => sequence(blocks.map((one) => expectedOf(one, way, moves)))
  switch (block.kind) {
    case 'thrown':
      return sequence([visit(`${id}_send`), visit(id)])
    case 'race': {
      // Whichever was first: the person, or the time limit that takes the task away. Never both.
      const late = moves.includes(`+${id}_late`)
      const met = late ? [`+${id}`, `x${id}`, visit(`${id}_late`)] : [visit(id)]
      return sequence([...met, visit(`${id}_end`)])
    }
    case 'choice':
      return sequence([visit(id), branch(block.branches[way === 0 ? 0 : 1] ?? []), visit(`${id}_end`)])
    case 'parallel':
      return sequence([visit(id), { order: 'any', parts: block.branches.map(branch) }, visit(`${id}_end`)])
    default:
      return visit(id)
  }
}

function flat(expected: Expected): Move[] {
  return typeof expected === 'string' ? [expected] : expected.parts.flatMap(flat)
}

function orderFault(expected: Expected, at: ReadonlyMap<Move, number>): string | undefined {
  if (typeof expected === 'string') return undefined
  for (const [index, part] of expected.parts.entries()) {
    const fault = orderFault(part, at)
    if (fault !== undefined) return fault
    const before = expected.parts[index - 1]
    if (expected.order === 'any' || before === undefined) continue
    if (Math.max(...places(before, at)) > Math.min(...places(part, at)))
      return `has ${flat(part).join(' ')} before ${flat(before).join(' ')}`
  }
  return undefined
}

const places = (expected: Expected, at: ReadonlyMap<Move, number>) =>
  flat(expected).map((move) => at.get(move) ?? Infinity)

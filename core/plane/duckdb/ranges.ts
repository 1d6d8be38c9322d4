import type { PlaneProgress } from '../plane.ts'
import { errors } from '../refusals.ts'
import type { Work } from './main.ts'

/** The parts of a judgement in their order, each done range by range. */
const PARTS = ['judge', 'compare', 'quarantine', 'sort'] as const
const PHASES: Readonly<Record<Part, PlaneProgress['phase']>> = {
  judge: 'validate',
  compare: 'compare',
  quarantine: 'write',
  sort: 'write',
}

type Part = (typeof PARTS)[number]

/**
 * Tells after each range how many of all are done; of a part left behind all are.
 *
 * @param rows of the register
 * @param planned ranges of each part
 * @returns called after a range, with the rows in its file so far where one is written. It throws PLANE_CANCELLED once
 * the work is given up: an interrupt ends a statement, and does nothing between two
 */
export function rangesOf(
  work: Work,
  rows: number,
  planned: Readonly<Record<Part, number>>,
): (part: Part, written?: number) => void {
  const sum = (parts: readonly Part[]) => parts.reduce((all, part) => all + planned[part], 0)
  const done: Partial<Record<Part, number>> = {}
  return (part, written) => {
    if (work.interrupted) throw errors.CANCELLED()
    const own = (done[part] ?? 0) + 1
    done[part] = own
    work.report({
      type: 'progress',
      progress: {
        phase: PHASES[part],
        rows: written ?? Math.round((rows * own) / planned[part]),
        bytes: 0,
        ranges: { done: sum(PARTS.slice(0, PARTS.indexOf(part))) + own, of: sum(PARTS) },
      },
    })
  }
}

import type { Counts } from '../../core/plane/plane.ts'
import type { UpdateCycle } from './entry.ts'
import { allowedMs } from './entry.life.ts'

export type Grade = 'A' | 'B' | 'C' | 'D'

/**
 * What the current version of a dataset is worth (section 7), as far as it is measured when it is published: two of
 * the six dimensions of GB/T 36344, of equal weight. The other four need rules of their own.
 */
export interface Quality {
  readonly grade: Grade
  /** 0 to 100, two decimals: the mean of the dimensions measured. */
  readonly score: number
  /** 规范性: of the rows that were read, the share the schema accepts; the rest waits in quarantine. */
  readonly normative: number
  /** 时效性: 100 when the version came within its cycle and grace, else their share of the time it took; null without one. */
  readonly timeliness: number | null
}

const LIMITS: readonly (readonly [Grade, number])[] = [
  ['A', 98],
  ['B', 95],
  ['C', 90],
]

/** «A ≥ 98, B ≥ 95, C ≥ 90, D below» (section 7). */
export function gradeOf(score: number): Grade {
  return LIMITS.find(([, least]) => score >= least)?.[0] ?? 'D'
}

/** @param previousAt when the version before was published; null for the first */
export function measured(
  { read, rejected, filtered }: Counts,
  { previousAt, cycle }: { readonly previousAt: Date | null; readonly cycle: UpdateCycle | null },
  at: Date,
): Quality {
  const judged = read - filtered
  const normative = judged > 0 ? rounded(100 * (1 - rejected / judged)) : 100
  const timeliness = timelinessOf(previousAt, cycle, at)
  const score = timeliness === null ? normative : rounded((normative + timeliness) / 2)
  return { grade: gradeOf(score), score, normative, timeliness }
}

function timelinessOf(previousAt: Date | null, cycle: UpdateCycle | null, at: Date): number | null {
  const allowed = cycle === null ? null : allowedMs(cycle)
  if (previousAt === null || allowed === null) return null
  const taken = at.getTime() - previousAt.getTime()
  return taken <= allowed ? 100 : rounded((100 * allowed) / taken)
}

/** Down, so that no rejected row is rounded away from a limit. */
const rounded = (share: number) => Math.floor(share * 100 + 1e-6) / 100

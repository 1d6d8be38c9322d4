import type { DuckDBConnection } from '@duckdb/node-api'
import type { PlaneProgress } from '../plane.ts'

export interface Movement {
  /** How much of the statement is done, 0 to 1; absent where the engine cannot tell. */
  readonly share?: number
}

/** Answers how far the statements of the connections are, if any has moved since it was asked last. */
export function movementOf(
  connections: readonly Pick<DuckDBConnection, 'progress'>[],
): () => Movement | undefined {
  let seen = connections.map(() => '')
  return () => {
    const states = connections.map(({ progress }) => progress)
    const now = states.map(({ percentage, rows_processed: rows }) => `${percentage} ${rows}`)
    if (now.every((state, at) => state === seen[at])) return undefined
    seen = now
    const percentage = Math.max(...states.map(({ percentage }) => percentage))
    return percentage < 0 ? {} : { share: Math.min(1, percentage / 100) }
  }
}

/**
 * What is told of a phase once a statement has moved. Only of a phase that is one statement, and so was told with a
 * share, does the statement's share say anything; the engine's own falls between its pipelines and at its end.
 */
export function advanced(last: PlaneProgress, { share = 0 }: Movement): PlaneProgress {
  return last.share === undefined ? last : { ...last, share: Math.max(last.share, share) }
}

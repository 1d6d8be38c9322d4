import { DomainError } from '../../core/errors.ts'
import { priorWeight } from '../../core/plane/fellegi-sunter.ts'
import type { Matched, MatchSource } from '../../core/plane/match.ts'
import { type Plane, type PlaneControl, type PlaneRow, selectAll } from '../../core/plane/plane.ts'
import { clustered, type Clustering, type Rulings } from './clusters.ts'
import { errors, levelText, type MatchConfig, type MatchedPair } from './match.ts'

export interface MatchResult extends Clustering, Pick<Matched, 'rows' | 'candidates' | 'blocks' | 'model'> {
  /** What the prior adds to every pair, in bits. */
  readonly priorWeight: number
}

/**
 * Finds the rows that stand for the same, in one source or between several.
 *
 * @throws GOLDEN_BLOCK_TOO_LARGE naming the value (section 13, row 37), PLANE_MATCH_ID_REPEATED, PLANE_COLUMN_UNKNOWN
 */
export async function matchSources(
  plane: Plane,
  config: MatchConfig,
  sources: readonly MatchSource[],
  { rulings, control = {} }: { readonly rulings?: Rulings; readonly control?: PlaneControl } = {},
): Promise<MatchResult> {
  const { pairs, ...found } = await findPairs(plane, config, sources, control)
  const { clusters, decided } = clustered(pairs, config, sources.length === 1, rulings)
  return { ...found, clusters, decided }
}

/** The pairs that weigh at least `lower`, before anything is decided. @throws as {@link matchSources} */
export async function findPairs(
  plane: Plane,
  config: MatchConfig,
  sources: readonly MatchSource[],
  control: PlaneControl,
): Promise<Omit<MatchResult, keyof Clustering> & { readonly pairs: readonly MatchedPair[] }> {
  const { rows, candidates, blocks, model, pairs } = await plane
    .match({ ...config, sources }, control)
    .catch((error: unknown) => {
      throw translated(error)
    })
  const found = pairs === undefined ? [] : await pairsIn(plane, config, pairs.sha256)
  return { rows, candidates, blocks, model, pairs: found, priorWeight: priorWeight(model) }
}

function translated(error: unknown): unknown {
  if (!(error instanceof DomainError) || error.code !== 'PLANE_MATCH_BLOCK_TOO_LARGE') return error
  const { rule = '', value = '', pairs = 0, limit = 0 } = error.params as Record<string, string | number>
  return errors.BLOCK_TOO_LARGE({ rule, value, pairs, limit })
}

/** Reads the pairs and lets their file go: it can be made again at any time. */
async function pairsIn(plane: Plane, config: MatchConfig, sha256: string): Promise<MatchedPair[]> {
  const names = ['left_source', 'left_id', 'right_source', 'right_id', 'weight', 'former'].concat(
    config.comparisons.flatMap((_, at) => [`l${at}`, `w${at}`]),
  )
  const columns = Object.fromEntries(names.map((name) => [name, name]))
  const rows = await selectAll(plane, { sources: [{ files: [sha256], columns }] }, { asLoad: true })
  await plane.remove(sha256)
  return rows.map((row) => pairOf(config, row))
}

function pairOf({ comparisons, alternatives }: MatchConfig, row: PlaneRow): MatchedPair {
  const byFormer = row['former'] === true ? alternatives?.fields : undefined
  return {
    left: { source: String(row['left_source']), id: String(row['left_id']) },
    right: { source: String(row['right_source']), id: String(row['right_id']) },
    weight: Number(row['weight']),
    parts: comparisons.map(({ field, levels }, at) => {
      const level = Number(row[`l${at}`])
      return {
        field,
        level: level < 0 ? 'absent' : levelText(levels[levels.length - level], byFormer?.includes(field)),
        weight: Math.round(Number(row[`w${at}`]) * 1000) / 1000,
      }
    }),
  }
}

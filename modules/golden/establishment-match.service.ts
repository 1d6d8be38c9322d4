import type { Context } from '../../core/context.ts'
import { DomainError } from '../../core/errors.ts'
import type { PlaneRow } from '../../core/plane/plane.ts'
import { type EstablishmentRow, likeliest, LIKENESS, likenessSources } from './establishment.ts'
import { rowName } from './link.ts'
import type { MatchedPair } from './match.ts'
import { findPairs } from './matching.ts'
import type { Findings } from './merging.ts'
import type { PlannedEstablishments } from './plan.ts'

/**
 * The rows of crosswalks that have a company and no number, each with the number of the registered establishment it
 * speaks of by name and address (6.2, 6.3). One that resembles none, or several nearly as well, is a finding.
 */
export async function numberedByLikeness(
  ctx: Context,
  planned: readonly PlannedEstablishments[],
  rows: readonly Omit<EstablishmentRow, 'number'>[],
  findings: Findings,
  signal: AbortSignal,
): Promise<EstablishmentRow[]> {
  const numbers = new Map<string, string>()
  for (const element of new Set(rows.map(({ source }) => source.number.elementCode))) {
    const crosswalks = new Set(
      rows.map(({ source }) => source).filter(({ number }) => number.elementCode === element),
    )
    const registers = planned.filter(
      ({ isCrosswalk, number }) => !isCrosswalk && number.elementCode === element,
    )
    if (registers.every(({ files }) => files.length === 0)) continue
    const pairs = await pairsOf(ctx, registers, [...crosswalks], signal)
    for (const [name, number] of likeliest(pairs)) numbers.set(name, number)
  }
  return rows.flatMap(({ source, row }) => {
    const number = numbers.get(nameOf(source, row))
    if (number === undefined) findings.add('GOLDEN_ESTABLISHMENT_UNSURE', source, row)
    return number === undefined ? [] : [{ source, row, number }]
  })
}

const nameOf = ({ datasetId }: PlannedEstablishments, row: PlaneRow) =>
  rowName(datasetId, String(row['row_id']))

/** None where too many share a value: their rows are found, and keep nobody from their records. */
async function pairsOf(
  ctx: Context,
  registers: readonly PlannedEstablishments[],
  crosswalks: readonly PlannedEstablishments[],
  signal: AbortSignal,
): Promise<readonly MatchedPair[]> {
  try {
    return (await findPairs(ctx.plane, LIKENESS, likenessSources(registers, crosswalks), { signal })).pairs
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'GOLDEN_BLOCK_TOO_LARGE') throw error
    ctx.log.warn(
      { rule: error.params['rule'] },
      'too many establishments share a value: none is found by likeness',
    )
    return []
  }
}

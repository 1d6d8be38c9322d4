import type { MatchSource } from '../../core/plane/match.ts'
import type { PlaneRow, SelectSpec } from '../../core/plane/plane.ts'
import { ENTITIES, rowName } from './link.ts'
import { type MatchConfig, type MatchedPair, readMatchConfig } from './match.ts'
import type { PlannedEstablishments } from './plan.ts'

/** A factory or branch of a company, as the department that registers it has it (6.5). */
export interface Establishment {
  /** Credit code or business number of the company. */
  readonly partOf: string
  /** Its own, given by the department. */
  readonly number: string
  readonly name: string | null
  readonly address: string | null
  /** The dataset that says whose it is; null when its own register does. */
  readonly viaDatasetId: string | null
  readonly datasetId: string
  readonly organisationId: string
  readonly version: number
  readonly rowId: string
  /** Line of the department's file, 1 for the first; null when the snapshot has none. */
  readonly line: number | null
  /** When the department's register was received. */
  readonly asOfAt: Date
}

/**
 * Rows with a number, or those without, of the registers `of` establishments: `key` (the company), `number`, `name`, `address`, `row_id` and `line`; by
 * company and number, of one number the last first.
 */
export function establishmentRows(
  of: readonly PlannedEstablishments[],
  { isNumbered = true }: { readonly isNumbered?: boolean } = {},
): SelectSpec {
  return {
    sources: of.flatMap(({ files, company, number, name, address, eventOn }, index) =>
      files.length === 0
        ? []
        : {
            name: String(index),
            files,
            columns: {
              ...{ number: number.name, row_id: '_row_id', line: '_line' },
              ...(company && { key: company.name }),
              ...(name && { name: name.name }),
              ...(address && { address: address.name }),
              ...(eventOn && { event_on: eventOn.name }),
            },
          },
    ),
    where: [{ column: 'number', operator: isNumbered ? 'not-null' : 'is-null' }],
    orderBy: [
      ...(of.some(({ company }) => company) ? [{ column: 'key' }] : []),
      { column: 'number' },
      ...(of.some(({ eventOn }) => eventOn) ? [{ column: 'event_on', descending: true }] : []),
      { column: 'line' },
    ],
  }
}

/** Names an establishment among the registers that use the same numbers. */
export function numberName({ number }: Pick<PlannedEstablishments, 'number'>, value: string): string {
  return `${number.elementCode} ${value}`
}

/** A row of a register of establishments or of a crosswalk. */
export interface EstablishmentRow {
  readonly source: PlannedEstablishments
  readonly number: string
  readonly row: PlaneRow
}

/** Establishments by name and address: acceptance A6 measures it. */
export const LIKENESS: MatchConfig & { readonly margin: number } = {
  ...readMatchConfig({
    sources: [{ id: 'id', columns: {} }],
    fields: {
      name: { form: 'organisation' },
      stem: { form: 'organisation-stem' },
      address: { form: 'address' },
    },
    blocking: [['name'], ['stem'], ['stem:3', 'address:6'], ['stem:2', 'address']],
    comparisons: [
      { field: 'stem', levels: ['equal', 'jaro-winkler>=0.95', 'jaro-winkler>=0.85'] },
      { field: 'address', levels: ['equal', 'contains', 'jaro-winkler>=0.95', 'jaro-winkler>=0.88'] },
    ],
    upper: 0,
    lower: -8,
  }),
  hub: ENTITIES,
  assumedRows: 20,
  margin: 0,
}

/** The establishments of `registers`, by their numbers, and beside them the rows of each crosswalk. */
export function likenessSources(
  registers: readonly PlannedEstablishments[],
  crosswalks: readonly PlannedEstablishments[],
): MatchSource[] {
  const source = (name: string, id: string, { files, ...named }: PlannedEstablishments): MatchSource[] => {
    const columns = {
      ...(named.name && { name: named.name.name, stem: named.name.name }),
      ...(named.address && { address: named.address.name }),
    }
    return files.length === 0 ? [] : [{ name, id, files, columns }]
  }
  return [
    ...registers.flatMap((each) => source(ENTITIES, each.number.name, each)),
    ...crosswalks.flatMap((each) => source(each.datasetId, '_row_id', each)),
  ]
}

/** Row → number of the best pair of each row, unless it weighs too little or another number comes within the margin. */
export function likeliest(pairs: readonly MatchedPair[]): Map<string, string> {
  const best = new Map<string, { number: string; weight: number; isSure: boolean }>()
  for (const { left, right, weight } of pairs.toSorted((a, b) => b.weight - a.weight)) {
    const [hub, row] = left.source === ENTITIES ? [left, right] : [right, left]
    const name = rowName(row.source, row.id)
    const known = best.get(name)
    if (known === undefined) best.set(name, { number: hub.id, weight, isSure: weight >= LIKENESS.upper })
    else if (known.number !== hub.id && known.weight - weight <= LIKENESS.margin) known.isSure = false
  }
  return new Map([...best].flatMap(([name, { number, isSure }]) => (isSure ? [[name, number]] : [])))
}

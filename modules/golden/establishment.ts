import type { SelectSpec } from '../../core/plane/plane.ts'
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
 * Rows of the registers `of` establishments: `key` (the company), `number`, `name`, `address`, `row_id` and `line`; by
 * company and number, of one number the last first.
 */
export function establishmentRows(of: readonly PlannedEstablishments[]): SelectSpec {
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
    where: [{ column: 'number', operator: 'not-null' }],
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

import type { SelectSpec } from '../../core/plane/plane.ts'
import type { Plan } from './plan.ts'

/** A factory or branch of a company, as the department that registers it has it (6.5). */
export interface Establishment {
  /** Credit code or business number of the company. */
  readonly partOf: string
  /** Its own, given by the department. */
  readonly number: string
  readonly name: string | null
  readonly address: string | null
  readonly datasetId: string
  readonly organisationId: string
  readonly version: number
  readonly rowId: string
  /** Line of the department's file, 1 for the first; null when the snapshot has none. */
  readonly line: number | null
  /** When the department's register was received. */
  readonly asOfAt: Date
}

/** Rows of all registers of establishments by company: `key`, `number`, `name`, `address`, `row_id` and `line`. */
export function establishmentRows({ establishments }: Pick<Plan, 'establishments'>): SelectSpec {
  return {
    sources: establishments.flatMap(({ files, key, number, name, address }, index) =>
      files.length === 0
        ? []
        : {
            name: String(index),
            files,
            columns: {
              key: key.name,
              number: number.name,
              row_id: '_row_id',
              line: '_line',
              ...(name && { name: name.name }),
              ...(address && { address: address.name }),
            },
          },
    ),
    where: [{ column: 'key', operator: 'not-null' }],
    orderBy: [{ column: 'key' }, { column: 'number' }],
  }
}

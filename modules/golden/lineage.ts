import { defineErrors } from '../../core/errors.ts'
import type { MergedColumn, RowOrigin } from '../catalog/index.ts'
import type { Plan } from './plan.ts'
import type { RecordField } from './record.ts'
import { RULES } from './survivorship.ts'

/** The only entity merged so far. */
export const ENTITY = 'legal-entity'

/** Which columns the plan makes each field of. */
export function mergedColumns({ sources, nameField }: Plan): MergedColumn[] {
  // Only a name can be a former one.
  const others = RULES.filter((rule) => rule !== 'current-name')
  return sources.flatMap(({ datasetId, columns }) =>
    [...columns].map(([field, { name }]) => {
      return { datasetId, column: name, field, steps: field === nameField ? RULES : others }
    }),
  )
}

/** The rows behind one field of one record: the one whose value it shows first, then those that lost. */
export interface FieldLineage {
  readonly key: string
  readonly field: Pick<RecordField, 'name' | 'label' | 'rule'>
  readonly origins: readonly (RowOrigin & { readonly chosen: boolean })[]
}

/** A field of a record that a row of a file has a value for. */
export interface FedField extends Pick<RecordField, 'name' | 'label'> {
  /** Whether the record shows this row's value. */
  readonly chosen: boolean
}

/** One line of the file a version was loaded from, and the record it became part of. */
export interface LineLineage {
  readonly datasetId: string
  readonly version: number
  readonly line: number
  readonly rowId: string
  /** Of the record; null when the row has none, or no record that is served refers to it. */
  readonly key: string | null
  readonly fields: readonly FedField[]
}

export const errors = defineErrors('GOLDEN', {
  FIELD_NOT_FOUND: {
    kind: 'not-found',
    zh: '该法人信息没有名为“{field}”的数据项',
    en: 'The record has no field “{field}”',
  },
  LINE_NOT_FOUND: {
    kind: 'not-found',
    zh: '第 {version} 版中没有来自第 {line} 行的记录（该行可能被退回、重复或不存在）',
    en: 'Version {version} has no row of line {line}; it may have been rejected, a duplicate, or not there',
  },
})

/** The fields that have a value of the row, chosen or not. */
export function fedBy(
  fields: readonly RecordField[],
  row: { readonly datasetId: string; readonly version: number; readonly rowId: string },
): FedField[] {
  const isRow = (source: typeof row | null) =>
    source?.datasetId === row.datasetId && source.version === row.version && source.rowId === row.rowId
  return fields.flatMap(({ name, label, source, runnersUp }) => {
    const chosen = isRow(source)
    return chosen || runnersUp.some(isRow) ? { name, label, chosen } : []
  })
}

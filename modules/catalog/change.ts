import { defineErrors } from '../../core/errors.ts'
import type { ChangeOperation, PlaneRow } from '../../core/plane/plane.ts'
import type { CompiledColumn } from '../../core/text/column.ts'

type Values = Readonly<Record<string, string | null>>

/** How one row differs between two versions; values as text. */
export interface Change {
  readonly operation: ChangeOperation
  /** Values of the key's columns; of a register without a key, the digest of the whole row. */
  readonly key: readonly string[]
  /** Names of the columns of an update that differ. */
  readonly changed: readonly string[]
  /** Null for an insert. */
  readonly before: Values | null
  /** Null for a delete. */
  readonly after: Values | null
}

export type ChangeCounts = Readonly<Record<ChangeOperation, number>>

export const errors = defineErrors('CATALOG', {
  VERSION_NOT_FOUND: {
    kind: 'not-found',
    zh: '该数据资源没有第 {version} 版',
    en: 'The dataset has no version {version}',
  },
  CHANGE_COLUMN_UNKNOWN: {
    kind: 'invalid',
    zh: '“{column}”不是可以忽略的列',
    en: '“{column}” is no column that can be left out of the comparison',
  },
})

/** What a version without a primary key names its rows by: a digest of the whole row. */
export const ROW_DIGEST = '_row_id'

/**
 * The columns to compare two versions by: key and the rest without the ignored ones.
 *
 * @throws CATALOG_CHANGE_COLUMN_UNKNOWN for an ignored name that is a key or no column
 */
export function comparison(
  columns: readonly Pick<CompiledColumn, 'name'>[],
  primaryKey: readonly string[],
  ignored: readonly string[],
): { readonly key: readonly string[]; readonly columns: readonly string[] } {
  const comparable = columns.map(({ name }) => name).filter((name) => !primaryKey.includes(name))
  const unknown = ignored.find((name) => !comparable.includes(name))
  if (unknown !== undefined) throw errors.CHANGE_COLUMN_UNKNOWN({ column: unknown })
  return {
    key: primaryKey.length > 0 ? primaryKey : [ROW_DIGEST],
    columns: comparable.filter((name) => !ignored.includes(name)),
  }
}

export function readChange(row: PlaneRow): Change {
  const values = (cell: unknown) => (cell === null ? null : (JSON.parse(String(cell)) as Values))
  return {
    operation: row['operation'] as ChangeOperation,
    key: JSON.parse(String(row['key'])) as string[],
    changed: JSON.parse(String(row['changed'])) as string[],
    before: values(row['before'] ?? null),
    after: values(row['after'] ?? null),
  }
}

import type { CompiledColumn } from '../../core/text/column.ts'
import { bigramDice } from '../../core/text/similarity.ts'
import { validate } from '../../core/text/validate.ts'
import type { Day } from '../../core/day.ts'
import { requiredColumns } from './batch.ts'
import type { Layout } from './layout.ts'

/** How a file's columns differ from those confirmed for its dataset; the file's own names. */
export interface Drift {
  /** Kept aside, a notice. */
  readonly added: readonly string[]
  /** Optional ones; their values will be empty, a warning. */
  readonly missing: readonly string[]
  /** Required ones: the load stops. */
  readonly missingRequired: readonly string[]
  /** The load stops: never mapped by guess. */
  readonly renamed: readonly { readonly from: string; readonly to: string }[]
  /** Most of the values no longer are of the column's type: the load stops. */
  readonly retyped: readonly string[]
}

/** From this likeness of names on, a new column is an old one renamed (5.7). */
const RENAMED = 0.85
/** A typed column of which fewer sampled values than this can be read has another type now. */
const LEAST_TYPED_SHARE = 0.5
const TYPE_FAULTS = ['type', 'unreadable']

/** @param confirmed name of a file's column → name of the schema's, as confirmed last */
export function driftOf(
  { header, sample }: Pick<Layout, 'header' | 'sample'>,
  confirmed: Readonly<Record<string, string>>,
  columns: readonly CompiledColumn[],
  primaryKey: readonly string[],
  today: Day,
): Drift {
  const added = header.filter((name) => !Object.hasOwn(confirmed, name))
  const gone = Object.keys(confirmed).filter((name) => !header.includes(name))
  const renamed = gone.flatMap((from) => {
    const to = added.find((name) => bigramDice(from, name) >= RENAMED)
    return to === undefined ? [] : [{ from, to }]
  })
  const required = new Set(requiredColumns(columns, primaryKey).map(({ name }) => name))
  const lost = gone.filter((name) => !renamed.some(({ from }) => from === name))
  const isRequired = (name: string) => required.has(confirmed[name] ?? '')
  const retyped = header.filter((name, index) => {
    const column = columns.find((each) => each.name === confirmed[name])
    const cells = sample.map((row) => row[index] ?? '').filter((cell) => cell.trim() !== '')
    if (column === undefined || cells.length === 0) return false
    const typed = cells.filter((cell) =>
      validate(column, cell, today).failures.every(({ reason }) => !TYPE_FAULTS.includes(reason)),
    )
    return typed.length < cells.length * LEAST_TYPED_SHARE
  })
  return {
    added: added.filter((name) => !renamed.some(({ to }) => to === name)),
    missing: lost.filter((name) => !isRequired(name)),
    missingRequired: lost.filter(isRequired),
    renamed,
    retyped,
  }
}

/** The columns that stop the load, for the refusal's text; empty when it may go on. */
export function stoppingColumns({ missingRequired, renamed, retyped }: Drift): string {
  return [...missingRequired, ...renamed.map(({ from, to }) => `${from} → ${to}`), ...retyped].join(', ')
}

export const isPlain = (drift: Drift) => Object.values(drift).every((names) => names.length === 0)

import type { Day } from '../../core/day.ts'
import { foldTight } from '../../core/text/fold.ts'
import type { FieldSource } from './record.ts'

/** A name the entity bore (曾用名, 6.5). */
export interface FormerName {
  readonly name: string
  /** The first day it is known to have counted; null when no register tells. */
  readonly validFrom: Day | null
  /** The first day another name counted; null when no register tells. */
  readonly validTo: Day | null
  /** The row that bore the name, or lists it as former; null where people corrected the list. */
  readonly source: FieldSource | null
}

/** What a row of a register was called until a later version called it otherwise. Follows from the two versions alone. */
export interface NameChange {
  readonly datasetId: string
  readonly organisationId: string
  /** The last version with the name; `rowId` and `line` are those of that version. */
  readonly version: number
  /** The first version without it. */
  readonly laterVersion: number
  readonly rowId: string
  readonly line: number | null
  /** Number of the company; null where the row had no sound one. */
  readonly key: string | null
  readonly name: string
  /** The day the department dated the row by while it had the name. */
  readonly eventOn: Day | null
  /** When the version with the name was received. */
  readonly asOfAt: Date
  readonly validTo: Day
}

/** A row of one version, as far as its name is concerned. */
export interface NamedRow {
  readonly name: string
  readonly rowId: string
  readonly line: number | null
  /** Null unless sound. */
  readonly key: string | null
  readonly eventOn: Day | null
}

/** Shown of one entity. */
const MOST = 50

/**
 * The names that a row (of a register without a primary key: the rows of one company) bore in one version and no
 * more in the next, where another came up. A row that another company has now was corrected, not renamed. The new
 * name counts from the day the department dates it by, where that is a later day, else from the day it was received.
 */
export function renamed(
  before: readonly NamedRow[],
  after: readonly NamedRow[],
  receivedOn: Day,
): Pick<NameChange, 'name' | 'rowId' | 'line' | 'key' | 'eventOn' | 'validTo'>[] {
  const known = new Set(before.map(({ name }) => foldTight(name)))
  const kept = new Set(after.map(({ name }) => foldTight(name)))
  const fresh = after.find(({ name }) => !known.has(foldTight(name)))
  if (fresh === undefined) return []
  const gone = new Map(before.map((row) => [foldTight(row.name), row]))
  return [...gone].flatMap(([folded, { name, rowId, line, key, eventOn }]) => {
    if (kept.has(folded) || (key !== null && fresh.key !== null && key !== fresh.key)) return []
    const isDated = fresh.eventOn !== null && (eventOn === null || fresh.eventOn > eventOn)
    const validTo = isDated && fresh.eventOn !== null ? fresh.eventOn : receivedOn
    return [{ name, rowId, line, key: fresh.key ?? key, eventOn, validTo }]
  })
}

/** The changes of one row, in order, as names with validity: each counts from the end of the one before. */
export function withValidity(
  changes: readonly NameChange[],
  standingOf: (change: NameChange) => number,
): FormerName[] {
  const ends = new Map<string, Day>()
  return changes
    .toSorted((a, b) => a.version - b.version)
    .map((change): FormerName => {
      const { datasetId, organisationId, version, rowId, line, name, eventOn, asOfAt, validTo } = change
      const row = `${datasetId} ${rowId}`
      const from = ends.get(row) ?? eventOn
      ends.set(row, validTo)
      const validFrom = from !== null && from < validTo ? from : null
      const standing = standingOf(change)
      return {
        ...{ name, validFrom, validTo },
        source: { datasetId, organisationId, version, rowId, line, asOfAt, eventOn, value: name, standing },
      }
    })
}

/**
 * Each name once, without the one that counts now, the last first: as the legal source has it, before those
 * without dates, the earliest end before later ones. Does not depend on the order of `names`.
 */
export function distinctNames(names: readonly FormerName[], current: string): FormerName[] {
  const found = new Map<string, FormerName>()
  const now = foldTight(current)
  for (const each of names.toSorted(better)) {
    const folded = foldTight(each.name)
    if (folded !== '' && folded !== now && !found.has(folded)) found.set(folded, each)
  }
  return [...found.values()]
    .sort((a, b) => order(b.validTo ?? '', a.validTo ?? '') || order(a.name, b.name))
    .slice(0, MOST)
}

function better(a: FormerName, b: FormerName): number {
  return (
    (b.source?.standing ?? 2) - (a.source?.standing ?? 2) ||
    Number(a.validTo === null) - Number(b.validTo === null) ||
    order(a.validTo ?? '', b.validTo ?? '') ||
    order(placeOf(a), placeOf(b))
  )
}

const placeOf = ({ name, source }: FormerName) =>
  `${source?.datasetId} ${source?.rowId} ${source?.version} ${name}`

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

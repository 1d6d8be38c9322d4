import type { PlaneRow } from '../../core/plane/plane.ts'
import { foldTight } from '../../core/text/fold.ts'
import { listItems } from '../../core/text/normalise.ts'
import type { Alternatives } from '../../core/plane/match.ts'
import { distinctNames, type FormerName, type NameChange, withValidity } from './former-name.ts'
import { ENTITIES, NAME_PARTS, rowName } from './link.ts'
import { FORMER_NAMES, type Plan, type PlannedSource, receivedOn } from './plan.ts'
import type { StoredField } from './record.ts'
import type { Constraints } from './ruling.ts'
import { isSound } from './sound.ts'

interface SourcedRow {
  readonly row: PlaneRow
  readonly source: PlannedSource
}

/** What the rows of a plan were called before: as earlier versions have it, and as they list it themselves. */
export class Renaming {
  readonly #plan: Plan
  readonly #cell: string
  readonly #byKey = new Map<string, NameChange[]>()
  readonly #byRow = new Map<string, NameChange[]>()
  readonly #different: Constraints['different']
  /** Nobody was renamed and no register lists former names: nothing to look for. */
  readonly #isNone: boolean

  constructor(plan: Plan, { different }: Pick<Constraints, 'different'>) {
    this.#plan = plan
    this.#different = different
    this.#isNone = plan.nameChanges.length === 0 && !plan.fields.some(({ name }) => name === FORMER_NAMES)
    this.#cell = `f${plan.fields.findIndex(({ name }) => name === FORMER_NAMES)}`
    for (const change of plan.nameChanges) {
      if (change.key !== null) push(this.#byKey, change.key, change)
      push(this.#byRow, rowName(change.datasetId, change.rowId), change)
    }
  }

  /** Of the rows of one entity, whatever it is called now; a row ruled to be another says nothing. */
  of(key: string, group: readonly SourcedRow[]): { changed: FormerName[]; listed: FormerName[] } {
    if (this.#isNone) return { changed: [], listed: [] }
    const changes = new Set(this.#byKey.get(key) ?? [])
    for (const { row, source } of group)
      for (const change of this.#byRow.get(rowName(source.datasetId, String(row['row_id']))) ?? [])
        changes.add(change)
    const own = [...changes].filter(
      ({ datasetId, rowId }) => !this.#different.has(`${rowName(datasetId, rowId)} ${key}`),
    )
    return {
      changed: withValidity(own, ({ datasetId }) => this.#standing(datasetId)),
      listed: group.flatMap((each) => this.#listed(each)),
    }
  }

  #standing(datasetId: string): number {
    const { fields, nameField, sources } = this.#plan
    const legal = fields.find(({ name }) => name === nameField)?.legalSource
    const source = sources.find((each) => each.datasetId === datasetId)
    return legal != null && legal === source?.organisationId ? 1 : (source?.standing ?? 0)
  }

  #listed({ row, source }: SourcedRow): FormerName[] {
    const cell = row[this.#cell]
    const column = source.columns.get(FORMER_NAMES)
    if (typeof cell !== 'string' || !column || !isSound(column, cell, receivedOn(source))) return []
    const { datasetId, organisationId, version, receivedAt } = source
    const line = typeof row['line'] === 'number' ? row['line'] : null
    const eventOn = typeof row['event_on'] === 'string' ? row['event_on'].slice(0, 10) : null
    const standing = this.#standing(datasetId)
    const rowId = String(row['row_id'])
    return listItems(cell).map((value) => ({
      ...{ name: value, validFrom: null, validTo: null },
      source: {
        datasetId,
        organisationId,
        version,
        rowId,
        line,
        asOfAt: receivedAt,
        eventOn,
        value,
        standing,
      },
    }))
  }
}

/** Those of a record; what people put in place of the list counts instead of it. */
export function formerNamesOf(
  { changed, listed }: ReturnType<Renaming['of']>,
  fields: readonly StoredField[],
  current: string,
): FormerName[] {
  if (changed.length + listed.length === 0 && fields.every(({ overriddenBy }) => overriddenBy === undefined))
    return []
  const list = fields.find(({ name }) => name === FORMER_NAMES)
  const kept = list?.overriddenBy
    ? listItems(list.value ?? '').map((name) => ({ name, validFrom: null, validTo: null, source: null }))
    : listed
  return distinctNames([...changed, ...kept], current)
}

/**
 * Folded, the names that the entity bears no more, whoever still writes them: a register that has turned back to a name
 * does not call it former.
 */
export function outdatedNames(
  { changed, listed }: ReturnType<Renaming['of']>,
  group: readonly SourcedRow[],
  nameCell: string | undefined,
): Set<string> {
  const former = [...changed, ...listed]
  if (former.length === 0 || nameCell === undefined) return new Set()
  const borne = new Set(
    group.map(({ row, source }) => `${source.datasetId} ${foldTight(String(row[nameCell] ?? ''))}`),
  )
  return new Set(
    former
      .filter(({ name, source }) => !borne.has(`${source?.datasetId} ${foldTight(name)}`))
      .map(({ name }) => foldTight(name)),
  )
}

/** How many entities the names stand for: those that one of them bore before are no others. */
export function distinctEntities(
  names: ReadonlySet<string>,
  { changed, listed }: ReturnType<Renaming['of']>,
): number {
  if (changed.length + listed.length === 0) return names.size
  const former = new Set([...changed, ...listed].map(({ name }) => foldTight(name)))
  return Math.max(1, [...names].filter((name) => !former.has(foldTight(name))).length)
}

/** What rows are compared by beside what they are called now: entities by their keys, rows without a key by themselves. */
export function alternativesOf(
  { nameChanges }: Pick<Plan, 'nameChanges'>,
  listed: Alternatives['rows'],
  { different }: Pick<Constraints, 'different'>,
): Alternatives {
  const changed = nameChanges.flatMap(({ datasetId, rowId, key, name }) => {
    const row = rowName(datasetId, rowId)
    const own = { source: datasetId, id: rowId, value: name }
    if (key === null || different.has(`${row} ${key}`)) return [own]
    return [own, { source: ENTITIES, id: key, value: name }]
  })
  return { fields: NAME_PARTS, rows: [...listed, ...changed] }
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const known = map.get(key)
  if (known) known.push(value)
  else map.set(key, [value])
}

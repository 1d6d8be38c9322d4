import type { Cell, PlaneRow } from '../../core/plane/plane.ts'
import type { CompiledColumn } from '../../core/text/column.ts'
import { foldTight } from '../../core/text/fold.ts'
import { type Link, rowName } from './link.ts'
import { overridden } from './override.ts'
import { type Plan, type PlannedField, type PlannedSource, receivedOn } from './plan.ts'
import type { StoredField } from './record.ts'
import { distinctEntities, formerNamesOf, outdatedNames, Renaming } from './renaming.ts'
import { constraintsOf } from './ruling.ts'
import { type MergedRecord, sealed } from './sealed.ts'
import { asWritten, isSound, keyVerdict } from './sound.ts'
import { type Candidate, survivor } from './survivorship.ts'

export type FindingCode =
  | 'GOLDEN_KEY_PLACEHOLDER'
  | 'GOLDEN_KEY_CHECK_FAILED'
  | 'GOLDEN_KEY_SHARED'
  | 'GOLDEN_BLOCK_TOO_LARGE'
  | 'GOLDEN_RULING_ROW_GONE'
  | 'GOLDEN_ESTABLISHMENT_UNSURE'

/** Why rows of a source were not linked. */
export interface Finding {
  readonly datasetId: string
  readonly code: FindingCode
  readonly rows: number
  /** Lines of the first such rows. */
  readonly lines: readonly number[]
  /** What too many rows have in common, where that is why. */
  readonly value?: string
}

/** Section 6.1: a key of more distinct entities than this in one source identifies none of them. */
const MAX_SHARE = 5
/** No organisation has more rows under one key; what has is no key. */
const MAX_ROWS = 1000
const MAX_LINES = 10

/** Gathers what the merge noticed, by source and code. */
export class Findings {
  readonly #found = new Map<string, Finding & { rows: number; lines: number[] }>()

  add(
    code: FindingCode,
    { datasetId }: Pick<PlannedSource, 'datasetId'>,
    { line }: PlaneRow,
    value?: string,
  ): void {
    const id = `${datasetId} ${code}`
    const finding = this.#found.get(id) ?? {
      ...{ datasetId, code, rows: 0, lines: [] },
      ...(value !== undefined && { value }),
    }
    this.#found.set(id, finding)
    finding.rows += 1
    if (typeof line !== 'number') return
    finding.lines.push(line)
    finding.lines.sort((a, b) => a - b)
    finding.lines.splice(MAX_LINES)
  }

  all(): Finding[] {
    return [...this.#found.values()].toSorted((a, b) =>
      `${a.datasetId} ${a.code}` < `${b.datasetId} ${b.code}` ? -1 : 1,
    )
  }
}

interface SourcedRow {
  readonly row: PlaneRow
  readonly source: PlannedSource
  /** Its own key is none: it was matched to the entity. */
  readonly linked?: true
}

/** Rows that were matched, by the key of their entity, and what people ruled apart; see {@link merged}. */
export interface Linked {
  readonly rows: ReadonlyMap<string, readonly PlaneRow[]>
  readonly links: readonly Link[]
}

export const NO_LINKS: Linked = { rows: new Map(), links: [] }

/**
 * golden = f(source versions, links, policy, overrides): reads rows sorted by key and yields one record a key, in key order.
 * Holds the rows of one key at a time.
 */
export async function* merged(
  rows: AsyncIterable<PlaneRow>,
  plan: Plan,
  findings: Findings,
  { rows: linkedRows, links }: Linked = NO_LINKS,
): AsyncGenerator<MergedRecord> {
  const { different } = constraintsOf(plan.rulings)
  const merging = prepared(plan, new Renaming(plan, { different }), findings)
  const matched = new Map(links.map(({ datasetId, rowId, key }) => [rowName(datasetId, rowId), key]))
  const isNamed = matched.size + different.size > 0
  const made = new Set<string>()
  const unsound: { code: FindingCode; source: PlannedSource; row: PlaneRow; name: string }[] = []
  const whole = (key: string, group: readonly SourcedRow[]) => {
    if (linkedRows.has(key)) made.add(key)
    return record(key, [...group, ...linkedTo(key, plan, linkedRows)], merging)
  }
  let key: string | undefined
  let group: SourcedRow[] = []
  for await (const row of rows) {
    const source = plan.sources[Number(row['_source'])]
    const rowKey = textOf(row['key'])
    if (source === undefined || rowKey === null) continue
    const verdict = keyVerdict(source.key, rowKey, receivedOn(source))
    const name = isNamed ? rowName(source.datasetId, String(row['row_id'])) : ''
    if (verdict !== 'ok') {
      const code = verdict === 'placeholder' ? 'GOLDEN_KEY_PLACEHOLDER' : 'GOLDEN_KEY_CHECK_FAILED'
      if (matched.has(name)) unsound.push({ code, source, row, name })
      else findings.add(code, source, row)
      continue
    }
    if (different.has(`${name} ${rowKey}`)) continue
    if (rowKey !== key) {
      if (key !== undefined) yield whole(key, group)
      key = rowKey
      group = []
    }
    if (group.length <= MAX_ROWS) group.push({ row, source })
    else findings.add('GOLDEN_KEY_SHARED', source, row)
  }
  if (key !== undefined) yield whole(key, group)
  // In no record, and so not without a word.
  for (const { code, source, row, name } of unsound)
    if (!made.has(matched.get(name) ?? '')) findings.add(code, source, row)
}

function linkedTo(key: string, { sources }: Plan, linked: Linked['rows']): SourcedRow[] {
  return (linked.get(key) ?? []).flatMap((row) => {
    const source = sources[Number(row['_source'])]
    return source ? [{ row, source, linked: true as const }] : []
  })
}

/** What stays the same from record to record. */
interface Merging {
  readonly plan: Plan
  readonly renaming: Renaming
  readonly findings: Findings
  /** Where each field stands in a row. */
  readonly cells: readonly string[]
  /** Of each register, the column of each field. */
  readonly columns: ReadonlyMap<PlannedSource, readonly (CompiledColumn | undefined)[]>
}

function prepared(plan: Plan, renaming: Renaming, findings: Findings): Merging {
  const cells = plan.fields.map((_, at) => `f${at}`)
  const columns = new Map(
    plan.sources.map((source) => [source, plan.fields.map(({ name }) => source.columns.get(name))]),
  )
  return { plan, renaming, findings, cells, columns }
}

function record(key: string, group: readonly SourcedRow[], merging: Merging): MergedRecord {
  const { plan, renaming, findings } = merging
  const { fields, nameField, overrides } = plan
  const nameCell = merging.cells[fields.findIndex(({ name }) => name === nameField)]
  const former = renaming.of(key, group)
  const entities = entitiesSharing(group, nameCell, former)
  const asOfAt = newest(group.map(({ source }) => source.receivedAt))
  if (entities > 1) {
    for (const { row, source } of group) findings.add('GOLDEN_KEY_SHARED', source, row)
    return sealed({ key, name: key, names: [], entities, fields: [], formerNames: [], asOfAt })
  }
  const outdated = outdatedNames(former, group, nameCell)
  const own = overrides.get(key)
  const origins = group.map(({ row, source }) => originOf(row, source))
  const merged: StoredField[] = []
  for (const [at, field] of fields.entries()) {
    const candidates = candidatesFor(field, at, group, origins, outdated, merging)
    const found = candidates.length === 0 ? undefined : survivor(field.name, candidates)
    const override = own?.findLast((each) => each.field === field.name)
    if (override) merged.push(overridden(field.name, found, override))
    else if (found) merged.push(found)
  }
  const named = merged.find(({ name }) => name === nameField)
  const used = merged.flatMap(({ source }) => source?.asOfAt ?? [])
  const name = named?.value ?? key
  const formerNames = formerNamesOf(former, merged, name)
  return sealed({
    key,
    name,
    names: [
      ...new Set(
        named === undefined
          ? []
          : [named, named.source, ...named.runnersUp].flatMap((each) => each?.value ?? []),
      ),
      ...formerNames.map((each) => each.name),
    ],
    entities: 1,
    fields: merged,
    formerNames,
    asOfAt: used.length === 0 ? asOfAt : newest(used),
  })
}

function candidatesFor(
  field: PlannedField,
  at: number,
  group: readonly SourcedRow[],
  origins: readonly Candidate['source'][],
  outdated: ReadonlySet<string>,
  { plan, cells, columns }: Merging,
): Candidate[] {
  const candidates: Candidate[] = []
  for (let index = 0; index < group.length; index++) {
    const { row, source, linked } = group[index] as SourcedRow
    const column = columns.get(source)?.[at]
    if (column === undefined || (linked && column === source.key)) continue
    const value = textOf(row[cells[at] as string])
    if (value === null) continue
    const origin = origins[index] as Candidate['source']
    const fromLegalSource = field.legalSource === source.organisationId
    candidates.push({
      value: asWritten(value, column),
      sound: isSound(column, value, receivedOn(source)),
      former: outdated.size > 0 && field.name === plan.nameField && outdated.has(foldTight(value)),
      fromLegalSource,
      freshOn: origin.eventOn ?? receivedOn(source),
      rank: source.rank,
      standing: fromLegalSource ? 1 : source.standing,
      source: origin,
    })
  }
  return candidates
}

function originOf(row: PlaneRow, source: PlannedSource): Candidate['source'] {
  const line = row['line']
  return {
    datasetId: source.datasetId,
    organisationId: source.organisationId,
    version: source.version,
    rowId: textOf(row['row_id']) ?? '',
    line: typeof line === 'number' ? line : null,
    asOfAt: source.receivedAt,
    eventOn: textOf(row['event_on'])?.slice(0, 10) ?? null,
  }
}

/** 1, or how many differently named entities one source has under the key when those are too many. */
function entitiesSharing(
  group: readonly SourcedRow[],
  nameCell: string | undefined,
  former: ReturnType<Renaming['of']>,
): number {
  // Each row is one entity at most.
  if (group.length <= MAX_SHARE) return 1
  const names = new Map<PlannedSource, Set<string>>()
  for (const { row, source } of group) {
    const name = nameCell === undefined ? null : textOf(row[nameCell])
    const known = names.get(source) ?? new Set()
    names.set(source, known.add(name ?? textOf(row['row_id']) ?? ''))
  }
  if (group.length > MAX_ROWS) return MAX_ROWS + 1
  const most = Math.max(...[...names.values()].map((each) => distinctEntities(each, former)))
  return most > MAX_SHARE ? most : 1
}

function newest([first = new Date(NaN), ...others]: readonly Date[]): Date {
  return others.reduce((latest, each) => (each > latest ? each : latest), first)
}

function textOf(cell: Cell | undefined): string | null {
  return cell === undefined || cell === null || cell === '' ? null : String(cell)
}

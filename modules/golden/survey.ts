import type { PlaneRow, SelectSpec } from '../../core/plane/plane.ts'
import { listItems } from '../../core/text/normalise.ts'
import { check } from '../../core/text/check.ts'
import type { CompiledColumn } from '../../core/text/column.ts'
import { ENTITIES, type Link, rowName } from './link.ts'
import { FORMER_NAMES, type Plan, type PlannedSource, receivedOn } from './plan.ts'
import type { Constraints } from './ruling.ts'
import { keyVerdict } from './sound.ts'

// What one pass over the keys of all registers tells of the rows that have none.

/** Key, id, line, organisation code (组织机构代码) and former names (曾用名) of every row. */
export function surveyed({ sources }: Plan): SelectSpec {
  return {
    sources: sources.flatMap((source, index) =>
      source.files.length === 0
        ? []
        : {
            name: String(index),
            files: source.files,
            columns: {
              key: source.key.name,
              row_id: '_row_id',
              line: '_line',
              ...organisationCode(source),
              ...formerNames(source),
            },
          },
    ),
  }
}

function organisationCode({ columns }: PlannedSource): { code: string } | object {
  const column = codeColumn({ columns })
  return column ? { code: column.name } : {}
}

function formerNames({ columns }: PlannedSource): { former: string } | object {
  const column = columns.get(FORMER_NAMES)
  return column ? { former: column.name } : {}
}

function codeColumn({ columns }: Pick<PlannedSource, 'columns'>): CompiledColumn | undefined {
  return [...columns.values()].find((each) => each.check === 'gb11714')
}

export class Survey {
  readonly #plan: Plan
  readonly #rulings: Constraints
  /** Organisation code → credit code; null where several entities bear it. */
  readonly #byCode = new Map<string, string | null>()
  readonly #coded: { link: Link; code: string }[] = []
  readonly #ruled: Link[] = []
  /** Of the entities people ruled on, those with a row of that code that was not ruled to be another. */
  readonly #standing = new Set<string>()
  readonly #ruledOn: ReadonlySet<string>
  /** Former names that rows list themselves: of entities, and of rows without a sound key. */
  readonly listed: { readonly source: string; readonly id: string; readonly value: string }[] = []
  /** Registers with rows that have no sound key. */
  readonly loose = new Set<PlannedSource>()
  /** Whether any row has a sound key, and so there are entities. */
  hasEntities = false

  /** Whether any register has organisation codes: without, the codes of all entities are not kept. */
  readonly #isCoded: boolean

  constructor(plan: Plan, rulings: Constraints) {
    this.#plan = plan
    this.#isCoded = plan.sources.some((source) => codeColumn(source) !== undefined)
    this.#rulings = rulings
    this.#ruledOn = new Set(plan.rulings.map(({ key }) => key))
  }

  add(row: PlaneRow): void {
    const source = this.#plan.sources[Number(row['_source'])]
    if (!source) return
    const key = soundKey(source, row)
    const name = rowName(source.datasetId, String(row['row_id']))
    const ruled = this.#rulings.same.get(name)
    if (ruled !== undefined && ruled !== key)
      this.#ruled.push(linkOf(source, row, ruled, 'ruling', key === null ? 'link' : 'reopened'))
    if (key === null) this.#addLoose(source, row)
    else if (!this.#rulings.different.has(`${name} ${key}`)) this.#addKey(key)
    else return
    const { source: whose, id } =
      key === null ? { source: source.datasetId, id: String(row['row_id']) } : { source: ENTITIES, id: key }
    for (const value of typeof row['former'] === 'string' ? listItems(row['former']) : [])
      this.listed.push({ source: whose, id, value })
  }

  /** Whether a code that occurs is anybody's: not when each row that bears it was ruled to be another. */
  isEntity(key: string): boolean {
    return !this.#ruledOn.has(key) || this.#standing.has(key)
  }

  /**
   * What needs no weighing: rulings of people, then equal organisation codes (6.1). Who was ruled to be an entity
   * that is there no more is put to people again.
   */
  certain(): Link[] {
    const ruled = new Set(this.#ruled.map(({ datasetId, rowId }) => rowName(datasetId, rowId)))
    const coded = this.#coded.flatMap(({ link, code }) => {
      const key = this.#byCode.get(code)
      const name = rowName(link.datasetId, link.rowId)
      if (key === undefined || key === null || ruled.has(name)) return []
      return this.#rulings.different.has(`${name} ${key}`) ? [] : [{ ...link, key }]
    })
    return [
      ...this.#ruled.map((link) =>
        this.isEntity(link.key) ? link : { ...link, decision: 'reopened' as const },
      ),
      ...coded,
    ]
  }

  #addLoose(source: PlannedSource, row: PlaneRow): void {
    this.loose.add(source)
    const code = row['code']
    if (typeof code === 'string' && check('gb11714', code, { today: receivedOn(source) }) === 'ok')
      this.#coded.push({ link: linkOf(source, row, '', 'organisation-code', 'link'), code })
  }

  /** Characters 9 to 17 of a credit code are the organisation code (GB 32100-2015). */
  #addKey(key: string): void {
    this.hasEntities = true
    if (this.#ruledOn.has(key)) this.#standing.add(key)
    if (!this.#isCoded) return
    const code = key.slice(8, 17)
    const known = this.#byCode.get(code)
    this.#byCode.set(code, known === undefined || known === key ? key : null)
  }
}

/** Null for a row that has none, or none that can be one. */
export function soundKey(source: PlannedSource, row: PlaneRow): string | null {
  const key = row['key']
  if (typeof key !== 'string' || key === '') return null
  return keyVerdict(source.key, key, receivedOn(source)) === 'ok' ? key : null
}

export function linkOf(
  { datasetId, organisationId }: PlannedSource,
  row: PlaneRow,
  key: string,
  method: Link['method'],
  decision: Link['decision'],
): Link {
  const line = typeof row['line'] === 'number' ? row['line'] : null
  const rowId = String(row['row_id'])
  return {
    datasetId,
    organisationId,
    rowId,
    line,
    key,
    method,
    decision,
    weight: null,
    prior: null,
    parts: [],
  }
}

export interface Wanted {
  /** By {@link rowName}. */
  readonly rows: ReadonlySet<string>
  /** Credit codes. */
  readonly keys: ReadonlySet<string>
}

/** Of some rows and entities: which register has a row of which entity already, and the line of each row. */
export class Places {
  readonly #taken = new Set<string>()
  readonly #lines = new Map<string, number>()

  readonly #wanted: Wanted

  constructor(links: readonly Link[], wanted: Wanted) {
    this.#wanted = wanted
    for (const { datasetId, key, decision } of links)
      if (decision === 'link') this.#taken.add(rowName(datasetId, key))
  }

  add(source: PlannedSource, row: PlaneRow): void {
    const key = soundKey(source, row)
    const name = rowName(source.datasetId, String(row['row_id']))
    if (key === null) {
      if (typeof row['line'] === 'number' && this.#wanted.rows.has(name)) this.#lines.set(name, row['line'])
    } else if (this.#wanted.keys.has(key)) this.#taken.add(rowName(source.datasetId, key))
  }

  isTaken(datasetId: string, key: string): boolean {
    return this.#taken.has(rowName(datasetId, key))
  }

  lineOf(datasetId: string, rowId: string): number | null {
    return this.#lines.get(rowName(datasetId, rowId)) ?? null
  }
}

import { createHash } from 'node:crypto'
import type { KeyedRows, MatchSource } from '../../core/plane/match.ts'
import { masked } from '../../core/text/masked.ts'
import { type MatchConfig, readMatchConfig, type WeightPart } from './match.ts'
import { ADDRESS_FIELDS, type Plan, type PlannedSource, receivedOn } from './plan.ts'

export type LinkMethod = 'ruling' | 'organisation-code' | 'probabilistic'

/**
 * `reopened`: people ruled the row to be the entity, and its own key now says otherwise (6.4), or the entity is in
 * no register any more.
 */
export type LinkDecision = 'link' | 'review' | 'reopened'

/** A row without a sound key, and the entity it stands for or may stand for. */
export interface Link {
  readonly datasetId: string
  readonly organisationId: string
  readonly rowId: string
  readonly line: number | null
  /** Credit code of the entity. */
  readonly key: string
  readonly method: LinkMethod
  readonly decision: LinkDecision
  /** log2 of the odds that both are the same; null where nothing was weighed. */
  readonly weight: number | null
  /** What the prior adds to it. */
  readonly prior: number | null
  readonly parts: readonly WeightPart[]
}

/** The source of all rows with a sound key; its ids are credit codes. */
export const ENTITIES = 'entity'

/** Weighed candidates of one row that people are shown. */
export const MOST_CANDIDATES = 3

/** By name, legal form and region of it, address, telephone and representative (6.2). */
export const MATCHING: MatchConfig = {
  ...readMatchConfig({
    sources: [{ id: 'id', columns: {} }],
    fields: {
      name: { form: 'organisation' },
      stem: { form: 'organisation-stem' },
      form: { form: 'organisation-form' },
      region: { form: 'organisation-region' },
      address: { form: 'address' },
      phone: { form: 'digits' },
      representative: { form: 'tight' },
    },
    blocking: [['name'], ['stem'], ['stem:3', 'address:6'], ['stem:2', 'address'], ['stem:2', 'phone']],
    comparisons: [
      { field: 'stem', levels: ['equal', 'jaro-winkler>=0.95', 'jaro-winkler>=0.85'], termFrequency: true },
      { field: 'form', levels: ['equal'] },
      { field: 'region', levels: ['equal'] },
      { field: 'address', levels: ['equal', 'contains', 'jaro-winkler>=0.95', 'jaro-winkler>=0.88'] },
      { field: 'phone', levels: ['equal'] },
      { field: 'representative', levels: ['equal'] },
    ],
    upper: 3,
    lower: -8,
    margin: 1,
  }),
  hub: ENTITIES,
  assumedRows: 20,
}

/** Raised with {@link MATCHING}: part of every fingerprint. */
export const MATCHING_SHA256 = createHash('sha256').update(JSON.stringify(MATCHING)).digest('hex')

/** Fields made of the name, which former names are compared by as well. */
export const NAME_PARTS = ['name', 'stem', 'form', 'region']

/** Fields that every reader of a finding may see. */
const PUBLIC = new Set([...NAME_PARTS, 'address'])

/** What a blocking rule found too often, as everybody may see it: telephone numbers and names of persons are masked. */
export function shownValue(rule: string, value: string): string {
  const fields = rule.split(' + ').map((term) => term.split(':')[0] ?? '')
  const parts = value.split(' | ')
  // A value that holds the separator itself cannot be told apart.
  if (parts.length !== fields.length) return masked(value)
  return parts.map((part, at) => (PUBLIC.has(fields[at] ?? '') ? part : masked(part))).join(' | ')
}

/** Short names of the elements each compared field may be read from, the first present counts. */
const READ_FROM: Readonly<Record<string, readonly string[]>> = {
  address: ADDRESS_FIELDS,
  phone: ['phone'],
  representative: ['legal_representative'],
}

/** The rows with a key of all registers as entities, and beside them those without of each register in `loose`. */
export function matchedSources(plan: Plan, loose: ReadonlySet<PlannedSource>): MatchSource[] {
  const readable = plan.sources.filter(({ files }) => files.length > 0)
  return [
    ...readable.map((source) => matched(plan, source, ENTITIES, source.key.name, true)),
    ...readable
      .filter((source) => loose.has(source))
      .map((source) => matched(plan, source, source.datasetId, '_row_id', false)),
  ]
}

function matched(plan: Plan, source: PlannedSource, name: string, id: string, sound: boolean): MatchSource {
  const columns: Record<string, string> = {}
  for (const { name: field } of MATCHING.fields) {
    const read = READ_FROM[field] ?? (plan.nameField === null ? [] : [plan.nameField])
    const column = read.map((each) => source.columns.get(each)).find((each) => each !== undefined)
    if (column) columns[field] = column.name
  }
  return { name, id, files: source.files, columns, keyed: keyedRows(source, sound) }
}

function keyedRows(source: PlannedSource, sound: boolean): KeyedRows {
  const { name: column, placeholders, check } = source.key
  return {
    column,
    check: check === 'tw-ubn' ? check : 'gb32100',
    placeholders,
    sound,
    today: receivedOn(source),
  }
}

/** Names a row among all registers. */
export function rowName(datasetId: string, rowId: string): string {
  return `${datasetId} ${rowId}`
}

/** Of the candidates: of a row that is linked nothing else, of another the best few. By weight. */
export function shortlisted(links: readonly Link[]): Link[] {
  const linked = new Set(
    links.flatMap(({ datasetId, rowId, decision }) =>
      decision === 'link' ? [rowName(datasetId, rowId)] : [],
    ),
  )
  const shown = new Map<string, number>()
  const sorted = links.toSorted(
    (a, b) => (b.weight ?? Infinity) - (a.weight ?? Infinity) || (nameOf(a) < nameOf(b) ? -1 : 1),
  )
  return sorted.filter(({ datasetId, rowId, decision }) => {
    if (decision !== 'review') return true
    const name = rowName(datasetId, rowId)
    const before = shown.get(name) ?? 0
    shown.set(name, before + 1)
    return !linked.has(name) && before < MOST_CANDIDATES
  })
}

const nameOf = ({ datasetId, rowId, key }: Link) => `${datasetId} ${rowId} ${key}`

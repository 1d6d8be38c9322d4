import type { Day } from '../../core/day.ts'
import type { FieldSource, StoredField, SurvivorRule } from './record.ts'

/** One department's value for one field of one subject. */
export interface Candidate {
  readonly value: string
  /** Whether the value passes the checks of its own column. */
  readonly sound: boolean
  readonly fromLegalSource: boolean
  /** Whether it is a name the entity bears no more, as another row says. */
  readonly former: boolean
  /** The source's event date, or the day its version was received. */
  readonly freshOn: Day
  /** 1 to 999, the smaller wins. */
  readonly rank: number
  readonly source: Omit<FieldSource, 'value' | 'standing' | 'former'>
  readonly standing: number
}

/** Values kept beside the winner. */
const MAX_RUNNERS_UP = 10

type Criterion = readonly [rule: SurvivorRule, compare: (a: Candidate, b: Candidate) => number]

/** Section 6.5, in order: the legal source, a name that is no former one, the freshest, the configured rank, the smallest record id. */
const CRITERIA: readonly Criterion[] = [
  ['only-sound', (a, b) => Number(b.sound) - Number(a.sound)],
  ['legal-source', (a, b) => Number(b.fromLegalSource) - Number(a.fromLegalSource)],
  ['current-name', (a, b) => Number(a.former) - Number(b.former)],
  ['freshest', (a, b) => order(b.freshOn, a.freshOn)],
  ['source-rank', (a, b) => a.rank - b.rank],
  ['smallest-id', (a, b) => order(idOf(a), idOf(b))],
]

/** Names of the rules that choose, in order. */
export const RULES: readonly SurvivorRule[] = CRITERIA.map(([rule]) => rule)

/**
 * Chooses the surviving value. Values that fail their own check never win, but are kept among the
 * runners-up. The result does not depend on the order of `candidates`, of which there is at least one.
 */
export function survivor(name: string, candidates: readonly Candidate[]): StoredField {
  const sorted = candidates.length > 1 ? candidates.toSorted((a, b) => decide(a, b)[1]) : candidates
  const [first, ...others] = sorted
  if (!first) throw new Error(`no candidate for ${name}`)
  if (!first.sound) {
    const runnersUp = sorted.slice(0, MAX_RUNNERS_UP).map(sourceOf)
    return { name, value: null, rule: 'none-sound', source: null, runnersUp }
  }
  // What put it before the other departments says more than what put it before their own older row.
  const rival = others.find(({ source }) => source.datasetId !== first.source.datasetId) ?? others[0]
  return {
    name,
    value: first.value,
    rule: rival ? decide(first, rival)[0] : 'only-source',
    source: sourceOf(first),
    runnersUp: others.slice(0, MAX_RUNNERS_UP).map(sourceOf),
  }
}

function decide(a: Candidate, b: Candidate): [SurvivorRule, number] {
  for (const [rule, compare] of CRITERIA) {
    const result = compare(a, b)
    if (result !== 0) return [rule, result]
  }
  return ['smallest-id', 0]
}

/** Unique among all rows of all sources. */
function idOf({ source }: Candidate): string {
  return `${source.rowId}\u0000${source.datasetId}`
}

function sourceOf({ source, value, sound, standing, former }: Candidate): FieldSource {
  const { datasetId, organisationId, version, rowId, line, asOfAt, eventOn } = source
  const origin = { datasetId, organisationId, version, rowId, line, asOfAt, eventOn }
  return former
    ? { ...origin, value, standing: sound ? standing : 0, former }
    : { ...origin, value, standing: sound ? standing : 0 }
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

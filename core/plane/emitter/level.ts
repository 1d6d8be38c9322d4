import type { MatchComparison, MatchLevel, MatchSpec } from '../match.ts'

/**
 * Pairs `l`, `r` of record numbers with the level of each comparison; what is dear to compare is compared once.
 *
 * @param side tells the rows of higher numbers, where pairs of one row each side are wanted; each is then looked up
 * among its own only
 */
export function leveled(spec: MatchSpec, pairs: string, condition = 'true', side?: string): string {
  const values = spec.fields.flatMap((_, at) => [`a.v${at} as a${at}`, `b.v${at} as b${at}`])
  const joins = joinedRecords(side, 'p')
  const measures = spec.comparisons.flatMap((comparison, at) => measuresOf(spec, comparison, at))
  const levels = spec.comparisons.map((comparison, at) => `${levelSql(spec, comparison, at)} as l${at}`)
  return `select l, r, ${levels.join(', ')} from (select *${measures.map((each) => `, ${each}`).join('')} from (
      select p.l, p.r, ${values.join(', ')} from ${pairs} p ${joins} where ${condition}))`
}

/**
 * Joins the records `a` and `b` of the pairs `l`, `r` of a relation.
 *
 * @param side as of {@link leveled}
 */
export function joinedRecords(side: string | undefined, pairs: string): string {
  const [lower, higher] =
    side === undefined
      ? ['match_record', 'match_record']
      : [`(from match_record where not (${side}))`, `(from match_record where ${side})`]
  return `join ${lower} a on a.n = ${pairs}.l join ${higher} b on b.n = ${pairs}.r`
}

/** Keeps what rounding in the engine might lose of a likeness that is just enough. */
const MARGIN = 1e-6

function measuresOf(spec: MatchSpec, { field, levels }: MatchComparison, at: number): string[] {
  const place = placeOf(spec, field)
  const [a, b] = [`a${place}`, `b${place}`]
  const likeness = levels.flatMap((level) => (level.kind === 'jaro-winkler' ? level.atLeast : []))
  const distances = levels.flatMap((level) => (level.kind === 'damerau-levenshtein' ? level.atMost : []))
  const least = Math.max(0, Math.min(...likeness) - MARGIN)
  return [
    ...(likeness.length === 0 ? [] : [`jaro_winkler_similarity(${a}, ${b}, ${least}) as j${at}`]),
    ...(distances.length === 0
      ? []
      : [
          `case when ${near(a, b, Math.max(...distances))} then damerau_levenshtein(${a}, ${b}) end as d${at}`,
        ]),
  ]
}

/**
 * Holds for all pairs of different texts within the distance (in bytes, as the engine counts), and is far cheaper to
 * tell. One edit changes two neighbouring bytes of texts of one length at most; of others it leaves a half
 * that begins or ends both.
 */
function near(a: string, b: string, distance: number): string {
  const apart = `abs(strlen(${a}) - strlen(${b}))`
  if (distance !== 1) return `${a} <> ${b} and ${apart} <= ${Number(distance)}`
  const half = `greatest(length(${b}) - 2, 0) // 2`
  return `case when ${a} = ${b} then false when ${apart} = 0 then hamming(${a}, ${b}) <= 2 when ${apart} = 1
    then starts_with(${a}, left(${b}, ${half})) or ends_with(${a}, right(${b}, ${half})) else false end`
}

function levelSql(spec: MatchSpec, { field, levels }: MatchComparison, at: number): string {
  const place = placeOf(spec, field)
  const [a, b] = [`a${place}`, `b${place}`]
  const cases = levels.map(
    (level, index) => `when ${holds(spec, level, place, at)} then ${levels.length - index}`,
  )
  return `case when ${a} is null or ${b} is null then -1 ${cases.join(' ')} else 0 end::tinyint`
}

function holds(spec: MatchSpec, level: MatchLevel, place: number, at: number): string {
  const [a, b] = [`a${place}`, `b${place}`]
  switch (level.kind) {
    case 'equal':
      return `${a} = ${b}`
    case 'jaro-winkler':
      return `j${at} >= ${Number(level.atLeast)}`
    case 'damerau-levenshtein':
      return `(${a} = ${b} or d${at} <= ${Number(level.atMost)})`
    case 'contains':
      return `(contains(${a}, ${b}) or contains(${b}, ${a}))`
    case 'swapped': {
      const other = placeOf(spec, level.with)
      return `(${a} = b${other} and a${other} = ${b})`
    }
  }
}

export function placeOf({ fields }: MatchSpec, field: string): number {
  return fields.findIndex(({ name }) => name === field)
}

import type {
  BlockingTerm,
  KeyedRows,
  MatchComparison,
  MatchLevel,
  MatchModel,
  MatchSource,
  MatchSpec,
} from '../match.ts'
import { priorWeight } from '../fellegi-sunter.ts'
import { failuresOf } from './checks.ts'
import { isOneOf, name, text, textList } from './literal.ts'

// Tables of one match: match_raw as read, match_form<i> the distinct values of a field formed, match_record
// in canonical order, match_pair the candidates, match_level their levels.

export const TABLES = [
  'match_raw',
  'match_record',
  'match_pair',
  'match_level',
  'match_term',
  'match_alternative',
] as const

export function rawTable(spec: MatchSpec, pathOf: (sha256: string) => string): string {
  return `create table match_raw as ${spec.sources.map((source) => rawRows(spec, source, pathOf)).join(' union all ')}`
}

function rawRows({ fields }: MatchSpec, source: MatchSource, pathOf: (sha256: string) => string): string {
  const cells = fields.map(({ name: field }, at) => {
    const column = source.columns[field]
    return `${column === undefined ? 'null' : `cast(${name(column)} as varchar)`} as f${at}`
  })
  return `select ${text(source.name)} as source, trim(cast(${name(source.id)} as varchar)) as id, ${cells.join(', ')}, false as former
    from read_parquet(${textList(source.files.map(pathOf))}) where ${name(source.id)} is not null${
      source.keyed === undefined ? '' : ` and ${source.keyed.sound ? '' : 'not '}${isKeyed(source.keyed)}`
    }`
}

function isKeyed({ column, check, placeholders, today }: KeyedRows): string {
  const x = `cast(${name(column)} as varchar)`
  const failing = failuresOf(check, x, `date ${text(today)}`).map(
    ([condition]) => `coalesce(${condition}, true)`,
  )
  const oneCharacter = `length(replace(${x}, ${x}[1], '')) = 0`
  return `coalesce(${x} is not null and not (${isOneOf(x, placeholders)}) and not (${oneCharacter})
    and not (${failing.join(' or ')}), false)`
}

/** Adds to match_raw, once it is read, what match_alternative (source, id, value) knows of its rows. */
export function alternativeRows({ fields, alternatives }: MatchSpec): string {
  const cells = fields.map(({ name: field }, at) =>
    alternatives?.fields.includes(field) === true ? 'known.value' : `row.f${at}`,
  )
  return `insert into match_raw select distinct row.source, row.id, ${cells.join(', ')}, true
    from match_raw row join match_alternative known on known.source = row.source and known.id = row.id`
}

/** Numbered by what the rows say and not by where they stand, so that the order of the input does not matter. */
export function recordTable({ fields }: MatchSpec): string {
  const values = fields.map((_, at) => `match_form${at}.value as v${at}`)
  const joins = fields.map((_, at) => `left join match_form${at} on match_form${at}.raw = match_raw.f${at}`)
  return `create table match_record as select row_number() over (order by source, id, ${fields.map((_, at) => `match_raw.f${at}`).join(', ')}, former) as n, source, id, former,
    ${values.join(', ')} from match_raw ${joins.join(' ')}`
}

export function repeatedId({ hub }: MatchSpec): string {
  const others = hub === undefined ? '' : ` where source <> ${text(hub)}`
  return `select id from match_raw${others} group by source, id having count(*) > 1 order by id limit 1`
}

const termSql = (spec: MatchSpec, alias: string, { field, prefix }: BlockingTerm) => {
  const cell = `${alias}v${place(spec, field)}`
  return prefix === undefined
    ? cell
    : `case when length(${cell}) >= ${prefix} then left(${cell}, ${prefix}) end`
}

/** Total pairs of a rule, and the value with the most. */
export function blockSize(spec: MatchSpec, rule: readonly BlockingTerm[]): string {
  const keys = rule.map((term, at) => `${termSql(spec, '', term)} as k${at}`)
  const names = rule.map((_, at) => `k${at}`)
  const pairs = pairCount(spec)
  return `with keyed as (select source, ${keys.join(', ')} from match_record),
    counted as (select source, ${names.join(', ')}, count(*) as n from keyed
      where ${names.map((key) => `${key} is not null`).join(' and ')} group by all),
    sized as (select concat_ws(' | ', ${names.join(', ')}) as value, ${pairs} as pairs
      from counted group by ${names.join(', ')})
    select cast(coalesce(sum(pairs), 0) as double), arg_max(value, (pairs, value)) from sized`
}

/** Of counts `n` by source: how many pairs are to be compared. */
export function pairCount(spec: MatchSpec): string {
  if (isWithin(spec)) return 'sum(n) * (sum(n) - 1) / 2'
  if (spec.hub === undefined) return '(sum(n) * sum(n) - sum(n * n)) / 2'
  const isHub = `source = ${text(spec.hub)}`
  return `coalesce(sum(n) filter (where ${isHub}), 0) * coalesce(sum(n) filter (where not (${isHub})), 0)`
}

/** Whether rows `a` and `b` are to be compared. */
function comparable(spec: MatchSpec): string {
  if (isWithin(spec)) return 'true'
  const hub = spec.hub === undefined ? undefined : text(spec.hub)
  return hub === undefined ? 'a.source <> b.source' : `(a.source = ${hub}) <> (b.source = ${hub})`
}

export function pairTable(spec: MatchSpec): string {
  const parts = spec.blocking.map((rule) => {
    const equal = rule.map((term) => `${termSql(spec, 'a.', term)} = ${termSql(spec, 'b.', term)}`)
    return `select a.n as l, b.n as r from match_record a join match_record b
      on ${equal.join(' and ')} and a.n < b.n and ${comparable(spec)}`
  })
  return `create table match_pair as ${parts.join(' union ')}`
}

export function levelTable(spec: MatchSpec): string {
  return `create table match_level as select p.l, p.r, ${levels(spec)} from match_pair p
    join match_record a on a.n = p.l join match_record b on b.n = p.r`
}

/**
 * Pairs of the same places whatever the input's order; all pairs when there are few.
 *
 * @param draws of two rows each; those of one row, or of one source where several are matched, are left out
 */
export function sampleLevels(spec: MatchSpec, rows: number, draws: number): string {
  if ((rows * (rows - 1)) / 2 <= draws)
    return `select ${levels(spec)} from match_record a join match_record b on a.n < b.n and ${comparable(spec)}`
  const drawn = (half: number) => `cast(1 + hash(${spec.seed * 2 + half}, i) % ${rows} as bigint)`
  return `select ${levels(spec)} from (
      select l, r from (select ${drawn(0)} as l, ${drawn(1)} as r from range(${draws}) as t(i)) where l <> r
    ) p join match_record a on a.n = p.l join match_record b on b.n = p.r where ${comparable(spec)}`
}

export function patternsOf({ comparisons }: MatchSpec, from: string): string {
  const names = comparisons.map((_, at) => `l${at}`).join(', ')
  return `select ${names}, count(*) as pairs from (${from}) group by ${names} order by ${names}`
}

function levels(spec: MatchSpec): string {
  return spec.comparisons.map((comparison, at) => `${levelSql(spec, comparison)} as l${at}`).join(', ')
}

function levelSql(spec: MatchSpec, { field, levels }: MatchComparison): string {
  const at = place(spec, field)
  const [a, b] = [`a.v${at}`, `b.v${at}`]
  const cases = levels.map((level, index) => `when ${holds(spec, level, a, b)} then ${levels.length - index}`)
  return `case when ${a} is null or ${b} is null then -1 ${cases.join(' ')} else 0 end::tinyint`
}

function holds(spec: MatchSpec, level: MatchLevel, a: string, b: string): string {
  switch (level.kind) {
    case 'equal':
      return `${a} = ${b}`
    case 'jaro-winkler':
      return `jaro_winkler_similarity(${a}, ${b}) >= ${Number(level.atLeast)}`
    case 'damerau-levenshtein':
      return `damerau_levenshtein(${a}, ${b}) <= ${Number(level.atMost)}`
    case 'contains':
      return `(contains(${a}, ${b}) or contains(${b}, ${a}))`
    case 'swapped': {
      const other = place(spec, level.with)
      return `(${a} = b.v${other} and a.v${other} = ${b})`
    }
  }
}

/** Relative frequency of each value of the fields that ask for it. */
export function termTable(spec: MatchSpec): string | undefined {
  const parts = adjusted(spec).map(({ at, cell }) => {
    const total = `(select count(${cell}) from match_record)`
    return `select ${at} as place, ${cell} as value, count(*) / ${total} as share from match_record
      where ${cell} is not null group by ${cell}`
  })
  return parts.length === 0 ? undefined : `create table match_term as ${parts.join(' union all ')}`
}

function adjusted(spec: MatchSpec) {
  return spec.comparisons.flatMap(({ field, termFrequency }, at) =>
    termFrequency ? [{ at, cell: `v${place(spec, field)}` }] : [],
  )
}

/** Pairs with their weights (6.2): the prior and log2(m/u) of each level, a null counting nothing. */
export function weighedPairs(spec: MatchSpec, model: MatchModel, rows: number): string {
  const { comparisons } = spec
  const weights = comparisons.map((comparison, at) => {
    const top = comparison.levels.length
    const known = model.comparisons[at]?.levels ?? []
    const cases = known.map(({ weight }, level) => `when ${level} then ${weight}`)
    const plain = `case x.l${at} ${cases.join(' ')} else 0 end::double`
    if (!comparison.termFrequency) return `${plain} as w${at}`
    const u = known[top]?.u ?? 1
    return `${plain} + case when x.l${at} = ${top}
      then log2(${u} / greatest(t${at}.share, ${1 / Math.max(1, rows)})) else 0 end as w${at}`
  })
  const terms = adjusted(spec).map(
    ({ at, cell }) => `left join match_term t${at} on t${at}.place = ${at} and t${at}.value = a.${cell}`,
  )
  const names = comparisons.flatMap((_, at) => [`l${at}`, `w${at}`])
  const total = [String(priorWeight(model)), ...comparisons.map((_, at) => `w${at}`)].join(' + ')
  return `select left_source, left_id, right_source, right_id, round(${total}, 6) as weight, former, ${names.join(', ')}
    from (
      select a.source as left_source, a.id as left_id, b.source as right_source, b.id as right_id,
        a.former or b.former as former,
        ${comparisons.map((_, at) => `x.l${at}`).join(', ')}, ${weights.join(', ')}
      from match_level x join match_record a on a.n = x.l join match_record b on b.n = x.r ${terms.join(' ')}
    ) where round(${total}, 6) >= ${Number(spec.lower)}${spec.hub === undefined ? '' : BEST_OF_ALTERNATIVES(names)}
    order by weight desc, left_source, left_id, right_source, right_id`
}

/** Of the alternatives of one entity the best, by its levels where weights are equal. */
const BEST_OF_ALTERNATIVES = (names: readonly string[]) => ` qualify row_number() over (
      partition by left_source, left_id, right_source, right_id
      order by weight desc, former, ${names.map((each) => `${each} desc`).join(', ')}) = 1`

/** One source is compared with itself, several with one another only. */
export function isWithin({ sources, hub }: Pick<MatchSpec, 'sources' | 'hub'>): boolean {
  return hub === undefined && sources.length === 1
}

function place({ fields }: MatchSpec, field: string): number {
  return fields.findIndex(({ name }) => name === field)
}

import { simpleIdeographs } from '../../text/simplify.ts'
import type { BlockingTerm, KeyedRows, MatchField, MatchModel, MatchSource, MatchSpec } from '../match.ts'
import { priorWeight } from '../fellegi-sunter.ts'
import { failuresOf } from './checks.ts'
import { joinedRecords, leveled, placeOf } from './level.ts'
import { isOneOf, name, text, textList } from './literal.ts'

// Relations of one match: match_raw as read, match_form<i> the distinct values of a field formed, match_row
// in canonical order, match_record the same numbered, match_pair the candidates, match_level their levels,
// match_sample random pairs.

export const TABLES = [
  'match_row',
  'match_pair',
  'match_level',
  'match_sample',
  'match_term',
  'match_alternative',
] as const

export function rawRelation(spec: MatchSpec, pathOf: (sha256: string) => string): string {
  const rows = spec.sources.map((source) => rawRows(spec, source, pathOf)).join(' union all ')
  return `create ${rawKind(spec)} match_raw as ${rows}`
}

/** A column is read two or three times. That is cheaper from the files, but where a check chooses rows or others are added. */
export function rawKind({ alternatives, sources }: MatchSpec): 'table' | 'view' {
  const isKept = (alternatives?.rows.length ?? 0) > 0 || sources.some(({ keyed }) => keyed !== undefined)
  return isKept ? 'table' : 'view'
}

function rawRows({ fields }: MatchSpec, source: MatchSource, pathOf: (sha256: string) => string): string {
  const cells = fields.map(({ name: field }, at) => {
    const column = source.columns[field]
    return `cast(${column === undefined ? 'null' : name(column)} as varchar) as f${at}`
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

const FOLDED = `[0-9a-z${simpleIdeographs()}]+`
/** What has one form already and is not asked of core/text: most codes and numbers, and names in simplified Chinese. */
const FORMED: Readonly<Partial<Record<MatchField['form'], string>>> = {
  exact: '[!-~]+',
  tight: FOLDED,
  words: FOLDED,
  digits: '[0-9]+',
}

/** The distinct values of each field that may have to be formed, with the field's place. */
export function unformedValues({ fields }: MatchSpec): string {
  const values = fields.map(({ form, strip = [] }, at) => {
    const formed = strip.length === 0 ? FORMED[form] : undefined
    return `select distinct ${at} as place, f${at} as value from match_raw where f${at} is not null${
      formed === undefined ? '' : ` and not regexp_full_match(f${at}, ${text(formed)})`
    }`
  })
  return values.join(' union all ')
}

/**
 * In the order of what the rows say and neither of where they stand nor of what they are called, so that the same rows
 * under other identifiers draw the same sample and get the same model. Rows of one side stand together.
 *
 * @param formed places of the fields of which a value differs from its form
 */
export function rowTable(spec: MatchSpec, formed: ReadonlySet<number>): string {
  const { fields } = spec
  const values = fields.map((_, at) =>
    formed.has(at)
      ? `case when match_form${at}.raw is null then f${at} else match_form${at}.value end as v${at}`
      : `f${at} as v${at}`,
  )
  const joins = [...formed].map((at) => `left join match_form${at} on match_form${at}.raw = match_raw.f${at}`)
  const side = sideOf(spec)
  const said = `hash(${fields.map((_, at) => `f${at}`).join(', ')}, former)`
  const order = [...(side ? [side] : []), said, 'source', 'id']
  return `create table match_row as select source, id, former, ${values.join(', ')}
    from match_raw ${joins.join(' ')} order by ${order.join(', ')}`
}

/** Numbered from 1 by their place in the table, which two threads write at once; a window would number them on one. */
export const RECORD_VIEW = 'create view match_record as select rowid + 1 as n, * from match_row'

export function repeatedId({ hub }: MatchSpec): string {
  const others = hub === undefined ? '' : ` where source <> ${text(hub)}`
  return `select id from match_raw${others} group by source, id having count(*) > 1 order by id limit 1`
}

const termSql = (spec: MatchSpec, alias: string, { field, prefix }: BlockingTerm) => {
  const cell = `${alias}v${placeOf(spec, field)}`
  return prefix === undefined
    ? cell
    : `case when length(${cell}) >= ${prefix} then left(${cell}, ${prefix}) end`
}

/**
 * Total pairs of each rule, in one row. Blocks are told apart by 64 bits of their key: with a million of them two would be
 * taken for one, and a few pairs too many counted, once in forty million matches.
 */
export function blockSizes(spec: MatchSpec): string {
  const sizes = spec.blocking.map(
    (rule) => `(select cast(coalesce(sum(pairs), 0) as double) from (${blocks(spec, rule, false)}))`,
  )
  return `select ${sizes.join(', ')}`
}

/** The value with the most pairs of a rule. */
export function largestBlock(spec: MatchSpec, rule: readonly BlockingTerm[]): string {
  const names = rule.map((_, at) => `k${at}`)
  return `select concat_ws(' | ', ${names.join(', ')}) as value from (${blocks(spec, rule, true)})
    order by pairs desc, value desc limit 1`
}

/** The blocks of a rule: `k0…` if asked for, and `pairs`. */
function blocks(spec: MatchSpec, rule: readonly BlockingTerm[], isNamed: boolean): string {
  const keys = rule.map((term, at) => `${termSql(spec, '', term)} as k${at}`)
  const names = rule.map((_, at) => `k${at}`).join(', ')
  const pairs = `${pairCount(spec)} as pairs`
  return `select ${isNamed ? `${names}, ${pairs}` : pairs} from (select source, ${keys.join(', ')} from match_record)
    where ${rule.map((_, at) => `k${at} is not null`).join(' and ')} group by ${isNamed ? names : `hash(${names})`}`
}

/** Of rows: how many pairs are to be compared. */
export function pairCount(spec: MatchSpec): string {
  if (isWithin(spec)) return 'count(*) * (count(*) - 1) // 2'
  const rows = (condition: string) => `count(*) filter (where ${condition})`
  const side = sideOf(spec)
  if (side !== undefined) return `${rows(side)} * ${rows(`not (${side})`)}`
  const squares = namesOf(spec).map((each) => `${rows(`source = ${text(each)}`)} ** 2`)
  return `(count(*) ** 2 - ${squares.join(' - ')}) / 2`
}

/** Where rows of one kind are compared with all others and with nothing else: what tells that kind. */
function sideOf(spec: MatchSpec): string | undefined {
  if (isWithin(spec)) return undefined
  const [first, second, third] = namesOf(spec)
  const name = spec.hub ?? (second === undefined || third !== undefined ? undefined : first)
  return name === undefined ? undefined : `source = ${text(name)}`
}

function namesOf({ sources }: MatchSpec): string[] {
  return [...new Set(sources.map(({ name }) => name))]
}

/** Whether rows `a` and `b` are to be compared. */
function comparable(spec: MatchSpec): string {
  if (isWithin(spec)) return 'true'
  const side = sideOf(spec)
  return side === undefined ? 'a.source <> b.source' : `(a.${side}) <> (b.${side})`
}

export function pairTable(spec: MatchSpec): string {
  const side = sideOf(spec)
  const parts = spec.blocking.map((rule) => {
    const equal = rule
      .map((term) => `${termSql(spec, 'a.', term)} = ${termSql(spec, 'b.', term)}`)
      .join(' and ')
    if (side === undefined)
      return `select a.n as l, b.n as r from match_record a join match_record b
        on ${equal} and a.n < b.n and ${comparable(spec)}`
    return `select least(a.n, b.n) as l, greatest(a.n, b.n) as r
      from (from match_record where ${side}) a join (from match_record where not (${side})) b on ${equal}`
  })
  return `create table match_pair as ${parts.join(' union ')}`
}

export function levelTable(spec: MatchSpec): string {
  return `create table match_level as ${leveled(spec, 'match_pair', 'true', sideOf(spec))}`
}

/**
 * Pairs of the same places whatever the input's order; all pairs when there are few.
 *
 * @param draws of two rows each; those of one row, or of one source where several are matched, are left out
 */
export function sampleTable(spec: MatchSpec, rows: number, draws: number): string {
  const name = 'create table match_sample as'
  if ((rows * (rows - 1)) / 2 <= draws)
    return `${name} select a.n as l, b.n as r from match_record a join match_record b on a.n < b.n`
  const drawn = (half: number) => `cast(1 + hash(${spec.seed * 2 + half}, i) % ${rows} as bigint)`
  return `${name} select least(l, r) as l, greatest(l, r) as r
    from (select ${drawn(0)} as l, ${drawn(1)} as r from range(${draws}) as t(i)) where l <> r${isApart(spec)}`
}

/** Rows of one source stand together, so that their numbers tell most pairs that are not to be compared. */
function isApart(spec: MatchSpec): string {
  const side = sideOf(spec)
  if (side === undefined) return ''
  const bound = (which: 'min' | 'max') => `(select ${which}(n) from match_record where ${side})`
  const inside = (n: string) => `${n} between ${bound('min')} and ${bound('max')}`
  return ` and (${inside('l')}) <> (${inside('r')})`
}

export function sampleLevels(spec: MatchSpec): string {
  const side = sideOf(spec)
  return side === undefined
    ? leveled(spec, 'match_sample', comparable(spec))
    : leveled(spec, 'match_sample', 'true', side)
}

export function patternsOf({ comparisons }: MatchSpec, from: string): string {
  const names = comparisons.map((_, at) => `l${at}`).join(', ')
  return `select ${names}, count(*) as pairs from (${from}) group by ${names} order by ${names}`
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
    termFrequency ? [{ at, cell: `v${placeOf(spec, field)}` }] : [],
  )
}

/** Pairs with their weights (6.2): the prior and log2(m/u) of each level, a null counting nothing; `left` is the first by source and id. */
export function weighedPairs(spec: MatchSpec, model: MatchModel, rows: number): string {
  const { comparisons } = spec
  const weights = comparisons.map((comparison, at) => {
    const top = comparison.levels.length
    const known = model.comparisons[at]?.levels ?? []
    const cases = known.map(({ weight }, level) => `when ${level} then ${double(weight)}`)
    const plain = `case x.l${at} ${cases.join(' ')} else 0e0 end`
    if (!comparison.termFrequency) return `${plain} as w${at}`
    const u = known[top]?.u ?? 1
    return `${plain} + case when x.l${at} = ${top}
      then log2(${double(u)} / greatest(t${at}.share, ${double(1 / Math.max(1, rows))})) else 0e0 end as w${at}`
  })
  const terms = adjusted(spec).map(
    ({ at, cell }) => `left join match_term t${at} on t${at}.place = ${at} and t${at}.value = a.${cell}`,
  )
  const names = comparisons.flatMap((_, at) => [`l${at}`, `w${at}`])
  const total = [double(priorWeight(model)), ...comparisons.map((_, at) => `w${at}`)].join(' + ')
  const inOrder = (end: 'a' | 'b', column: string) =>
    `case when turned then ${end === 'a' ? 'b' : 'a'}_${column} else ${end}_${column} end`
  return `select ${inOrder('a', 'source')} as left_source, ${inOrder('a', 'id')} as left_id,
      ${inOrder('b', 'source')} as right_source, ${inOrder('b', 'id')} as right_id,
      round(${total}, 6) as weight, former, ${names.join(', ')}
    from (
      select a.source as a_source, a.id as a_id, b.source as b_source, b.id as b_id,
        a.source > b.source or (a.source = b.source and a.id > b.id) as turned, a.former or b.former as former,
        ${comparisons.map((_, at) => `x.l${at}`).join(', ')}, ${weights.join(', ')}
      from match_level x ${joinedRecords(sideOf(spec), 'x')} ${terms.join(' ')}
    ) where round(${total}, 6) >= ${Number(spec.lower)}${spec.hub === undefined ? '' : BEST_OF_ALTERNATIVES(names)}
    order by weight desc, left_source, left_id, right_source, right_id`
}

/** A number as DuckDB takes it for a double: without an exponent it would count in decimals, twenty times slower. */
function double(value: number): string {
  return `${value}${String(value).includes('e') ? '' : 'e0'}`
}

/** Of the alternatives of one entity the best, by its levels where weights are equal. */
const BEST_OF_ALTERNATIVES = (names: readonly string[]) => ` qualify row_number() over (
      partition by left_source, left_id, right_source, right_id
      order by weight desc, former, ${names.map((each) => `${each} desc`).join(', ')}) = 1`

/** One source is compared with itself, several with one another only. */
export function isWithin({ sources, hub }: Pick<MatchSpec, 'sources' | 'hub'>): boolean {
  return hub === undefined && sources.length === 1
}

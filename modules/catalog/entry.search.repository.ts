import { sql } from 'kysely'
import type { Context } from '../../core/context.ts'
import { searchQuery } from '../../core/text/search.ts'
import { type Entry, entryKey } from './entry.ts'
import type { UpdateState } from './entry.life.ts'
import { COLUMNS, isOverdue } from './entry.repository.ts'
import './entry.table.ts'

export type Facet = 'provider' | 'theme' | 'sharingType' | 'level' | 'state' | 'format' | 'grade'

export interface FacetCount {
  readonly facet: Facet
  readonly value: string
  readonly count: number
}

export interface EntrySearch {
  /** Words of name, items, elements, summary; everything when empty. */
  readonly words: string
  /** Only what is open to the public. */
  readonly openOnly: boolean
  readonly provider?: string | undefined
  /** Code of the 项. */
  readonly theme?: string | undefined
  readonly sharingType?: string | undefined
  readonly level?: number | undefined
  readonly state?: UpdateState | undefined
  readonly format?: string | undefined
  readonly grade?: string | undefined
  /** Score, freshness and id of the entry before the page. */
  readonly after?: readonly [score: number, fresh: number, id: string] | undefined
  readonly limit: number
  readonly now: Date
}

export type Hit = Entry & {
  readonly score: number
  /** Milliseconds: of its data, else of its registration. */
  readonly fresh: number
}

export interface Found {
  readonly hits: readonly Hit[]
  readonly total: number
  readonly facets: readonly FacetCount[]
}

type Row = { readonly [Name in keyof Hit]: Hit[Name] | null } & {
  readonly facets: readonly { facet: Facet | 'total'; value: string | null; count: number }[] | null
}

/**
 * Published entries, best first: exact name 8, name 4, items 2, summary 1, then the freshest. One query
 * answers the page, the total and the counts of every facet over all hits. Hits are first counted by all their facets
 * together, which alone reads all of them, and those counts are added up for each facet.
 */
export async function search(ctx: Context, asked: EntrySearch): Promise<Found> {
  const query = asked.words === '' ? undefined : searchQuery(asked.words)
  // A search of signs alone finds nothing, not everything.
  if (asked.words !== '' && query === undefined) return { hits: [], total: 0, facets: [] }
  const state = sql`case when data_at is null then 'awaiting' when ${isOverdue(asked.now)} then 'overdue' else 'current' end`
  const hits = {
    columns: sql`id, organisation_id, theme, sharing_type, level, format, grade, ${state} as state, ${FRESH} as fresh`,
    from: sql`catalog.entry where status = 'published' ${conditions(asked, query, state)}`,
  }
  const { rows } = await sql<Row>`
    with ${query === undefined ? browsed(asked, hits) : ranked(asked, hits)}, together as (
      select ${FACETS}, count(*) as n from hits group by ${FACETS}
    ), counted as (
      select case grouping(${FACETS})
          when 63 then 'provider' when 95 then 'theme' when 111 then 'sharingType' when 119 then 'level'
          when 123 then 'state' when 125 then 'format' when 126 then 'grade' else 'total' end as facet,
        coalesce(organisation_id, theme, sharing_type, level::text, state, format, grade) as value,
        sum(n)::int as count
      from together
      group by grouping sets
        ((), (organisation_id), (theme), (sharing_type), (level), (state), (format), (grade))
    )
    select ${sql.join(COLUMNS.map((column) => sql.ref(`entry.${column}`)))}, page.score, page.fresh,
      (select jsonb_agg(jsonb_build_object('facet', facet, 'value', value, 'count', count)
        order by count desc, value) from counted) as facets
    from (values (1)) as one (n)
    left join page on true
    left join catalog.entry as entry on entry.id = page.id
    order by page.score desc, page.fresh desc, page.id desc
  `.execute(ctx.db)
  const counts = rows[0]?.facets ?? []
  return {
    hits: rows.filter(({ id }) => id !== null).map(({ facets: _, ...hit }) => hit as Hit),
    total: counts.find(({ facet }) => facet === 'total')?.count ?? 0,
    facets: counts.flatMap(({ facet, value, count }) =>
      facet === 'total' || value === null ? [] : [{ facet, value, count }],
    ),
  }
}

const FACETS = sql`organisation_id, theme, sharing_type, level, state, format, grade`
/** As the index entry_fresh has it. */
const FRESH = sql`(floor(extract(epoch from coalesce(data_at, registered_at) at time zone 'UTC') * 1000)::float8)`

interface Hits {
  readonly columns: ReturnType<typeof sql>
  readonly from: ReturnType<typeof sql>
}

/** Without words the freshest come first: an index has them in that order, and only those of the page are read. */
function browsed({ after, limit }: EntrySearch, { columns, from }: Hits) {
  const rest = after ? sql`and (${FRESH}, id) < (${after[1]}::float8, ${after[2]}::uuid)` : sql``
  return sql`page as (
    select id, 0 as score, ${FRESH} as fresh from ${from} ${rest} order by ${FRESH} desc, id desc limit ${limit}
  ), hits as not materialized (select ${columns} from ${from})`
}

/** With words every hit is weighed, and read once for the page and the counts. */
function ranked({ words, after, limit }: EntrySearch, { columns, from }: Hits) {
  const within = (weight: 'A' | 'B' | 'C') =>
    sql`(search @@ to_tsquery('simple', ${searchQuery(words, weight)}))::int`
  const score = sql`(name_key = ${entryKey(words)})::int * 8 + ${within('A')} * 4 + ${within('B')} * 2 + ${within('C')}`
  const rest = after
    ? sql`where (score, fresh, id) < (${after[0]}::int, ${after[1]}::float8, ${after[2]}::uuid)`
    : sql``
  return sql`hits as materialized (select ${columns}, ${score} as score from ${from}), page as (
    select id, score, fresh from hits ${rest} order by score desc, fresh desc, id desc limit ${limit}
  )`
}

function conditions(asked: EntrySearch, query: string | undefined, state: ReturnType<typeof sql>) {
  const wanted = [
    query !== undefined && sql`search @@ to_tsquery('simple', ${query})`,
    asked.openOnly && sql`open`,
    asked.provider !== undefined && sql`organisation_id = ${asked.provider}`,
    asked.theme !== undefined && sql`theme = ${asked.theme}`,
    asked.sharingType !== undefined && sql`sharing_type = ${asked.sharingType}`,
    asked.level !== undefined && sql`level = ${asked.level}`,
    asked.state !== undefined && sql`${state} = ${asked.state}`,
    asked.format !== undefined && sql`format = ${asked.format}`,
    asked.grade !== undefined && sql`grade = ${asked.grade}`,
  ].filter((condition) => condition !== false)
  return sql.join([sql``, ...wanted], sql` and `)
}

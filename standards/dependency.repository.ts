import { sql } from 'kysely'
import type { Context, TransactionContext } from '../core/context.ts'
import { type Day, dayOf } from '../core/day.ts'
import {
  type Dependency,
  MAX_DEPENDENCIES,
  MAX_DEPTH,
  MAX_VALUES,
  merged,
  type StandardUser,
} from './dependency.ts'
import type { Binding, StandardKind } from './standard.ts'
import './standard.table.ts'

const STANDARDS: readonly string[] = ['element', 'code-list', 'schema', 'crosswalk']

/** Puts these references in place of those the user had, and marks its other versions as followed. */
export async function replace(
  ctx: TransactionContext,
  user: StandardUser,
  bindings: readonly Binding[],
): Promise<void> {
  const { kind, id, code } = user
  await ctx.db
    .deleteFrom('standards.dependency')
    .where('userKind', '=', kind)
    .where('userId', '=', id)
    .execute()
  if (!STANDARDS.includes(kind))
    await ctx.db
      .updateTable('standards.dependency')
      .set({ current: false })
      .where('userKind', '=', kind)
      .where('userCode', '=', code)
      .execute()
  if (bindings.length === 0) return
  const rows = merged(bindings).map((binding) => ({
    userKind: kind,
    userId: id,
    standardId: STANDARDS.includes(kind) ? id : null,
    userCode: code,
    userVersion: user.version,
    userName: JSON.stringify(user.name),
    organisationId: user.organisationId,
    current: true,
    place: binding.place,
    usedKind: binding.kind,
    usedCode: binding.code,
    usedRange: binding.range,
    historical: binding.historical,
    usedValues: binding.values === undefined ? null : JSON.stringify(binding.values),
    readers: user.readers ? [...user.readers] : null,
  }))
  await ctx.db
    .insertInto('standards.dependency')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** What one version of a standard refers to, by the row of that version. */
export async function bindingsOf(ctx: Context, standardId: string): Promise<Binding[]> {
  return ctx.db
    .selectFrom('standards.dependency')
    .select(['usedKind as kind', 'usedCode as code', 'usedRange as range', 'place', 'historical'])
    .where('standardId', '=', standardId)
    .limit(MAX_DEPENDENCIES)
    .execute()
}

/** `kind code` of everything a user refers to, in any of its versions. */
export async function usedBy(ctx: Context, kind: StandardUser['kind'], code: string): Promise<Set<string>> {
  const rows = await ctx.db
    .selectFrom('standards.dependency')
    .select(['usedKind', 'usedCode'])
    .distinct()
    .where('userKind', '=', kind)
    .where('userCode', '=', code)
    .where('current', '=', true)
    .limit(MAX_DEPENDENCIES)
    .execute()
  return new Set(rows.map(({ usedKind, usedCode }) => `${usedKind} ${usedCode}`))
}

/** The GraphQL fields on record beside these. */
export async function fieldsBut(ctx: Context, kept: readonly string[]): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('standards.dependency')
    .select('userId')
    .where('userKind', '=', 'field')
    .$if(kept.length > 0, (fields) => fields.where('userId', 'not in', [...kept]))
    .limit(MAX_DEPENDENCIES)
    .execute()
  return rows.map(({ userId }) => userId)
}

/** Codes of the crosswalks that lead from a list. */
export async function crosswalksFrom(ctx: Context, list: string): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('standards.dependency')
    .select('userCode')
    .distinct()
    .where('userKind', '=', 'crosswalk')
    .where('place', '=', 'from')
    .where('usedKind', '=', 'code-list')
    .where('usedCode', '=', list)
    .orderBy('userCode')
    .limit(100)
    .execute()
  return rows.map(({ userCode }) => userCode)
}

interface Row extends Omit<Dependency, 'user' | 'used' | 'values'> {
  readonly userKind: StandardUser['kind']
  readonly userId: string
  readonly userCode: string
  readonly userVersion: string
  readonly userName: StandardUser['name']
  readonly organisationId: string
  readonly usedKind: Binding['kind']
  readonly usedCode: string
  readonly usedRange: string | null
  readonly usedValues: string[] | null
  readonly readers: string[] | null
}

/**
 * Everything that refers to a standard, itself or through others that are live; the nearest first, at most
 * {@link MAX_DEPENDENCIES}. Drafts of other organisations are not among it.
 *
 * @param value a code of the list: what names other codes alone is left out, and whatever refers to that
 */
export async function dependentsOf(
  ctx: Context,
  kind: StandardKind,
  code: string,
  value: string | null = null,
): Promise<Dependency[]> {
  const seer = ctx.actor.organisationId
  const names = (row: string) =>
    value === null
      ? sql`true`
      : sql`coalesce(${sql.ref(`${row}.used_values`)} @> jsonb_build_array(${value}::text), true)`
  const { rows } = await sql<Row>`
    with recursive judged as (
      select d.*, s.status, ${live(dayOf(ctx.now()))} as live
      from standards.dependency d left join standards.standard s on s.id = d.standard_id
      where s.id is null or s.status not in ('draft', 'review') or s.organisation_id = ${seer}
    ), reached as (
      select j.*, 1 as depth from judged j where j.used_kind = ${kind} and j.used_code = ${code} and ${names('j')}
      union
      select j.*, r.depth + 1
      from reached r join judged j on j.used_kind = r.user_kind and j.used_code = r.user_code
      where r.live and not r.historical and r.depth < ${MAX_DEPTH} and ${names('j')}
    )
    select distinct on (user_kind, user_id, place, used_kind, used_code) user_kind, user_id, user_code, user_version,
      user_name, organisation_id, readers, place, used_kind, used_code, used_range, historical, used_values, live,
      status, depth
    from reached
    order by user_kind, user_id, place, used_kind, used_code, depth
    limit ${MAX_DEPENDENCIES}
  `.execute(ctx.db)
  return rows
    .map(({ userKind, userId, userCode, userVersion, userName, organisationId, readers, ...row }) => ({
      user: {
        kind: userKind,
        id: userId,
        code: userCode,
        version: userVersion,
        name: userName,
        organisationId,
        readers,
      },
      used: { kind: row.usedKind, code: row.usedCode, range: row.usedRange },
      place: row.place,
      historical: row.historical,
      values: row.usedValues && (value === null ? row.usedValues.slice(0, MAX_VALUES) : [value]),
      live: row.live,
      status: row.status,
      depth: row.depth,
    }))
    .sort((a, b) => a.depth - b.depth || (nameOf(a) < nameOf(b) ? -1 : 1))
}

const nameOf = ({ user: { kind, code, version }, place }: Dependency) =>
  [kind, code, version, place].join(' ')

/**
 * A standard that no later version in force has followed (of an element, which is bound by range, none of its major);
 * of others, the version last registered.
 */
const live = (today: Day) => sql<boolean>`
  case when s.id is null then d.current else s.status <> 'retired' and not exists (
    select from standards.standard n
    where n.kind = s.kind and n.code = s.code and n.status in ('published', 'deprecated')
      and (n.in_force_from is null or n.in_force_from <= ${today}::date)
      and (n.kind <> 'element' or split_part(n.version, '.', 1) = split_part(s.version, '.', 1))
      and string_to_array(n.version, '.')::int[] > string_to_array(s.version, '.')::int[]) end`

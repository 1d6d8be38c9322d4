import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`alter table standards.dependency drop constraint dependency_user_kind_check`.execute(db)
  await sql`
    alter table standards.dependency add constraint dependency_user_kind_check check (user_kind in
      ('element', 'code-list', 'schema', 'crosswalk', 'dataset', 'item', 'process', 'legal-source', 'entry', 'grant',
       'field'))
  `.execute(db)
  await sql`alter table standards.dependency add column used_values jsonb, add column readers text[]`.execute(
    db,
  )
  const comments = {
    used_values: '引用时点名的代码，空为代码集中的全部代码',
    readers: '可以知晓这一引用的单位，空为不限',
  }
  for (const [column, comment] of Object.entries(comments))
    await sql`comment on column ${sql.ref(`standards.dependency.${column}`)} is ${sql.lit(comment)}`.execute(
      db,
    )
  await recordValues(db)
}

/** The codes that crosswalks and the columns of schemas of a platform that runs already name. */
export async function recordValues(db: Kysely<any>): Promise<void> {
  await sql`
    update standards.dependency d set used_values = (
      select jsonb_agg(v.code order by v.code collate "C")
      from (select distinct r.value ->> (d.place || 'Code') as code from jsonb_array_elements(s.content -> 'rows') r) v)
    from standards.standard s
    where s.id = d.standard_id and d.user_kind = 'crosswalk'
  `.execute(db)
  await sql`
    update standards.dependency d set used_values = (
      select jsonb_agg(v.code order by v.code collate "C")
      from (select distinct jsonb_array_elements_text(c.value -> 'codes') as code) v)
    from standards.standard s
    cross join lateral jsonb_array_elements(s.content -> 'columns') c
    where s.id = d.standard_id and d.user_kind = 'schema' and c.value ->> 'name' = d.place and c.value ? 'codes'
  `.execute(db)
}

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table standards.dependency (
      user_kind       text not null check (user_kind in
        ('element', 'code-list', 'schema', 'crosswalk', 'dataset', 'item', 'process', 'legal-source')),
      user_id         text not null,
      standard_id     uuid references standards.standard (id) on delete cascade,
      user_code       text not null,
      user_version    text not null,
      user_name       jsonb not null,
      organisation_id text not null,
      current         boolean not null default true,
      place           text not null,
      used_kind       text not null check (used_kind in ('element', 'code-list', 'schema')),
      used_code       text not null,
      used_range      text,
      historical      boolean not null default false,
      primary key (user_kind, user_id, place, used_kind, used_code)
    )
  `.execute(db)
  await sql`
    comment on table standards.dependency is '引用关系：谁在何处引用了哪个标准，与引用同一事务写入'
  `.execute(db)
  const comments = {
    user_kind: '引用方种类',
    user_id: '引用方（某一版本）的编号',
    standard_id: '引用方是标准时，该版本所在行',
    current: '是否为引用方的现行版本，引用方是标准时由其状态和实施日期决定',
    place: '引用之处：列、表单字段等',
    used_range: '引用的版本范围，空为任何版本',
    historical: '仅指称旧版本（对照表、上一版），不妨碍其停用或废止',
  }
  for (const [column, comment] of Object.entries(comments))
    await sql`comment on column ${sql.ref(`standards.dependency.${column}`)} is ${sql.lit(comment)}`.execute(
      db,
    )
  await sql`create index dependency_used on standards.dependency (used_kind, used_code)`.execute(db)
  await sql`create index dependency_user on standards.dependency (user_kind, user_code)`.execute(db)
  await recordStandards(db)
}

/** What the standards of a platform that runs already refer to. */
export async function recordStandards(db: Kysely<any>): Promise<void> {
  await sql`
    insert into standards.dependency
      (user_kind, user_id, standard_id, user_code, user_version, user_name, organisation_id, place, used_kind,
       used_code, used_range, historical)
    select s.kind, s.id::text, s.id, s.code, s.version, s.content -> 'name', s.organisation_id, b.place, b.kind,
      b.code, b.range, b.historical
    from standards.standard s
    cross join lateral (
      select 'codeListId' as place, 'code-list' as kind, s.content ->> 'codeListId' as code, null as range,
        false as historical
      where s.kind = 'element'
      union all
      select c.value ->> 'name', 'element', c.value ->> 'elementCode', c.value ->> 'elementRange', false
      from jsonb_array_elements(case when s.kind = 'schema' then s.content -> 'columns' else '[]' end) c
      union all
      select 'previousEdition', 'code-list', s.content ->> 'previousEdition', null, true
      where s.kind = 'code-list'
      union all
      select p.place, 'code-list', s.content ->> p.place, null, true
      from (values ('from'), ('to')) p (place) where s.kind = 'crosswalk'
    ) b
    where b.code is not null
    on conflict do nothing
  `.execute(db)
}

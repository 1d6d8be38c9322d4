import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    alter table standards.code_value
      add column valid_from date,
      add column valid_to   date,
      add column precision  text not null default 'day' check (precision in ('year', 'month', 'day')),
      add column definition text,
      add column includes   text,
      add column excludes   text,
      add column successors jsonb not null default '[]',
      add check (valid_to > valid_from)
  `.execute(db)
  await sql`comment on column standards.code_value.valid_from is '生效日期，空为自始有效'`.execute(db)
  await sql`comment on column standards.code_value.valid_to is '失效日期（当日起无效），空为未失效'`.execute(
    db,
  )
  await sql`comment on column standards.code_value.precision is '日期精度：年、月、日'`.execute(db)
  await sql`comment on column standards.code_value.definition is '说明'`.execute(db)
  await sql`comment on column standards.code_value.includes is '包括'`.execute(db)
  await sql`comment on column standards.code_value.excludes is '不包括'`.execute(db)
  await sql`comment on column standards.code_value.successors is '替代代码'`.execute(db)
  // A code may be in force twice, with a gap between: the parent is then no single row any more.
  await sql`
    alter table standards.code_value
      drop constraint code_value_list_id_parent_fkey,
      drop constraint code_value_pkey,
      add primary key (list_id, ordinal)
  `.execute(db)
  await sql`drop index standards.code_value_order`.execute(db)
  await sql`
    create unique index code_value_code on standards.code_value
      (list_id, code, (coalesce(valid_from, '-infinity'::date)))
  `.execute(db)
  await sql`
    alter table standards.standard
      drop constraint standard_kind_check,
      add constraint standard_kind_check check (kind in ('element', 'code-list', 'schema', 'crosswalk'))
  `.execute(db)
}

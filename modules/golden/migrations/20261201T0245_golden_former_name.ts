import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table golden.name_change (
      dataset_id      uuid not null,
      organisation_id text not null,
      version         integer not null,
      later_version   integer not null check (later_version > version),
      row_id          text not null,
      line            integer,
      key             text collate "C",
      name            text collate "C" not null,
      event_on        date,
      as_of_at        timestamptz not null,
      valid_to        date not null,
      primary key (dataset_id, later_version, row_id, name)
    )
  `.execute(db)
  await sql`comment on table golden.name_change is '更名：同一登记前后两版名称不同的行；只由这两版推算，只增不改'`.execute(
    db,
  )
  await sql`comment on column golden.name_change.valid_to is '新名称开始使用之日：登记载明的日期，没有则为收到之日'`.execute(
    db,
  )
  await sql`
    create table golden.name_history (
      dataset_id      uuid primary key,
      through_version integer not null
    )
  `.execute(db)
  await sql`comment on table golden.name_history is '各数据集的名称已逐版比较到哪一版'`.execute(db)
  await sql`alter table golden.organisation_record add column former_names jsonb not null default '[]'`.execute(
    db,
  )
  await sql`comment on column golden.organisation_record.former_names is '曾用名及其起止和出处'`.execute(db)
  await sql`alter table golden.merge_run add column name_history boolean not null default false`.execute(db)
  await sql`comment on column golden.merge_run.name_history is '本次合并是否计入前后各版的更名，重算时照此'`.execute(
    db,
  )
}

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table golden.link (
      number          bigint generated always as identity primary key,
      run_id          uuid not null references golden.merge_run (id),
      dataset_id      uuid not null,
      organisation_id text not null,
      row_id          text not null,
      line            integer,
      key             text collate "C" not null,
      method          text not null check (method in ('ruling', 'organisation-code', 'probabilistic')),
      decision        text not null check (decision in ('link', 'review', 'reopened')),
      weight          double precision,
      prior           double precision,
      parts           jsonb not null,
      unique (run_id, dataset_id, row_id, key)
    )
  `.execute(db)
  await sql`comment on table golden.link is '关联：没有有效统一社会信用代码的行对应哪个主体，附权重和依据；随合并批次保存'`.execute(
    db,
  )
  await sql`comment on column golden.link.weight is '同一主体的对数几率（比特）；按规则或裁定关联的为空'`.execute(
    db,
  )
  await sql`create index link_organisation on golden.link (organisation_id, decision, number)`.execute(db)
  await sql`create index link_key on golden.link (key)`.execute(db)
  await sql`
    create table golden.ruling (
      id              uuid primary key default gen_random_uuid(),
      number          bigint generated always as identity unique,
      dataset_id      uuid not null,
      organisation_id text not null,
      row_id          text not null,
      line            integer,
      key             text collate "C" not null,
      answer          text not null check (answer in ('same', 'different', 'unsure')),
      reason          text not null,
      status          text not null check (status in ('proposed', 'in-force', 'undone')),
      weight          double precision,
      decided_by      text not null,
      decided_at      timestamptz not null,
      confirmed_by    text,
      confirmed_at    timestamptz,
      undone_by       text,
      undone_at       timestamptz,
      check (confirmed_by is null or confirmed_by <> decided_by),
      check ((status = 'undone') = (undone_at is not null))
    )
  `.execute(db)
  await sql`comment on table golden.ruling is '人工裁定：某行与某主体是否同一，为以后各次合并的约束；撤销后重新计算'`.execute(
    db,
  )
  await sql`
    create unique index ruling_standing on golden.ruling (dataset_id, row_id, key) where status <> 'undone'
  `.execute(db)
  await sql`create index ruling_organisation on golden.ruling (organisation_id, number)`.execute(db)
  await sql`alter table golden.merge_run add column rulings jsonb not null default '[]'`.execute(db)
  await sql`comment on column golden.merge_run.rulings is '本次合并所用的裁定，重算时照用'`.execute(db)
}

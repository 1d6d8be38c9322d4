import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`create schema if not exists golden`.execute(db)
  await sql`
    create table golden.merge_run (
      id             uuid primary key default gen_random_uuid(),
      number         bigint generated always as identity unique,
      entity         text not null check (entity = 'legal-entity'),
      status         text not null
        check (status in ('queued', 'running', 'published', 'unchanged', 'aborted', 'failed')),
      attempt        integer not null default 0,
      generation     bigint,
      fingerprint    text,
      inputs         jsonb not null default '[]',
      fields         jsonb not null default '[]',
      findings       jsonb not null default '[]',
      records        integer,
      changed        integer,
      removed        integer,
      content_sha256 text,
      error_code     text,
      requested_by   text not null,
      requested_at   timestamptz not null,
      started_at     timestamptz,
      heartbeat_at   timestamptz,
      ended_at       timestamptz
    )
  `.execute(db)
  await sql`comment on table golden.merge_run is '合并批次：由哪些数据版本、按哪些规则算出一代黄金记录'`.execute(
    db,
  )
  await sql`comment on column golden.merge_run.fingerprint is '输入与规则的摘要，相同则不必重算'`.execute(db)
  await sql`comment on column golden.merge_run.content_sha256 is '全部记录内容的摘要，重算须完全一致'`.execute(
    db,
  )
  await sql`create index merge_run_latest on golden.merge_run (entity, number)`.execute(db)
  await sql`create unique index merge_run_queued on golden.merge_run (entity) where status = 'queued'`.execute(
    db,
  )
  await sql`
    create table golden.served (
      entity     text primary key,
      generation bigint not null,
      run_id     uuid references golden.merge_run (id)
    )
  `.execute(db)
  await sql`comment on table golden.served is '当前对外提供的一代黄金记录；合并完成时一次切换'`.execute(db)
  await sql`insert into golden.served (entity, generation) values ('legal-entity', 0)`.execute(db)
  await sql`
    create table golden.organisation_record (
      key            text collate "C" not null,
      since          bigint not null,
      until          bigint check (until > since),
      name           text not null,
      entities       integer not null check (entities >= 1),
      fields         jsonb not null,
      search         tsvector not null,
      as_of_at       timestamptz not null,
      merge_id       uuid not null references golden.merge_run (id),
      content_sha256 text not null,
      primary key (key, since)
    )
  `.execute(db)
  await sql`comment on table golden.organisation_record is '法人黄金记录：由数据版本推算，随时可重建；一代之内每个统一社会信用代码一行'`.execute(
    db,
  )
  await sql`comment on column golden.organisation_record.since is '自哪一代起有效'`.execute(db)
  await sql`comment on column golden.organisation_record.until is '自哪一代起失效，空为仍有效'`.execute(db)
  await sql`comment on column golden.organisation_record.entities is '共用该代码的主体数；大于1时不作为任何主体的记录提供'`.execute(
    db,
  )
  await sql`create index organisation_record_search on golden.organisation_record using gin (search)`.execute(
    db,
  )
  await sql`create index organisation_record_since on golden.organisation_record (since)`.execute(db)
  await sql`
    create index organisation_record_until on golden.organisation_record (until) where until is not null
  `.execute(db)
  await sql`
    create table golden.legal_source (
      element_code    text primary key,
      organisation_id text not null,
      named_by        text not null,
      named_at        timestamptz not null
    )
  `.execute(db)
  await sql`comment on table golden.legal_source is '法定数源：每个数据元以哪个单位的数据为准（一数一源）'`.execute(
    db,
  )
}

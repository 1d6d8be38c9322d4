import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table catalog.harvest (
      id              uuid primary key,
      source_id       uuid not null references catalog.source (id),
      organisation_id text not null,
      format          text not null check (format in ('dcat', 'ckan')),
      status          text not null check (status in ('queued', 'running', 'done', 'failed', 'cancelled')),
      started_by      text not null,
      counts          jsonb not null,
      quarantined     jsonb not null,
      refusal         jsonb,
      created_at      timestamptz not null,
      check (status <> 'failed' or refusal is not null)
    )
  `.execute(db)
  await sql`comment on table catalog.harvest is '目录采集：每行是从一个数据源采集一次外部目录的经过'`.execute(
    db,
  )
  await sql`comment on column catalog.harvest.quarantined is '被隔离的记录：来源标识、名称和原因，其余照常采集'`.execute(
    db,
  )
  await sql`create index harvest_source on catalog.harvest (source_id, created_at desc)`.execute(db)
  await sql`
    create unique index harvest_running on catalog.harvest (source_id) where status in ('queued', 'running')
  `.execute(db)
  await sql`
    create table catalog.harvested_entry (
      source_id  uuid not null references catalog.source (id),
      remote_id  text not null,
      entry_id   uuid not null unique references catalog.entry (id),
      digest     text not null,
      primary key (source_id, remote_id)
    )
  `.execute(db)
  await sql`comment on table catalog.harvested_entry is '采集来的目录条目：数据源加来源标识确定同一条目'`.execute(
    db,
  )
  await sql`comment on column catalog.harvested_entry.digest is '上次采集内容的摘要，未变则不改动'`.execute(
    db,
  )
}

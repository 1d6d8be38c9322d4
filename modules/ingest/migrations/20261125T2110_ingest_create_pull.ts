import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table ingest.pull (
      id              uuid primary key,
      source_id       uuid not null,
      dataset_id      uuid not null,
      organisation_id text not null,
      status          text not null check (status in ('queued', 'running', 'handed', 'failed', 'cancelled')),
      batch_id        uuid unique references ingest.batch (id),
      revision        integer not null,
      watermark       text,
      refusal         jsonb,
      progress        jsonb,
      created_at      timestamptz not null,
      check ((status = 'handed') = (batch_id is not null)),
      check (status <> 'failed' or refusal is not null)
    )
  `.execute(db)
  await sql`comment on table ingest.pull is '抽取：每行是从一个数据源读取一次、成为一个装载批次的经过'`.execute(
    db,
  )
  await sql`comment on column ingest.pull.watermark is '本次读到的水位，批次发布时写入数据源'`.execute(db)
  await sql`create index pull_source on ingest.pull (source_id, created_at desc)`.execute(db)
  await sql`
    create unique index pull_running on ingest.pull (source_id) where status in ('queued', 'running')
  `.execute(db)
}

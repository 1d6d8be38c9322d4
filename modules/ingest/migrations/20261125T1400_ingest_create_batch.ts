import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`create schema if not exists ingest`.execute(db)
  await sql`
    create table ingest.batch (
      id                uuid primary key default gen_random_uuid(),
      dataset_id        uuid not null,
      organisation_id   text not null,
      file_name         text not null,
      object_sha256     text not null,
      size_bytes        bigint not null check (size_bytes >= 0),
      status            text not null check (status in ('received', 'mapped', 'running', 'published', 'stopped', 'failed', 'cancelled')),
      encoding          text,
      encoding_guesses  jsonb not null,
      layout            jsonb not null,
      mapping           jsonb,
      attempt           integer not null default 0,
      schema_version    text,
      staged            jsonb,
      outcome           jsonb,
      refusal           jsonb,
      progress          jsonb,
      published_version integer,
      created_at        timestamptz not null,
      check ((status = 'published') = (published_version is not null)),
      check (status not in ('stopped', 'failed') or refusal is not null)
    )
  `.execute(db)
  await sql`comment on table ingest.batch is '装载批次：每行是一次上传的文件及其读取、校验和发布的经过'`.execute(
    db,
  )
  await sql`comment on column ingest.batch.staged is '暂存：逐行原文，重新判定时无需再次读取文件'`.execute(db)
  await sql`comment on column ingest.batch.outcome is '判定结果：计数、问题、快照与待治理文件'`.execute(db)
  await sql`create index batch_dataset on ingest.batch (dataset_id, created_at desc, id desc)`.execute(db)
  await sql`
    create table ingest.confirmation (
      dataset_id   uuid primary key,
      encoding     text not null,
      columns      jsonb not null,
      confirmed_by text not null,
      confirmed_at timestamptz not null
    )
  `.execute(db)
  await sql`comment on table ingest.confirmation is '读取约定：数据资源经人确认的文件编码与列对应关系'`.execute(
    db,
  )
}

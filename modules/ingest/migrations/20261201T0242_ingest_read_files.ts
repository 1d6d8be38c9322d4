import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table ingest.placed_file (
      source_id     uuid not null,
      name          text collate "C" not null,
      size_bytes    bigint not null,
      checksum      text not null,
      placed_at     timestamptz not null,
      object_sha256 text,
      batch_id      uuid unique references ingest.batch (id),
      refusal       jsonb,
      seen_at       timestamptz not null,
      primary key (source_id, name),
      check ((batch_id is null) = (refusal is not null)),
      check ((batch_id is null) = (object_sha256 is null))
    )
  `.execute(db)
  await sql`comment on table ingest.placed_file is '目录下的文件：每行是一个文件类数据源前缀下的一个文件，名称、大小、校验值都不变的不再装载'`.execute(
    db,
  )
  await sql`comment on column ingest.placed_file.checksum is '存储给出的校验值：文件夹为SHA-256，S3为ETag'`.execute(
    db,
  )
  await sql`comment on column ingest.placed_file.refusal is '未能成为批次的原因；下次抽取时再试'`.execute(db)
  await sql`create index placed_file_recent on ingest.placed_file (source_id, placed_at desc, name)`.execute(
    db,
  )
  await sql`alter table ingest.pull add column files jsonb`.execute(db)
  await sql`comment on column ingest.pull.files is '读取文件类数据源时：发现、未变、成为批次、被拒的文件数'`.execute(
    db,
  )
  await sql`alter table ingest.pull drop constraint pull_check`.execute(db)
  await sql`
    alter table ingest.pull add constraint pull_handed
      check (case when files is null then (status = 'handed') = (batch_id is not null) else batch_id is null end)
  `.execute(db)
  await sql`
    create table ingest.batch_sample (
      batch_id uuid primary key references ingest.batch (id),
      rows     jsonb not null
    )
  `.execute(db)
  await sql`comment on table ingest.batch_sample is '批次样本：由文件摘要定种、从整个文件中抽取的至多2000行，供建议列对应关系'`.execute(
    db,
  )
}

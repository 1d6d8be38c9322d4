import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`create schema if not exists catalog`.execute(db)
  await sql`
    create table catalog.dataset (
      id              uuid primary key default gen_random_uuid(),
      organisation_id text not null,
      title           text collate "C" not null,
      title_key       text not null,
      schema_code     text not null,
      source_rank     integer not null check (source_rank between 1 and 999),
      search          tsvector not null,
      registered_at   timestamptz not null,
      unique (organisation_id, title_key)
    )
  `.execute(db)
  await sql`comment on table catalog.dataset is '数据资源：每行是一个数源单位按一个数据集模式负责的一份数据'`.execute(
    db,
  )
  await sql`comment on column catalog.dataset.organisation_id is '数源单位'`.execute(db)
  await sql`comment on column catalog.dataset.title_key is '名称的规范形式，同一单位内不得重复'`.execute(db)
  await sql`comment on column catalog.dataset.source_rank is '数源次序：合并时其他条件相同则小者优先'`.execute(
    db,
  )
  await sql`create index dataset_listing on catalog.dataset (title, id)`.execute(db)
  await sql`create index dataset_search on catalog.dataset using gin (search)`.execute(db)
  await sql`
    create table catalog.dataset_version (
      dataset_id      uuid not null references catalog.dataset (id),
      version         integer not null check (version >= 1),
      parent          integer,
      schema_version  text not null,
      batch_id        uuid not null,
      files           jsonb not null,
      counts          jsonb not null,
      row_count       integer not null check (row_count >= 0),
      created_at      timestamptz not null,
      primary key (dataset_id, version),
      foreign key (dataset_id, parent) references catalog.dataset_version (dataset_id, version),
      check ((version = 1) = (parent is null)),
      check (parent is null or version = parent + 1)
    )
  `.execute(db)
  await sql`comment on table catalog.dataset_version is '数据版本清单：每行是一份数据的一个不可变版本，只增不改，最大版本号即当前版本'`.execute(
    db,
  )
  await sql`comment on column catalog.dataset_version.files is 'Parquet 文件：内容摘要、行数、字节数'`.execute(
    db,
  )
  await sql`comment on column catalog.dataset_version.counts is '装载计数：读取、接收、拒绝、重复、过滤'`.execute(
    db,
  )
}

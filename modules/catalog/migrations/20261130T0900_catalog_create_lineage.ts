import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table catalog.lineage_edge (
      input_kind    text not null check (input_kind in ('file', 'dataset', 'golden')),
      input_id      text not null,
      input_column  text not null,
      output_kind   text not null check (output_kind in ('dataset', 'golden')),
      output_id     text not null,
      output_column text not null,
      kind          text not null check (kind in ('mapping', 'survivorship')),
      steps         jsonb not null,
      since         bigint not null,
      until         bigint check (until > since),
      primary key (output_kind, output_id, output_column, input_kind, input_id, input_column, since)
    )
  `.execute(db)
  await sql`comment on table catalog.lineage_edge is '列级血缘：由装载映射与合并规则写入，与其产生的版本同一事务；内容不变则不另写'`.execute(
    db,
  )
  await sql`comment on column catalog.lineage_edge.since is '自哪一版（黄金记录为哪一代）起有效'`.execute(db)
  await sql`comment on column catalog.lineage_edge.until is '自哪一版（代）起失效，空为仍有效'`.execute(db)
  await sql`
    create index lineage_edge_input on catalog.lineage_edge (input_kind, input_id, input_column)
    where until is null
  `.execute(db)
  await sql`
    create table catalog.version_origin (
      dataset_id  uuid not null references catalog.dataset (id),
      version     integer not null,
      file_sha256 text not null,
      findings    jsonb not null,
      primary key (dataset_id, version),
      foreign key (dataset_id, version) references catalog.dataset_version (dataset_id, version)
    )
  `.execute(db)
  await sql`comment on table catalog.version_origin is '版本出处：每个版本由哪个上传文件装载、校验发现了什么'`.execute(
    db,
  )
}

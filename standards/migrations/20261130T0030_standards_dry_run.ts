import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table standards.dry_run (
      id          uuid primary key default gen_random_uuid(),
      number      bigint generated always as identity,
      standard_id uuid not null references standards.standard (id) on delete cascade,
      revision    integer not null,
      status      text not null check (status in ('waiting', 'running', 'done', 'failed')),
      asked_by    text not null,
      asked_at    timestamptz not null,
      total       integer not null default 0,
      refusal     text
    )
  `.execute(db)
  await sql`
    comment on table standards.dry_run is '试运行：以某一修订的草案检验引用它的各数据资源的现行版本，不改变任何数据'
  `.execute(db)
  await sql`create index dry_run_standard on standards.dry_run (standard_id, number desc)`.execute(db)
  await sql`
    create table standards.dry_run_dataset (
      run_id          uuid not null references standards.dry_run (id) on delete cascade,
      dataset_id      uuid not null,
      dataset_version integer not null,
      title           text not null,
      organisation_id text not null,
      newly_failing   bigint not null,
      newly_passing   bigint not null,
      unchanged       bigint not null,
      failing         jsonb not null,
      removed         jsonb not null,
      primary key (run_id, dataset_id)
    )
  `.execute(db)
  await sql`
    comment on table standards.dry_run_dataset is '试运行结果：每个数据资源新增不合格、新增合格、不变的行数，不合格行，仍用被删代码的行数'
  `.execute(db)
  await sql`
    create table standards.row_migration (
      standard_id uuid not null references standards.standard (id) on delete cascade,
      code        text not null,
      successor   text,
      waiver      text,
      proposed_by text not null,
      proposed_at timestamptz not null,
      primary key (standard_id, code),
      check ((successor is null) <> (waiver is null))
    )
  `.execute(db)
  await sql`
    comment on table standards.row_migration is '数据迁移方案：代码集草案删去的代码，其现有数据行改用何代码，或为何不改'
  `.execute(db)
}

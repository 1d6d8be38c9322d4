import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table catalog.delivery (
      id              uuid primary key,
      source_id       uuid not null references catalog.source (id),
      dataset_id      uuid not null references catalog.dataset (id),
      organisation_id text not null,
      collection      text not null,
      key_columns     text[] not null,
      set_at          timestamptz not null,
      ended_at        timestamptz
    )
  `.execute(db)
  await sql`comment on table catalog.delivery is '回流：每行是一个数据集向部门库中一张表（集合）的持续交付'`.execute(
    db,
  )
  await sql`comment on column catalog.delivery.key_columns is '按哪些列更新和删除目标中的行'`.execute(db)
  await sql`comment on column catalog.delivery.ended_at is '停止回流的时间；空为有效'`.execute(db)
  await sql`
    create unique index delivery_target on catalog.delivery (source_id, collection) where ended_at is null
  `.execute(db)
  await sql`create index delivery_dataset on catalog.delivery (dataset_id) where ended_at is null`.execute(db)
  await sql`
    create table catalog.delivery_run (
      id          uuid primary key,
      delivery_id uuid not null references catalog.delivery (id),
      status      text not null check (status in ('queued', 'running', 'done', 'failed', 'cancelled')),
      version     integer,
      refusal     jsonb,
      progress    jsonb,
      created_at  timestamptz not null,
      check ((status = 'done') = (version is not null)),
      check (status <> 'failed' or refusal is not null)
    )
  `.execute(db)
  await sql`comment on table catalog.delivery_run is '回流执行：每行是把一次回流推进到当前版本的一次执行'`.execute(
    db,
  )
  await sql`comment on column catalog.delivery_run.version is '完成后目标所含的数据集版本'`.execute(db)
  await sql`create index delivery_run_recent on catalog.delivery_run (delivery_id, created_at desc)`.execute(
    db,
  )
  await sql`
    create unique index delivery_run_open on catalog.delivery_run (delivery_id) where status in ('queued', 'running')
  `.execute(db)
}

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`alter table ingest.batch add column drift jsonb`.execute(db)
  await sql`comment on column ingest.batch.drift is '结构漂移：与已确认的列对应关系相比的变化'`.execute(db)
  await sql`alter table ingest.batch add column confirmed_by text`.execute(db)
  await sql`comment on column ingest.batch.confirmed_by is '确认列对应关系的人'`.execute(db)
  await sql`alter table ingest.batch add column override jsonb`.execute(db)
  await sql`comment on column ingest.batch.override is '放行：第二人说明理由后，对本次判定不再适用阈值'`.execute(
    db,
  )
  await sql`
    create table ingest.drift_order (
      id              uuid primary key default gen_random_uuid(),
      dataset_id      uuid not null,
      organisation_id text not null,
      batch_id        uuid not null references ingest.batch (id),
      opened_at       timestamptz not null,
      closed_at       timestamptz,
      closed_by_batch uuid references ingest.batch (id),
      check ((closed_at is null) = (closed_by_batch is null))
    )
  `.execute(db)
  await sql`comment on table ingest.drift_order is '结构漂移工单：文件的列与约定不符，只有改正后的装载才能关闭'`.execute(
    db,
  )
  await sql`create unique index drift_order_open on ingest.drift_order (dataset_id) where closed_at is null`.execute(
    db,
  )
}

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`alter table ingest.batch add column replay_of uuid references ingest.batch (id)`.execute(db)
  await sql`comment on column ingest.batch.replay_of is '重放来源：由哪一批次治理后重放而成'`.execute(db)
  await sql`create index batch_replay on ingest.batch (replay_of) where replay_of is not null`.execute(db)
  await sql`
    create index batch_organisation on ingest.batch (organisation_id, created_at desc, id desc)
      where status in ('published', 'stopped')
  `.execute(db)
  await sql`
    create table ingest.quarantine_row (
      batch_id    uuid not null references ingest.batch (id),
      line        bigint not null check (line > 0),
      status      text not null check (status in ('open', 'fixed', 'waived')),
      cells       jsonb,
      explanation text,
      decided_by  text not null,
      decided_at  timestamptz not null,
      primary key (batch_id, line),
      check (status <> 'waived' or explanation is not null),
      check (status <> 'fixed' or cells is not null)
    )
  `.execute(db)
  await sql`comment on table ingest.quarantine_row is '待治理行：数源单位对被退回行的更正或说明，原文保持不变'`.execute(
    db,
  )
  await sql`comment on column ingest.quarantine_row.cells is '更正后的单元格：文件列名对应的新值'`.execute(db)
}

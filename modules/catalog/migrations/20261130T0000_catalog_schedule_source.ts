import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    alter table catalog.source
      add column schedule jsonb,
      add column due_at timestamptz,
      add check ((schedule is null) = (due_at is null))
  `.execute(db)
  await sql`comment on column catalog.source.schedule is '抽取计划：每小时、每日、每周或每月；空为手动'`.execute(
    db,
  )
  await sql`comment on column catalog.source.due_at is '下次按计划抽取的时间'`.execute(db)
  await sql`create index source_due on catalog.source (due_at) where due_at is not null`.execute(db)
}

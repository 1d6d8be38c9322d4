import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`alter table catalog.delivery_run add column wanted_version integer not null default 0`.execute(db)
  await sql`
    comment on column catalog.delivery_run.wanted_version is '本次执行已知的最新版本；结束时若有更新的版本则再次排队'
  `.execute(db)
}

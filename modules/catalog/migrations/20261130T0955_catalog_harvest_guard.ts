import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`alter table catalog.harvest add column may_withdraw_many boolean not null default false`.execute(
    db,
  )
  await sql`
    comment on column catalog.harvest.may_withdraw_many is '发起人已确认：即使超过两成已有条目不再列出，也予以撤下'
  `.execute(db)
}

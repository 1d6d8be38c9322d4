import { type Kysely, sql } from 'kysely'

/** A process is held back (停用), a version is taken out of service (下线): one word for each. */
export async function up(db: Kysely<any>): Promise<void> {
  await sql`comment on column workflow.definition.retired_at is '下线时间；已下线的版本不再启动新实例'`.execute(
    db,
  )
}

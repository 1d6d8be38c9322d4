import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`alter table golden.ruling add column marks jsonb`.execute(db)
  await sql`comment on column golden.ruling.marks is '没有主键的登记中，内容改变后据以认出同一行的摘要：名称加代码或地址，及名称'`.execute(
    db,
  )
}

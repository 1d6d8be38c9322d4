import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`alter table standards.standard add column review_id uuid`.execute(db)
  await sql`comment on column standards.standard.review_id is '最近一次提交审查的编号，审查流程以此为业务主键'`.execute(
    db,
  )
}

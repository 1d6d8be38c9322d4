import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`alter table standards.dry_run_dataset add column keys jsonb`.execute(db)
  await sql`
    comment on column standards.dry_run_dataset.keys is '新增不合格各行的主键（Parquet 文件的摘要、行数、字节数、列），供本单位下载；有更新的试运行后为空'
  `.execute(db)
}

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`alter table golden.establishment add column via_dataset_id uuid`.execute(db)
  await sql`comment on column golden.establishment.via_dataset_id is '由哪个对照数据集得知所属企业；本登记自己载明的为空'`.execute(
    db,
  )
  await sql`alter table golden.establishment drop constraint establishment_run_id_dataset_id_row_id_key`.execute(
    db,
  )
  await sql`
    alter table golden.establishment add unique (run_id, dataset_id, row_id, part_of)
  `.execute(db)
}

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table golden.establishment (
      id              bigint generated always as identity primary key,
      run_id          uuid not null references golden.merge_run (id),
      part_of         text collate "C" not null,
      number          text not null,
      name            text,
      address         text,
      dataset_id      uuid not null,
      organisation_id text not null,
      version         integer not null,
      row_id          text not null,
      line            integer,
      as_of_at        timestamptz not null,
      unique (run_id, dataset_id, row_id)
    )
  `.execute(db)
  await sql`comment on table golden.establishment is '分支机构、场所：各有编号，按统一社会信用代码或統一編號属于某一企业，不并入企业的记录；随合并批次保存'`.execute(
    db,
  )
  await sql`create index establishment_part_of on golden.establishment (part_of, run_id, id)`.execute(db)
}

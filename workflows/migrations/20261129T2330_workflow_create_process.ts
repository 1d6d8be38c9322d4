import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table workflow.process (
      key             text primary key,
      organisation_id text not null
    )
  `.execute(db)
  await sql`comment on table workflow.process is '流程：归哪个单位管理，只有该单位可部署新版本'`.execute(db)
  // Until now only what ships with the platform was deployed in earnest.
  await sql`insert into workflow.process select distinct key, 'platform' from workflow.definition`.execute(db)
  await sql`
    alter table workflow.definition
      add constraint definition_process foreign key (key) references workflow.process (key)
  `.execute(db)
}

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`alter table standards.standard add column edited_by text[] not null default '{}'`.execute(db)
  await sql`
    comment on column standards.standard.edited_by is '修改人：改过该草案的人员，均不得审批'
  `.execute(db)
}

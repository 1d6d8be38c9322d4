import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table core.command (
      actor_id     text not null,
      command_id   uuid not null,
      name         text not null,
      input_sha256 text not null,
      answer       jsonb,
      created_at   timestamptz not null,
      primary key (actor_id, command_id)
    )
  `.execute(db)
  await sql`comment on table core.command is '已受理的请求：同一编号重发时返回首次结果，不再执行'`.execute(db)
  await sql`comment on column core.command.answer is '首次结果；执行中为空，与业务同一事务提交'`.execute(db)
}

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `create table workflow.batch (
    id              uuid primary key default gen_random_uuid(),
    operation       text not null check (operation in ('retry', 'skip', 'cancel', 'resolve', 'suspend', 'resume',
      'terminate')),
    output          jsonb not null,
    reason          text not null,
    status          text not null check (status in ('running', 'done', 'cancelled', 'failed')),
    organisation_id text not null,
    requested_by    text not null,
    requested_roles text[] not null,
    created_at      timestamptz not null,
    ended_at        timestamptz
  )`,
  `comment on table workflow.batch is '批量操作：对选定的异常或实例逐一办理'`,
  `comment on column workflow.batch.requested_roles is '下令时的岗位；逐项办理时仍按此核对权限'`,
  `create index batch_organisation on workflow.batch (organisation_id, created_at)`,
  `create table workflow.batch_item (
    batch_id     uuid not null references workflow.batch (id),
    place        integer not null,
    incident_id  uuid,
    instance_id  uuid not null,
    business_key text not null,
    outcome      text not null check (outcome in ('waiting', 'done', 'refused')),
    code         text,
    refusal      jsonb,
    primary key (batch_id, place)
  ) with (fillfactor = 80)`,
  `comment on table workflow.batch_item is '批量操作的各项及其结果'`,
  `create index batch_item_waiting on workflow.batch_item (batch_id, place) where outcome = 'waiting'`,
]

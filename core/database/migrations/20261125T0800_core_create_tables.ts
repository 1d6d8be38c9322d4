import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`create schema if not exists core`.execute(db)
  await sql`
    create table core.event (
      id              bigint generated always as identity primary key,
      name            text not null,
      actor_id        text not null,
      organisation_id text not null,
      on_behalf_of    text,
      request_id      text not null,
      payload         jsonb not null,
      occurred_at     timestamptz not null
    )
  `.execute(db)
  await sql`comment on table core.event is '事件：每个事实一行，既是审计记录也是待投递消息，只增不改'`.execute(
    db,
  )
  await sql`create index event_name on core.event (name, id)`.execute(db)
  await sql`create index event_case on core.event ((payload ->> 'caseId'), id) where payload ? 'caseId'`.execute(
    db,
  )
  await sql`
    create table core.delivery (
      event_id   bigint not null references core.event (id),
      subscriber text not null,
      status     text not null check (status in ('waiting', 'done', 'failed')),
      attempts   integer not null default 0,
      run_after  timestamptz not null,
      last_error text,
      primary key (event_id, subscriber)
    )
  `.execute(db)
  await sql`comment on table core.delivery is '投递：每个事件对每个订阅者一行'`.execute(db)
  await sql`create index delivery_waiting on core.delivery (run_after) where status = 'waiting'`.execute(db)
  await sql`
    create table core.job (
      id           bigint generated always as identity primary key,
      kind         text not null,
      key          text not null,
      payload      jsonb not null,
      status       text not null check (status in ('waiting', 'done', 'failed', 'cancelled')),
      attempts     integer not null default 0,
      run_after    timestamptz not null,
      locked_until timestamptz,
      last_error   text,
      progress     jsonb,
      created_at   timestamptz not null,
      unique (kind, key)
    )
  `.execute(db)
  await sql`comment on table core.job is '后台作业：流程之外的长时间工作，至少执行一次'`.execute(db)
  await sql`create index job_waiting on core.job (run_after) where status = 'waiting'`.execute(db)
  await sql`
    create table core.access (
      id              bigint generated always as identity primary key,
      kind            text not null check (kind in ('read', 'refusal', 'login')),
      actor_id        text not null,
      organisation_id text not null,
      on_behalf_of    text,
      request_id      text not null,
      subject         text not null,
      purpose         text,
      fields          text[],
      code            text,
      occurred_at     timestamptz not null
    )
  `.execute(db)
  await sql`comment on table core.access is '访问记录：读取个人数据与被拒绝的操作，只增不改'`.execute(db)
  await sql`create index access_subject on core.access (subject, id)`.execute(db)
  await sql`
    create table core.policy_rule (
      organisation_id text not null,
      role            text not null,
      permission      text not null,
      effect          text not null check (effect in ('allow', 'deny')),
      primary key (organisation_id, role, permission)
    )
  `.execute(db)
  await sql`comment on table core.policy_rule is '权限规则：单位在默认权限之外的增减'`.execute(db)
  await sql`
    create table core.policy_version (
      only_row boolean primary key default true check (only_row),
      version  bigint not null
    )
  `.execute(db)
  await sql`comment on table core.policy_version is '权限版本：任何规则变化加一，各节点据此重建'`.execute(db)
  await sql`insert into core.policy_version (version) values (1)`.execute(db)
}

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `alter table workflow.instance
    add column parent_token integer,
    add column call_id text unique,
    add column suspended_at timestamptz`,
  `comment on column workflow.instance.parent_id is '调用本实例的流程实例'`,
  `comment on column workflow.instance.call_id is '调用编号“实例:版本:令牌”，同一次调用只启动一次'`,
  `comment on column workflow.instance.suspended_at is '暂停时间；暂停期间不办理任务、不触发定时、不执行作业'`,
  // A called process runs for the same case as the one that calls it, perhaps several times.
  `alter table workflow.instance drop constraint instance_definition_key_business_key_key`,
  `create unique index instance_of_key on workflow.instance (definition_key, business_key) where parent_id is null`,
  `create index instance_parent on workflow.instance (parent_id) where parent_id is not null`,
  `alter table workflow.subscription
    add column kind text not null default 'message' check (kind in ('message', 'signal'))`,
  `create index subscription_signal on workflow.subscription (message, id) where kind = 'signal'`,
  `comment on column workflow.timer.repeat_left is '重复定时此后还触发几次；-1为不限，空为只触发一次'`,
  `alter table workflow.message
    add column organisation_id text,
    add column on_behalf_of text`,
  `comment on column workflow.message.organisation_id is '发出消息的单位：消息启动流程时，实例归该单位'`,
  `create table workflow.signal (
    id              bigint generated always as identity primary key,
    signal          text not null,
    payload         jsonb not null,
    organisation_id text not null,
    on_behalf_of    text,
    dedup_key       text not null unique,
    heard_to        bigint not null default 0,
    hears_to        bigint not null,
    status          text not null check (status in ('new', 'done')),
    received_at     timestamptz not null
  )`,
  `comment on table workflow.signal is '广播的信号：分批送达发出时正在等待的节点'`,
  `comment on column workflow.signal.heard_to is '已送达的最后一个等待登记的编号'`,
  `comment on column workflow.signal.hears_to is '发出时最后一个等待登记的编号，此后登记的不再送达'`,
  `create index signal_new on workflow.signal (id) where status = 'new'`,
  `create table workflow.schedule (
    id             bigint generated always as identity primary key,
    definition_id  uuid not null references workflow.definition (id),
    definition_key text not null,
    node           text not null,
    due_at         timestamptz not null,
    repeat_left    integer,
    status         text not null check (status in ('armed', 'done', 'replaced'))
  )`,
  `comment on table workflow.schedule is '定时启动：流程的定时开始事件，部署新版本时重新登记'`,
  `create index schedule_due on workflow.schedule (due_at) where status = 'armed'`,
  `create index schedule_key on workflow.schedule (definition_key) where status = 'armed'`,
  `alter table workflow.process add column suspended_at timestamptz`,
  `comment on column workflow.process.suspended_at is '停用时间；停用期间不再启动新实例'`,
]

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `create table workflow.archived_instance (
    id              uuid primary key,
    definition_id   uuid not null references workflow.definition (id),
    definition_key  text not null,
    business_key    text not null,
    parent_id       uuid,
    organisation_id text not null,
    bodies          text[] not null,
    status          text not null check (status in ('completed', 'terminated')),
    record          jsonb not null,
    started_at      timestamptz not null,
    ended_at        timestamptz not null,
    archived_at     timestamptz not null,
    archived_by     text not null
  )`,
  `comment on table workflow.archived_instance is '已归档的流程实例：办结后移出运行表，一个实例一行'`,
  `comment on column workflow.archived_instance.parent_id is '调用它的实例；非被调用者，同一流程同一业务编号不再启动'`,
  `comment on column workflow.archived_instance.bodies is '承办过其中任务的单位，可查阅'`,
  `comment on column workflow.archived_instance.record is '状态、变量、任务、作业、异常的原样'`,
  `create index archived_instance_key on workflow.archived_instance (definition_key, ended_at desc, id)`,
  `create index archived_instance_of_key on workflow.archived_instance (definition_key, business_key)
    where parent_id is null`,
  `create index archived_instance_business_key on workflow.archived_instance (business_key text_pattern_ops)`,
  `create index instance_ended on workflow.instance (definition_key, ended_at) where ended_at is not null`,
  // Analysis goes on counting what was archived: its rows no longer need the instance's, nor its tasks'.
  `alter table workflow.trace drop constraint trace_instance_id_fkey`,
  `alter table workflow.replay_case drop constraint replay_case_instance_id_fkey`,
  `alter table workflow.trace add column people integer`,
  `comment on column workflow.trace.people is '归档时记下的经办人数；未归档为空，由任务统计'`,
  `alter table workflow.visit add column claimed_at timestamptz, add column task_organisation_id text,
    add column candidate_role text`,
  `comment on column workflow.visit.claimed_at is '归档时记下的领取时间；未归档为空，由任务读取'`,
  `comment on column workflow.visit.task_organisation_id is '归档时记下的承办单位；未归档为空，由任务读取'`,
  `comment on column workflow.visit.candidate_role is '归档时记下的承办角色；未归档为空，由任务读取'`,
  `alter table workflow.batch drop constraint batch_operation_check`,
  `alter table workflow.batch add constraint batch_operation_check check (operation in ('retry', 'skip', 'cancel',
    'resolve', 'suspend', 'resume', 'terminate', 'archive'))`,
]

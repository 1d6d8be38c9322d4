import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `create table workflow.trace (
    instance_id     uuid primary key references workflow.instance (id),
    definition_id   uuid not null references workflow.definition (id),
    organisation_id text not null,
    version         integer not null,
    status          text not null check (status in ('running', 'completed', 'terminated')),
    path            text[] not null,
    variant         text not null,
    touches         integer not null,
    visits          integer not null,
    started_at      timestamptz not null,
    ended_at        timestamptz
  ) with (fillfactor = 70)`,
  `comment on table workflow.trace is '流程轨迹：每个实例一行，由步进事件推得，供分析使用，可随时重建'`,
  `comment on column workflow.trace.version is '已计入的步数，即实例的版本；重复的事件据此略过'`,
  `comment on column workflow.trace.path is '所经活动（任务类节点）的编号，按进入次序'`,
  `comment on column workflow.trace.variant is '路径的摘要：摘要相同即走法相同'`,
  `comment on column workflow.trace.touches is '人工经手次数：完成的人工任务数'`,
  `create index trace_definition on workflow.trace (definition_id, started_at)`,
  `create table workflow.visit (
    instance_id     uuid not null references workflow.trace (instance_id),
    seq             integer not null,
    definition_id   uuid not null,
    organisation_id text not null,
    node            text not null,
    nth             integer not null,
    entered_at      timestamptz not null,
    entered_version integer not null,
    left_at         timestamptz,
    left_version    integer,
    outcome         text check (outcome in ('left', 'cancelled')),
    left_by         text,
    task_id         uuid,
    primary key (instance_id, seq)
  ) with (fillfactor = 80)`,
  `comment on table workflow.visit is '节点停留：令牌每进入节点一次记一行'`,
  `comment on column workflow.visit.seq is '在该实例中的进入次序，从一起'`,
  `comment on column workflow.visit.nth is '该实例第几次进入此节点；大于一即返工'`,
  `comment on column workflow.visit.left_by is '使其离开的操作：start、complete、message、timer、fail、terminate 等'`,
  `create index visit_definition on workflow.visit (definition_id, node)`,
  `create table workflow.passage (
    instance_id     uuid not null references workflow.trace (instance_id),
    seq             integer not null,
    flow            text not null,
    definition_id   uuid not null,
    organisation_id text not null,
    set_out_at      timestamptz not null,
    arrived_at      timestamptz not null,
    primary key (instance_id, seq, flow)
  )`,
  `comment on table workflow.passage is '顺序流通过：由前一节点离开到后一节点进入；在汇合处即等候其他分支的时间'`,
  `create index passage_definition on workflow.passage (definition_id, flow)`,
  `create table workflow.step_ahead (
    instance_id uuid not null,
    version     integer not null,
    fact        jsonb not null,
    primary key (instance_id, version)
  )`,
  `comment on table workflow.step_ahead is '先到的步进事件：前一步尚未计入，暂存于此'`,
  `create table workflow.replay (
    id              uuid primary key,
    definition_key  text not null references workflow.process (key),
    from_id         uuid not null references workflow.definition (id),
    to_version      integer,
    target          jsonb not null,
    organisation_id text,
    requested_by    text not null,
    requested_for   text not null,
    status          text not null check (status in ('running', 'done', 'cancelled', 'failed')),
    total           integer not null,
    counts          jsonb not null,
    steps           bigint not null default 0,
    failure         text,
    created_at      timestamptz not null,
    ended_at        timestamptz
  )`,
  `comment on table workflow.replay is '重演：把已结的办件按草稿或另一版本重走一遍'`,
  `comment on column workflow.replay.organisation_id is '只含该单位的办件；为空则含全部'`,
  `comment on column workflow.replay.to_version is '对照的已部署版本；为空则为草稿'`,
  `create index replay_key on workflow.replay (definition_key, created_at)`,
  `create table workflow.replay_case (
    replay_id    uuid not null references workflow.replay (id) on delete cascade,
    instance_id  uuid not null references workflow.instance (id),
    outcome      text not null,
    node         text,
    recorded     text,
    code         text,
    primary key (replay_id, instance_id)
  )`,
  `comment on table workflow.replay_case is '重演结果：每个办件一行'`,
  `comment on column workflow.replay_case.node is '新模型中最先不同或停下的节点'`,
  `comment on column workflow.replay_case.recorded is '原办件在该处所到的节点'`,
  // A replay reads what was answered, long after the partial indexes of the runtime have let go of it.
  `create index message_consumed on workflow.message (consumed_by) where consumed_by is not null`,
  `create index job_answered on workflow.job (instance_id) where status in ('done', 'failed')`,
  // What ran before is read from the audit trail by a job, so that no start of a server waits for it.
  `insert into core.job (kind, key, payload, status, run_after, created_at)
    select 'workflow.project-history', '20261201T0500', '{}'::jsonb, 'waiting', now(), now()
    where exists (select from core.event where name = 'workflow.instance.stepped')`,
]

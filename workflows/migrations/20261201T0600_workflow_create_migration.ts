import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `create table workflow.migration (
    id              uuid primary key default gen_random_uuid(),
    definition_key  text not null references workflow.process (key),
    from_definition uuid not null references workflow.definition (id),
    to_definition   uuid not null references workflow.definition (id),
    mapping         jsonb not null,
    organisation_id text,
    status          text not null check (status in ('proposed', 'rehearsing', 'rehearsed', 'executing', 'done',
      'cancelled', 'failed', 'undoing', 'undone', 'archived')),
    reason          text not null,
    proposed_by     text not null,
    ordered_by      text not null,
    ordered_for     text not null,
    order_reason    text not null,
    orders          integer not null default 0,
    created_at      timestamptz not null,
    rehearsed_at    timestamptz,
    begun_at        timestamptz,
    ended_at        timestamptz,
    failure         text
  )`,
  `comment on table workflow.migration is '迁移方案：把运行中的实例由一个版本转到另一个版本'`,
  `comment on column workflow.migration.mapping is '节点对应：原版本节点编号到新版本节点编号，未列出的保持原编号'`,
  `comment on column workflow.migration.organisation_id is '只含该单位的实例；为空则含全部'`,
  `comment on column workflow.migration.ordered_by is '最近一次下令预演、执行或撤回的人'`,
  `comment on column workflow.migration.orders is '第几次下令，用作作业编号'`,
  `create index migration_key on workflow.migration (definition_key, created_at)`,
  `create table workflow.migration_instance (
    migration_id  uuid not null references workflow.migration (id),
    instance_id   uuid not null,
    outcome       text not null check (outcome in ('movable', 'blocked', 'gone', 'moved', 'stale', 'failed',
      'undone', 'kept')),
    waiting       boolean not null,
    nodes         text[] not null,
    verdict       text check (verdict in ('movable', 'blocked')),
    obstacles     jsonb not null,
    waits         jsonb not null,
    attempts      integer not null default 0,
    version_after integer,
    before        jsonb,
    moved_at      timestamptz,
    primary key (migration_id, instance_id)
  ) with (fillfactor = 80)`,
  `comment on table workflow.migration_instance is '迁移方案中的实例：预演的结论和执行、撤回的结果'`,
  `comment on column workflow.migration_instance.waiting is '当前作业尚未处理'`,
  `comment on column workflow.migration_instance.verdict is '最近一次演算：能否迁移，供按节点统计'`,
  `comment on column workflow.migration_instance.version_after is '迁移后实例的版本；此后有进展则不能撤回'`,
  `comment on column workflow.migration_instance.before is '迁移前的状态、任务、定时、订阅和作业，供撤回；归档后清空'`,
  `create index migration_instance_outcome on workflow.migration_instance (migration_id, outcome, instance_id)`,
  `create index migration_instance_waiting on workflow.migration_instance (migration_id, attempts, instance_id)
    where waiting`,
  `create index migration_instance_moved on workflow.migration_instance (instance_id, moved_at)
    where moved_at is not null`,
  `create index instance_running on workflow.instance (definition_id, id) where status = 'running'`,
  `alter table workflow.definition add column retired_at timestamptz`,
  `comment on column workflow.definition.retired_at is '停用时间；停用的版本不再启动新实例'`,
]

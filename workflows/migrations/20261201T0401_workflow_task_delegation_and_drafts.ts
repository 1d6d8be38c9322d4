import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `alter table workflow.task
    add column draft jsonb,
    add column draft_by text,
    add column drafted_at timestamptz,
    add constraint task_priority check (priority between 0 and 100)`,
  `comment on column workflow.task.owner is '委托人：委托他人办理期间与承办人不同，办好后由其完成'`,
  `comment on column workflow.task.priority is '优先级：0至100，数大者先办'`,
  `comment on column workflow.task.follow_up_at is '跟进日期的零时'`,
  `comment on column workflow.task.draft is '表单草稿：仅草稿人可读，完成、取消或退回后清除'`,
  `create index task_open_owner on workflow.task (owner) where status = 'claimed' and owner is not null`,
  `create index task_open_organisation on workflow.task (organisation_id, created_at, id)
    where status in ('open', 'claimed')`,
]

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `create table workflow.draft (
    id              uuid primary key default gen_random_uuid(),
    key             text not null,
    organisation_id text not null,
    definition_id   uuid references workflow.definition (id),
    files           jsonb not null,
    version         integer not null check (version > 0),
    created_by      text not null,
    created_at      timestamptz not null,
    changed_by      text not null,
    changed_at      timestamptz not null,
    unique (organisation_id, key)
  )`,
  `comment on table workflow.draft is '流程草稿：正在编辑的流程包，一个单位对一个流程只有一份'`,
  `comment on column workflow.draft.definition_id is '据以编辑的已部署版本；新流程为空'`,
  `comment on column workflow.draft.files is '流程包的文件：包内路径到全文'`,
  `comment on column workflow.draft.version is '每次保存加一，用于并发检查'`,
]

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`create schema if not exists service`.execute(db)
  for (const name of ['application_number', 'case_number', 'notice_number'])
    await sql`create sequence service.${sql.raw(name)}`.execute(db)
  await createItems(db)
  await createApplications(db)
  await createCases(db)
  await createFiles(db)
}

async function createItems(db: Kysely<any>): Promise<void> {
  await sql`
    create table service.item (
      id                 uuid primary key default gen_random_uuid(),
      item_code          text not null unique,
      organisation_id    text not null,
      state              text not null check (state in ('in-use', 'paused', 'cancelled')),
      current_version_id uuid not null,
      search             text not null
    )
  `.execute(db)
  await sql`comment on table service.item is '事项：一个机构实施清单中的一项，指向当前有效版本'`.execute(db)
  await sql`create index item_organisation on service.item (organisation_id)`.execute(db)
  await sql`
    create table service.item_version (
      id           uuid primary key,
      item_id      uuid not null references service.item (id) deferrable initially deferred,
      version      integer not null check (version > 0),
      content      jsonb not null,
      sha256       text not null,
      published_at timestamptz not null,
      published_by text not null,
      unique (item_id, version)
    )
  `.execute(db)
  await sql`comment on table service.item_version is '事项版本：发布后不再改变，办件终身引用提交时的版本'`.execute(
    db,
  )
}

async function createApplications(db: Kysely<any>): Promise<void> {
  await sql`
    create table service.application (
      id              uuid primary key default gen_random_uuid(),
      number          text unique,
      item_id         uuid not null references service.item (id),
      item_version_id uuid not null references service.item_version (id),
      applicant_id    text not null,
      drafted_by      text not null,
      status          text not null check (status in ('draft', 'submitted', 'expired')),
      version         integer not null default 1,
      questions       jsonb not null,
      scenario_id     text not null,
      answers         jsonb not null,
      prefill_notice  jsonb,
      receipt         jsonb,
      created_at      timestamptz not null,
      edited_at       timestamptz not null,
      expires_at      timestamptz not null,
      submitted_at    timestamptz,
      submitted_by    text,
      check (status <> 'submitted' or (number is not null and receipt is not null and submitted_at is not null))
    )
  `.execute(db)
  await sql`comment on table service.application is '申请：一次签署的内容，含情形答案、表单答案及其来源、回执'`.execute(
    db,
  )
  await sql`create index application_applicant on service.application (applicant_id, created_at desc, id)`.execute(
    db,
  )
  await sql`create index application_expiry on service.application (expires_at) where status = 'draft'`.execute(
    db,
  )
}

async function createCases(db: Kysely<any>): Promise<void> {
  await sql`
    create table service.item_case (
      id              uuid primary key default gen_random_uuid(),
      number          text not null unique,
      application_id  uuid not null references service.application (id),
      item_id         uuid not null references service.item (id),
      item_version_id uuid not null references service.item_version (id),
      applicant_id    text not null,
      organisation_id text not null,
      region_code     text not null,
      status          text not null,
      version         integer not null,
      flags           jsonb not null,
      branches        jsonb not null,
      submitted_at    timestamptz not null,
      received_on     date not null,
      intake_check    jsonb,
      accepted_on     date,
      accepted_by     text,
      outcome         text,
      outcome_reason  text,
      outcome_clause  text,
      decided_by      text,
      decided_on      date,
      competent_body  text,
      delivered_on    date,
      open_place      integer,
      unique (application_id, item_id),
      check (status <> 'decided' or (outcome is not null and decided_on is not null)),
      check (outcome <> 'refused' or (outcome_reason is not null and outcome_clause is not null))
    )
  `.execute(db)
  await sql`comment on table service.item_case is '办件：申请中的一个事项，有自己的状态、时钟和结果'`.execute(
    db,
  )
  await sql`comment on column service.item_case.open_place is '限额事项中该申请人第几件在办，办结后为空'`.execute(
    db,
  )
  await sql`
    create unique index item_case_quota on service.item_case (item_id, applicant_id, open_place)
      where open_place is not null
  `.execute(db)
  await sql`create index item_case_applicant on service.item_case (applicant_id, id)`.execute(db)
  await sql`
    create table service.case_participant (
      case_id         uuid not null references service.item_case (id),
      organisation_id text not null,
      role            text not null check (role in ('deciding', 'joint')),
      primary key (case_id, organisation_id)
    )
  `.execute(db)
  await sql`comment on table service.case_participant is '参与机构：办理或会同办理该办件的机构，只有它们能看到办件'`.execute(
    db,
  )
  await sql`
    create table service.queue_row (
      organisation_id text not null,
      case_id         uuid not null references service.item_case (id),
      role            text not null check (role in ('deciding', 'joint')),
      queue           text not null,
      status          text not null,
      flags           text[] not null,
      sort_at         timestamptz not null,
      due_on          date,
      item_id         uuid not null,
      region          text not null,
      applicant_key   text not null,
      title           text not null,
      primary key (organisation_id, case_id)
    )
  `.execute(db)
  await sql`comment on table service.queue_row is '办件队列：与办件同一事务写入，列表只读本表'`.execute(db)
  await sql`create index queue_row_all on service.queue_row (organisation_id, sort_at desc, case_id)`.execute(
    db,
  )
  await sql`
    create index queue_row_status on service.queue_row (organisation_id, status, sort_at desc, case_id)
  `.execute(db)
  await sql`
    create table service.correction (
      id          uuid primary key default gen_random_uuid(),
      case_id     uuid not null references service.item_case (id),
      number      text not null unique,
      issued_on   date not null,
      issued_at   timestamptz not null,
      due_on      date,
      points      jsonb not null,
      answered_at timestamptz
    )
  `.execute(db)
  await sql`comment on table service.correction is '一次性补正告知书：逐项对应字段或材料'`.execute(db)
  await sql`create index correction_case on service.correction (case_id, issued_at)`.execute(db)
  await sql`
    create table service.suspension (
      id            uuid primary key,
      case_id       uuid not null references service.item_case (id),
      reason        text not null,
      started_on    date not null,
      planned_until date not null check (planned_until >= started_on),
      ended_on      date
    )
  `.execute(db)
  await sql`comment on table service.suspension is '特别程序：暂停计时的原因、起止'`.execute(db)
  await sql`create unique index suspension_open on service.suspension (case_id, reason) where ended_on is null`.execute(
    db,
  )
  await sql`
    create table service.site_visit (
      id           uuid primary key default gen_random_uuid(),
      case_id      uuid not null references service.item_case (id),
      at           timestamptz not null,
      score        integer check (score between 0 and 100),
      passed       boolean,
      note         text,
      inspector_id text
    )
  `.execute(db)
  await sql`comment on table service.site_visit is '现场核查：安排与结果'`.execute(db)
  await sql`create index site_visit_case on service.site_visit (case_id, at)`.execute(db)
}

async function createFiles(db: Kysely<any>): Promise<void> {
  await sql`
    create table service.material (
      id             uuid primary key default gen_random_uuid(),
      application_id uuid not null references service.application (id),
      code           text not null,
      file_name      text not null,
      media_type     text not null,
      size_bytes     bigint not null check (size_bytes > 0),
      sha256         text not null,
      obtained_by    text not null,
      verdict        text check (verdict in ('ok', 'incorrect', 'incomplete', 'outdated', 'unreadable')),
      verdict_note   text,
      verdict_by     text,
      created_at     timestamptz not null,
      created_by     text not null,
      removed_at     timestamptz
    )
  `.execute(db)
  await sql`comment on table service.material is '材料：申请与内容的链接，内容按摘要只存一份'`.execute(db)
  await sql`create index material_application on service.material (application_id, code, created_at)`.execute(
    db,
  )
  await sql`create index material_sha256 on service.material (sha256)`.execute(db)
  await sql`
    create table service.notice (
      id           uuid primary key default gen_random_uuid(),
      case_id      uuid not null references service.item_case (id),
      kind         text not null,
      cause        text not null,
      number       text not null unique,
      body         jsonb not null,
      prepared_at  timestamptz not null,
      served_at    timestamptz,
      unique (case_id, kind, cause)
    )
  `.execute(db)
  await sql`comment on table service.notice is '文书：受理、补正、不予受理、暂停、决定等告知书及其送达'`.execute(
    db,
  )
}

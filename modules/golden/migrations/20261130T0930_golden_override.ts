import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table golden.override (
      id              uuid primary key default gen_random_uuid(),
      number          bigint generated always as identity unique,
      key             text collate "C" not null,
      name            text not null,
      field           text not null,
      element_code    text not null,
      label           jsonb not null,
      personal        boolean not null,
      value           text not null,
      reason          text not null,
      basis           text not null,
      evidence        text not null,
      expires_on      date not null,
      status          text not null check (status in ('proposed', 'in-force', 'withdrawn')),
      organisation_id text not null,
      requested_by    text not null,
      requested_at    timestamptz not null,
      confirmed_by    text,
      confirmed_at    timestamptz,
      withdrawn_by    text,
      withdrawn_at    timestamptz,
      check (confirmed_by is null or confirmed_by <> requested_by),
      check ((status = 'withdrawn') = (withdrawn_at is not null))
    )
  `.execute(db)
  await sql`comment on table golden.override is '人工修正：有理由、依据、佐证和失效日，高于各数源；内容不再更改，只改状态'`.execute(
    db,
  )
  await sql`comment on column golden.override.expires_on is '最后有效日'`.execute(db)
  await sql`comment on column golden.override.status is '持有证照的主体须第二人确认，确认前为 proposed'`.execute(
    db,
  )
  await sql`create index override_key on golden.override (key, field)`.execute(db)
  await sql`create index override_organisation on golden.override (organisation_id, number)`.execute(db)
  await sql`
    create table golden.correction_order (
      id              uuid primary key default gen_random_uuid(),
      number          bigint generated always as identity unique,
      override_id     uuid not null unique references golden.override (id),
      organisation_id text not null,
      opened_at       timestamptz not null,
      answer          text check (answer in ('will-correct', 'declined')),
      answer_text     text,
      answered_by     text,
      answered_at     timestamptz,
      check ((answer is null) = (answered_at is null))
    )
  `.execute(db)
  await sql`comment on table golden.correction_order is '数源更正工单：人工修正生效后，请法定数源单位核实答复'`.execute(
    db,
  )
  await sql`
    create index correction_order_organisation on golden.correction_order (organisation_id, number)
  `.execute(db)
  await sql`alter table golden.merge_run add column overrides jsonb not null default '[]'`.execute(db)
  await sql`comment on column golden.merge_run.overrides is '本次合并所用的人工修正，重算时照用'`.execute(db)
}

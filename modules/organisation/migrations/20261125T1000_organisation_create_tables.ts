import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`create schema if not exists organisation`.execute(db)
  await sql`
    create table organisation.person (
      id            uuid primary key default gen_random_uuid(),
      name          jsonb not null,
      registered_at timestamptz not null
    )
  `.execute(db)
  await sql`comment on table organisation.person is '自然人：工作人员、经办人和群众'`.execute(db)
  await sql`
    create table organisation.organisation (
      id             text primary key,
      name           jsonb not null,
      kind           text not null check (kind in ('government', 'body', 'enterprise', 'person')),
      parent_id      text references organisation.organisation (id) check (parent_id <> id),
      credit_code    text unique,
      region_code    text check (region_code ~ '^[0-9]{6}([0-9]{6})?$'),
      person_id      uuid unique references organisation.person (id),
      established_at timestamptz not null,
      check (kind <> 'enterprise' or credit_code is not null),
      check ((kind = 'person') = (person_id is not null))
    )
  `.execute(db)
  await sql`comment on table organisation.organisation is '单位与当事人：政府、部门、企业，以及以本人身份办事的个人'`.execute(
    db,
  )
  await sql`comment on column organisation.organisation.credit_code is '统一社会信用代码（GB 32100-2015），企业必填'`.execute(
    db,
  )
  await sql`comment on column organisation.organisation.person_id is '仅个人当事人有值，编号为 citizen:<自然人编号>'`.execute(
    db,
  )
  await sql`create index organisation_parent on organisation.organisation (parent_id, id)`.execute(db)
  await sql`
    create unique index organisation_sibling_name on organisation.organisation
      (coalesce(parent_id, ''), (name ->> 'zh')) where kind in ('government', 'body')
  `.execute(db)
  await sql`
    create table organisation.membership (
      person_id       uuid not null references organisation.person (id),
      organisation_id text not null references organisation.organisation (id),
      roles           text[] not null check (cardinality(roles) > 0),
      employed_at     timestamptz not null,
      dismissed_at    timestamptz,
      primary key (person_id, organisation_id)
    )
  `.execute(db)
  await sql`comment on table organisation.membership is '任职：某人在某单位担任的角色，离任后保留'`.execute(
    db,
  )
  await sql`create index membership_organisation on organisation.membership (organisation_id, person_id)`.execute(
    db,
  )
}

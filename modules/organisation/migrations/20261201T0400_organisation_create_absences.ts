import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `create table organisation.absence (
    id              uuid primary key default gen_random_uuid(),
    organisation_id text not null,
    person_id       uuid not null,
    substitute_id   uuid not null check (substitute_id <> person_id),
    from_on         date not null,
    until_on        date not null check (until_on >= from_on),
    recorded_by     text not null,
    recorded_at     timestamptz not null,
    ended_at        timestamptz,
    ended_by        text,
    foreign key (person_id, organisation_id) references organisation.membership (person_id, organisation_id),
    foreign key (substitute_id, organisation_id) references organisation.membership (person_id, organisation_id)
  )`,
  `comment on table organisation.absence is '离岗登记：某人在某单位离岗的日期，以及期间的代办人'`,
  `comment on column organisation.absence.substitute_id is '代办人：以自己的角色办理离岗人员已领取的任务，不因代办获得任何权限'`,
  `comment on column organisation.absence.until_on is '最后一天（含）'`,
  `comment on column organisation.absence.ended_at is '提前结束的时间；未提前结束则为空'`,
  `create index absence_substitute on organisation.absence (substitute_id, organisation_id, until_on)
    where ended_at is null`,
  `create index absence_organisation on organisation.absence (organisation_id, until_on, id)`,
]

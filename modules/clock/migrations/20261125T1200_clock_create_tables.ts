import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`create schema if not exists clock`.execute(db)
  await sql`
    create table clock.calendar (
      region       text not null,
      year         integer not null check (year between 1949 and 2999),
      version      integer not null check (version > 0),
      sha256       text not null,
      published_at timestamptz not null,
      primary key (region, year, version)
    )
  `.execute(db)
  await sql`comment on table clock.calendar is '工作日历：某地区某年公布的一版，只增不改'`.execute(db)
  await sql`
    create table clock.calendar_day (
      region  text not null,
      year    integer not null,
      version integer not null,
      date    date not null,
      work    boolean not null,
      name    text not null,
      source  text not null,
      primary key (region, year, version, date),
      foreign key (region, year, version) references clock.calendar (region, year, version)
    )
  `.execute(db)
  await sql`comment on table clock.calendar_day is '工作日历中与周一至周五不同的日子：节假日和调休上班日'`.execute(
    db,
  )
  await sql`
    create table clock.clock (
      id               uuid primary key default gen_random_uuid(),
      case_id          uuid not null,
      organisation_id  text not null,
      kind             text not null check (kind in ('intake', 'correction', 'legal', 'promised', 'node', 'tolerance',
                         'delivery', 'hearing-request', 'hearing', 'rating', 'complaint', 'bundle')),
      subject          text not null,
      limit_amount     integer not null check (limit_amount between 0 and 10000),
      limit_unit       text not null check (limit_unit in ('working-day', 'calendar-day', 'month')),
      region           text not null,
      rule_version     text not null check (rule_version in ('R1')),
      calendar_version text not null,
      state            text not null check (state in ('running', 'paused', 'stopped')),
      due_on           date,
      returns_on       date,
      announced        boolean not null,
      created_at       timestamptz not null,
      unique (case_id, kind, subject)
    )
  `.execute(db)
  await sql`comment on table clock.clock is '时限时钟：每个办件每类一个；状态和到期日由事件推算而来'`.execute(
    db,
  )
  await sql`comment on column clock.clock.returns_on is '未结束的暂停按计划恢复计时的日期'`.execute(db)
  await sql`comment on column clock.clock.announced is '当前到期日和最后事件是否已发出到期通知'`.execute(db)
  await sql`
    create index clock_due on clock.clock (due_on, id) where state = 'running' and not announced
  `.execute(db)
  await sql`create index clock_returning on clock.clock (returns_on, id) where state = 'paused'`.execute(db)
  await sql`create index clock_open on clock.clock (id) where state <> 'stopped'`.execute(db)
  await sql`
    create table clock.clock_event (
      seq             bigint generated always as identity primary key,
      clock_id        uuid not null references clock.clock (id),
      kind            text not null check (kind in ('start', 'pause', 'resume', 'extend', 'stop', 'void')),
      effective_on    date not null,
      span_id         text,
      reason          text,
      planned_until   date,
      days            integer check (days > 0),
      voids           bigint references clock.clock_event (seq),
      legal_basis_id  text,
      document_id     text,
      actor_id        text not null,
      recorded_at     timestamptz not null,
      check (kind not in ('pause', 'resume') or span_id is not null),
      check ((kind = 'extend') = (days is not null)),
      check ((kind = 'void') = (voids is not null))
    )
  `.execute(db)
  await sql`comment on table clock.clock_event is '时钟事件：只增不改，差错用作废事件更正'`.execute(db)
  await sql`comment on column clock.clock_event.effective_on is '生效日，决定计算结果；登记时间只作记录'`.execute(
    db,
  )
  await sql`create index clock_event_clock on clock.clock_event (clock_id, seq)`.execute(db)
}

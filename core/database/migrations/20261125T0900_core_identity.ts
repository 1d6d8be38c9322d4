import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`create schema if not exists core`.execute(db)
  await sql`
    create table core.account (
      id            uuid primary key default gen_random_uuid(),
      login         text not null unique check (login = lower(login) and length(login) between 2 and 64),
      person_id     uuid not null unique,
      audience      text not null check (audience in ('staff', 'public')),
      password_hash text not null,
      disabled_at   timestamptz,
      created_at    timestamptz not null
    )
  `.execute(db)
  await sql`comment on table core.account is '登录账号：每人一个，口令只存加盐摘要'`.execute(db)
  await sql`comment on column core.account.audience is 'staff 工作人员，public 群众和企业；决定会话闲置时限'`.execute(
    db,
  )
  await sql`
    create table core.session (
      token_sha256    text primary key,
      account_id      uuid not null references core.account (id),
      organisation_id text,
      created_at      timestamptz not null,
      last_seen_at    timestamptz not null,
      ended_at        timestamptz
    )
  `.execute(db)
  await sql`comment on table core.session is '登录会话：只存令牌摘要'`.execute(db)
  await sql`create index session_account on core.session (account_id) where ended_at is null`.execute(db)
  await sql`
    create table core.login_attempt (
      login_sha256   text primary key,
      failures       integer not null check (failures >= 0),
      last_failed_at timestamptz not null,
      locked_until   timestamptz
    )
  `.execute(db)
  await sql`comment on table core.login_attempt is '登录失败计数：无论账号是否存在，同样计数和锁定'`.execute(
    db,
  )
}

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`create schema if not exists certificate`.execute(db)
  await sql`
    create table certificate.series (
      organisation_id text not null,
      prefix          text not null,
      region          text not null check (region ~ '^[0-9]{6}$'),
      series          integer not null check (series between 1 and 9),
      last_number     integer not null check (last_number between 0 and 999999),
      primary key (organisation_id, prefix),
      unique (prefix, region, series)
    )
  `.execute(db)
  await sql`comment on table certificate.series is '证照编号序列：每个发证单位每类前缀一个，随业务事务取号，失败不占号'`.execute(
    db,
  )
  await sql`
    create table certificate.certificate (
      id                     uuid primary key default gen_random_uuid(),
      case_id                uuid not null,
      organisation_id        text not null,
      holder_organisation_id text not null,
      type                   text not null,
      title                  jsonb not null,
      number                 text not null unique,
      issuer                 jsonb not null,
      holder                 text not null,
      holder_code            text,
      claims                 jsonb not null,
      issued_on              date not null,
      valid_until            date check (valid_until >= issued_on),
      token                  text not null check (octet_length(token) <= 1200),
      state                  text not null check (state in ('active', 'suspended', 'revoked')),
      state_reason           text,
      state_on               date,
      pdf_sha256             text,
      created_at             timestamptz not null,
      unique (case_id, type),
      check (state = 'active' or (state_reason is not null and state_on is not null))
    )
  `.execute(db)
  await sql`comment on table certificate.certificate is '证照：每个办件每类一张，含签名的二维码内容和状态'`.execute(
    db,
  )
  await sql`comment on column certificate.certificate.token is '二维码携带的签名内容，不含身份号码'`.execute(
    db,
  )
  await sql`comment on column certificate.certificate.pdf_sha256 is '生成后的 PDF 摘要；尚未生成时为空'`.execute(
    db,
  )
  await sql`create index certificate_holder on certificate.certificate (holder_organisation_id, id)`.execute(
    db,
  )
}

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table catalog.source (
      id              uuid primary key,
      organisation_id text not null,
      title           text collate "C" not null,
      title_key       text not null,
      connection      jsonb not null,
      network         jsonb not null,
      secret          text,
      secret_key_id   text,
      reading         jsonb,
      watermark       jsonb,
      revision        integer not null default 0,
      registered_at   timestamptz not null,
      unique (organisation_id, title_key),
      check ((secret is null) = (secret_key_id is null))
    )
  `.execute(db)
  await sql`comment on table catalog.source is '数据源：每行是一个单位的一个数据库或接口，供其数据集读取'`.execute(
    db,
  )
  await sql`comment on column catalog.source.connection is '连接方式，不含口令等秘密'`.execute(db)
  await sql`comment on column catalog.source.network is '可连接的主机名单，以及管理员准许的内部网段'`.execute(
    db,
  )
  await sql`comment on column catalog.source.secret is '口令或密钥的密文（AES-256-GCM，绑定本数据源编号）'`.execute(
    db,
  )
  await sql`comment on column catalog.source.watermark is '增量水位：仅在发布版本的同一事务中写入'`.execute(
    db,
  )
  await sql`create index source_listing on catalog.source (title, id)`.execute(db)
}

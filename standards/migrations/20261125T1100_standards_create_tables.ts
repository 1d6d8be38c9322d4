import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`create schema if not exists standards`.execute(db)
  await sql`
    create table standards.standard (
      id              uuid primary key default gen_random_uuid(),
      kind            text not null check (kind in ('element', 'code-list', 'schema')),
      code            text not null,
      version         text not null check (version ~ '^[0-9]+[.][0-9]+[.][0-9]+$'),
      status          text not null check (status in ('draft', 'review', 'published', 'deprecated', 'retired')),
      organisation_id text not null,
      drafted_by      text not null,
      submitted_by    text,
      approved_by     text,
      drafted_at      timestamptz not null,
      published_at    timestamptz,
      remark          text,
      content         jsonb not null,
      search          tsvector not null,
      unique (kind, code, version),
      check (status in ('draft', 'review') or (approved_by is not null and approved_by is distinct from submitted_by
        and published_at is not null))
    )
  `.execute(db)
  await sql`
    comment on table standards.standard is '标准：数据元、代码集、数据集模式的每个版本一行，发布后内容不可更改'
  `.execute(db)
  await sql`
    create unique index standard_open on standards.standard (kind, code) where status in ('draft', 'review')
  `.execute(db)
  await sql`create index standard_search on standards.standard using gin (search)`.execute(db)
  await sql`
    create index standard_short_name on standards.standard ((content ->> 'shortName')) where kind = 'element'
  `.execute(db)
  await sql`
    create table standards.code_value (
      list_id   uuid not null references standards.standard (id) on delete cascade,
      code      text not null,
      parent    text,
      level     integer not null check (level between 1 and 9),
      ordinal   integer not null,
      name      jsonb not null,
      spellings text[] not null,
      owner     text,
      search    tsvector not null,
      primary key (list_id, code),
      foreign key (list_id, parent) references standards.code_value (list_id, code) deferrable initially deferred
    )
  `.execute(db)
  await sql`
    comment on table standards.code_value is '代码值：代码集中的一个代码，owner 有值者为本地扩展'
  `.execute(db)
  await sql`create index code_value_order on standards.code_value (list_id, ordinal)`.execute(db)
  await sql`create index code_value_search on standards.code_value using gin (search)`.execute(db)
  await sql`
    create table standards.pack (
      id        text primary key,
      sha256    text not null,
      loaded_at timestamptz not null
    )
  `.execute(db)
  await sql`comment on table standards.pack is '标准包：随平台发行、已载入的包及其内容摘要'`.execute(db)
  await createGuards(db)
}

/** Published content never changes, whoever asks: the second wall behind the use cases. */
async function createGuards(db: Kysely<any>): Promise<void> {
  await sql`
    create function standards.keep_published() returns trigger language plpgsql as $$
    begin
      if old.status in ('draft', 'review') then
        return case when tg_op = 'DELETE' then old else new end;
      end if;
      if tg_op = 'UPDATE'
        and new.status in ('published', 'deprecated', 'retired')
        and (new.id, new.kind, new.code, new.version, new.organisation_id, new.drafted_by, new.submitted_by, new.approved_by,
             new.drafted_at, new.published_at, new.content)
          is not distinct from
            (old.id, old.kind, old.code, old.version, old.organisation_id, old.drafted_by, old.submitted_by, old.approved_by,
             old.drafted_at, old.published_at, old.content)
      then
        return new;
      end if;
      raise exception 'STANDARDS_VERSION_IMMUTABLE' using errcode = 'GD001', detail = old.code || ' ' || old.version;
    end $$
  `.execute(db)
  await sql`
    create trigger standard_keep_published before update or delete on standards.standard
    for each row execute function standards.keep_published()
  `.execute(db)
  await sql`
    create function standards.keep_published_codes() returns trigger language plpgsql as $$
    declare
      value standards.code_value;
      list  standards.standard;
    begin
      if tg_op = 'DELETE' then value := old; else value := new; end if;
      select * into list from standards.standard where id = value.list_id;
      if list.status in ('published', 'deprecated', 'retired') and (value.owner is null or tg_op = 'UPDATE' and old.owner is null) then
        raise exception 'STANDARDS_VERSION_IMMUTABLE' using errcode = 'GD001', detail = list.code || ' ' || list.version;
      end if;
      return value;
    end $$
  `.execute(db)
  await sql`
    create trigger code_value_keep_published before insert or update or delete on standards.code_value
    for each row execute function standards.keep_published_codes()
  `.execute(db)
}

import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    alter table standards.standard
      add column in_force_from     date,
      add column in_force_to       date,
      add column retroactive_basis text,
      add column replaced_by       text,
      add column ended_because     text,
      add column deprecated_at     timestamptz,
      add column retired_at        timestamptz,
      add column revision          integer not null default 1,
      add check (in_force_to > in_force_from)
  `.execute(db)
  const comments = {
    in_force_from: '实施日期，与发布日期无关；已发布而为空者自始有效',
    in_force_to: '废止日期（当日起无效），空为未废止',
    retroactive_basis: '溯及既往的依据，空为不溯及既往',
    replaced_by: '代替本标准的标准编码',
    ended_because: '停用理由',
    deprecated_at: '停用时间',
    retired_at: '废止时间',
    revision: '草案修订号，每改一次加一',
  }
  for (const [column, comment] of Object.entries(comments))
    await sql`comment on column ${sql.ref(`standards.standard.${column}`)} is ${sql.lit(comment)}`.execute(db)
  await keepPublished(db)
}

/** Published content and its days of effect never change; the status only goes on. */
async function keepPublished(db: Kysely<any>): Promise<void> {
  await sql`
    create or replace function standards.keep_published() returns trigger language plpgsql as $$
    begin
      if old.status in ('draft', 'review') then
        return case when tg_op = 'DELETE' then old else new end;
      end if;
      if tg_op = 'UPDATE'
        and array_position(array['published', 'deprecated', 'retired'], new.status)
          >= array_position(array['published', 'deprecated', 'retired'], old.status)
        and (new.id, new.kind, new.code, new.version, new.organisation_id, new.drafted_by, new.submitted_by, new.approved_by,
             new.drafted_at, new.published_at, new.content, new.in_force_from, new.in_force_to, new.retroactive_basis)
          is not distinct from
            (old.id, old.kind, old.code, old.version, old.organisation_id, old.drafted_by, old.submitted_by, old.approved_by,
             old.drafted_at, old.published_at, old.content, old.in_force_from, old.in_force_to, old.retroactive_basis)
      then
        return new;
      end if;
      raise exception 'STANDARDS_VERSION_IMMUTABLE' using errcode = 'GD001', detail = old.code || ' ' || old.version;
    end $$
  `.execute(db)
}

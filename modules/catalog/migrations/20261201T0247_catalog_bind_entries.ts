import { type Kysely, sql } from 'kysely'

/** What the entries and the deliveries of a platform that runs already refer to. */
export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    insert into standards.dependency
      (user_kind, user_id, user_code, user_version, user_name, organisation_id, readers, place, used_kind, used_code)
    select 'entry', e.id::text, e.code, '', jsonb_build_object('zh', e.name, 'en', e.name), e.organisation_id,
      case when e.status <> 'published' then array[e.organisation_id] end, i.value ->> 'name', 'element',
      i.value ->> 'elementCode'
    from catalog.entry e
    cross join lateral jsonb_array_elements(e.items) i
    where e.status <> 'withdrawn' and i.value ->> 'elementCode' is not null
    on conflict do nothing
  `.execute(db)
  await sql`
    insert into standards.dependency
      (user_kind, user_id, user_code, user_version, user_name, organisation_id, place, used_kind, used_code)
    select 'grant', 'open:' || e.id, 'open:' || e.code, '',
      jsonb_build_object('zh', concat(e.name, '（向社会开放）'), 'en', concat(e.name, ' (open to the public)')),
      e.organisation_id, i.value ->> 'name', 'element', i.value ->> 'elementCode'
    from catalog.entry e
    cross join lateral jsonb_array_elements(e.items) i
    where e.status = 'published' and e.open and i.value ->> 'elementCode' is not null
    on conflict do nothing
  `.execute(db)
  await sql`
    insert into standards.dependency
      (user_kind, user_id, user_code, user_version, user_name, organisation_id, readers, place, used_kind, used_code)
    select 'grant', 'delivery:' || g.id, 'delivery:' || g.id, '',
      jsonb_build_object('zh', concat('回流到 ', g.collection), 'en', concat('delivery into ', g.collection)),
      g.organisation_id, array[g.organisation_id], g.collection, 'schema', d.schema_code
    from catalog.delivery g join catalog.dataset d on d.id = g.dataset_id
    where g.ended_at is null
    on conflict do nothing
  `.execute(db)
}

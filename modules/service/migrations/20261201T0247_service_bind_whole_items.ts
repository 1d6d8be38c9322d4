import { type Kysely, sql } from 'kysely'

/** What the items of a platform that runs already use, beside the elements of their forms. */
export async function up(db: Kysely<any>): Promise<void> {
  await sql`delete from standards.dependency where user_kind = 'item' or user_id like 'prefill:%'`.execute(db)
  await sql`
    insert into standards.dependency
      (user_kind, user_id, user_code, user_version, user_name, organisation_id, current, place, used_kind, used_code,
       used_values)
    select 'item', v.id::text, i.item_code, v.version::text, v.content -> 'name', v.content ->> 'organisationId',
      v.id = i.current_version_id, b.place, 'element', b.code, b.codes
    from service.item_version v
    join service.item i on i.id = v.item_id
    cross join lateral (
      select f.value ->> 'name' as place, f.value ->> 'elementCode' as code, o.codes
      from jsonb_array_elements(v.content -> 'form') f
      cross join lateral (
        select jsonb_agg(x.code order by x.code collate "C") as codes
        from (select distinct jsonb_array_elements(f.value -> 'options') ->> 'value' as code) x) o
      union all
      select concat('results.', coalesce(r.value ->> 'certificateType', r.value ->> 'kind'), '.', c.value),
        f.value ->> 'elementCode', o.codes
      from jsonb_array_elements(v.content -> 'results') r
      cross join lateral jsonb_array_elements_text(r.value -> 'claims') c
      join lateral jsonb_array_elements(v.content -> 'form') f on f.value ->> 'name' = c.value
      cross join lateral (
        select jsonb_agg(x.code order by x.code collate "C") as codes
        from (select distinct jsonb_array_elements(f.value -> 'options') ->> 'value' as code) x) o
      union all
      select concat('materials.', m.value ->> 'code'), e.value, null
      from jsonb_array_elements(v.content -> 'materials') m
      cross join lateral jsonb_array_elements_text(coalesce(m.value -> 'elements', '[]')) e
      union all
      select 'regionCode', 'DE00000025', jsonb_build_array(v.content ->> 'regionCode')
    ) b
    on conflict do nothing
  `.execute(db)
  await sql`
    insert into standards.dependency
      (user_kind, user_id, user_code, user_version, user_name, organisation_id, place, used_kind, used_code)
    select 'grant', 'prefill:' || i.item_code, 'prefill:' || i.item_code, v.version::text,
      jsonb_build_object('zh', concat(v.content -> 'name' ->> 'zh', '（按用途预填）'),
        'en', concat(v.content -> 'name' ->> 'en', ' (prefill for this purpose)')),
      v.content ->> 'organisationId', f.value ->> 'prefill', 'element', f.value ->> 'elementCode'
    from service.item i
    join service.item_version v on v.id = i.current_version_id
    cross join lateral jsonb_array_elements(v.content -> 'form') f
    where i.state <> 'cancelled' and f.value ->> 'prefill' is not null
    on conflict do nothing
  `.execute(db)
}

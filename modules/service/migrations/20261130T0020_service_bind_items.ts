import { type Kysely, sql } from 'kysely'

/** What the forms of the items of a platform that runs already refer to. */
export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    insert into standards.dependency
      (user_kind, user_id, user_code, user_version, user_name, organisation_id, current, place, used_kind, used_code)
    select 'item', v.id::text, i.item_code, v.version::text, v.content -> 'name', i.organisation_id,
      v.id = i.current_version_id, f.value ->> 'name', 'element', f.value ->> 'elementCode'
    from service.item_version v
    join service.item i on i.id = v.item_id
    cross join lateral jsonb_array_elements(v.content -> 'form') f
    on conflict do nothing
  `.execute(db)
}

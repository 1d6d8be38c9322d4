import { type Kysely, sql } from 'kysely'

/** What the datasets of a platform that runs already refer to. */
export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    insert into standards.dependency
      (user_kind, user_id, user_code, user_version, user_name, organisation_id, place, used_kind, used_code)
    select 'dataset', d.id::text, d.id::text,
      coalesce((select max(v.version) from catalog.dataset_version v where v.dataset_id = d.id), 0)::text,
      jsonb_build_object('zh', d.title, 'en', d.title), d.organisation_id, 'schema', 'schema', d.schema_code
    from catalog.dataset d
    on conflict do nothing
  `.execute(db)
}

import { type Kysely, sql } from 'kysely'

/** What the legal sources of a platform that runs already refer to. */
export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    insert into standards.dependency
      (user_kind, user_id, user_code, user_version, user_name, organisation_id, place, used_kind, used_code)
    select 'legal-source', l.element_code, l.element_code, '',
      jsonb_build_object('zh', '法定数源', 'en', 'legal source'), l.organisation_id, 'legal-source', 'element',
      l.element_code
    from golden.legal_source l
    on conflict do nothing
  `.execute(db)
}

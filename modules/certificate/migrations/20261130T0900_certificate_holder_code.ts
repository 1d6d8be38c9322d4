import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create index certificate_holder_code on certificate.certificate (holder_code) where holder_code is not null
  `.execute(db)
}

import { type Kysely, sql } from 'kysely'
import type { ProcessDefinition } from '../definition.ts'
import type { Pack } from '../pack.ts'
import { bindingsOf } from '../usage.ts'
import { mergedBindings as merged } from '../../standards/index.ts'

interface Row {
  readonly id: string
  readonly key: string
  readonly version: number
  readonly name: object
  readonly owner: string
  readonly current: boolean
  readonly compiled: ProcessDefinition
  readonly pack: Pack
}

/** What the processes of a platform that runs already use, their expressions too. */
export async function up(db: Kysely<any>): Promise<void> {
  await sql`delete from standards.dependency where user_kind = 'process'`.execute(db)
  const { rows } = await sql<Row>`
    select d.id::text as id, d.key, d.version, d.name, p.organisation_id as owner, d.compiled, d.pack,
      not exists (select from workflow.definition n where n.key = d.key and n.version > d.version) as current
    from workflow.definition d join workflow.process p on p.key = d.key
  `.execute(db)
  for (const row of rows) await bind(db, row)
}

async function bind(db: Kysely<any>, row: Row): Promise<void> {
  for (const { kind, code, place, values } of merged(bindingsOf(row.compiled, row.pack)))
    await sql`
      insert into standards.dependency
        (user_kind, user_id, user_code, user_version, user_name, organisation_id, current, place, used_kind,
         used_code, used_values)
      values ('process', ${row.id}, ${row.key}, ${String(row.version)}, ${JSON.stringify(row.name)}::jsonb,
        ${row.owner}, ${row.current}, ${place}, ${kind}, ${code},
        ${values === undefined ? null : JSON.stringify(values)}::jsonb)
      on conflict do nothing
    `.execute(db)
}

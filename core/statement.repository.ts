import { CompiledQuery, type Kysely } from 'kysely'
import { type Database, PREPARED } from './database.ts'

/**
 * One part of a statement: `name as (…)`, and the rows it reads, which stand for `$rows` in its text as one
 * JSON array. The text is written here in the source; what a user says is in the rows.
 */
export interface Part {
  readonly text: string
  readonly rows?: readonly object[]
}

/**
 * Runs the parts and what `select` makes of them as one statement, which is a transaction by itself where none
 * is open. Built as text, once prepared: the query builder would spend longer on it than the server.
 * The columns are named as they are in `select`.
 */
export async function run<Row>(
  db: Kysely<Database>,
  parts: readonly Part[],
  select: string,
): Promise<readonly Row[]> {
  const values: string[] = []
  const texts = parts.map(({ text, rows }) => {
    if (rows === undefined) return text
    values.push(JSON.stringify(rows))
    return text.replaceAll('$rows', `$${values.length}::jsonb`)
  })
  const withParts = texts.length === 0 ? '' : `with ${texts.join(',\n')}`
  const { rows } = await db
    .withoutPlugins()
    .executeQuery<Row>(CompiledQuery.raw(`${PREPARED} ${withParts} ${select}`, values))
  return rows
}

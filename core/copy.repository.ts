import { CompiledQuery, sql } from 'kysely'
import type { TransactionContext } from './context.ts'
import { COPIED } from './database.ts'
import { SingleSessionAdapter } from './database/postgres.ts'

/** A value as PostgreSQL writes it in text: a jsonb as JSON, an instant in ISO 8601. */
export type CopyValue = string | number | null

export interface CopyTarget {
  /** `schema.table` */
  readonly into: string
  /** PostgreSQL's type of each column given, by its name; names and types are written in code, never read. */
  readonly columns: Readonly<Record<string, string>>
}

/**
 * Adds rows to a table, their values in the order of the columns: by `COPY` on a server, which costs half of an insert,
 * and by one insert on the embedded database, whose socket knows no copying. All of them or none.
 */
export async function copyRows(
  ctx: TransactionContext,
  { into, columns }: CopyTarget,
  rows: readonly (readonly CopyValue[])[],
): Promise<void> {
  if (rows.length === 0) return
  const names = Object.keys(columns)
  if (ctx.db.getExecutor().adapter instanceof SingleSessionAdapter) {
    const lists = names.map((_, at) => sql`${rows.map((row) => row[at] ?? null)}::text[]`)
    const cells = Object.entries(columns).map(([name, type]) => sql`${sql.ref(name)}::${sql.raw(type)}`)
    await sql`
      insert into ${sql.table(into)} (${sql.join(names.map((name) => sql.ref(name)))})
      select ${sql.join(cells)} from unnest(${sql.join(lists)}) as given (${sql.join(names.map((name) => sql.ref(name)))})
    `.execute(ctx.db)
    return
  }
  const quoted = [into.split('.'), ...names.map((name) => [name])].map((parts) =>
    parts.map((part) => `"${part.replaceAll('"', '""')}"`).join('.'),
  )
  const statement = `${COPIED} copy ${String(quoted[0])} (${quoted.slice(1).join(', ')}) from stdin`
  await ctx.db.executeQuery(CompiledQuery.raw(statement, [Buffer.from(copyText(rows))]))
}

/** Lines of COPY's text format: what ends a cell, a line or a value early is written with a backslash. */
export function copyText(rows: readonly (readonly CopyValue[])[]): string {
  let text = ''
  for (const row of rows) {
    for (const [at, value] of row.entries()) {
      if (at > 0) text += '\t'
      text += value === null ? '\\N' : typeof value === 'number' ? String(value) : escaped(value)
    }
    text += '\n'
  }
  return text
}

const SPECIAL = /[\\\n\r\t]/g
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

const escaped = (text: string) => text.replace(SPECIAL, (sign) => ESCAPES[sign] ?? sign)

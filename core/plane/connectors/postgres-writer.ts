import type pg from 'pg'
import type { Row } from './connector.ts'
import { codeOf, errors } from './refusals.ts'
import {
  BATCH_TABLE,
  faultsOf,
  type HeldColumn,
  type Holds,
  type Position,
  requireFit,
  samePosition,
  START,
  type Target,
  type Writer,
  type Written,
} from './writer.ts'

/** What a text is cast to on its way into a column; without a length, which a cast would cut to in silence. */
const CASTS: Readonly<Record<Holds['family'], string>> = {
  text: 'text',
  integer: 'bigint',
  decimal: 'numeric',
  float: 'double precision',
  date: 'date',
  datetime: 'timestamp',
  boolean: 'boolean',
  other: 'text',
}

/** @throws CATALOG_SOURCE_COLLECTION_UNKNOWN, CATALOG_TARGET_MISMATCHED, CATALOG_SOURCE_WRITE_FAILED */
export async function openPostgresWriter(
  client: pg.Client,
  target: Target,
  signal: AbortSignal,
): Promise<Writer> {
  const { dataset, collection, columns } = target
  const key = columns.filter((column) => column.key).map(({ name }) => name)
  const quoted = (name: string) => client.escapeIdentifier(name)

  async function ask(text: string, values: readonly unknown[] = []): Promise<unknown[][]> {
    signal.throwIfAborted()
    try {
      return (await client.query<unknown[]>({ text, values: [...values], rowMode: 'array' })).rows
    } catch (error) {
      signal.throwIfAborted()
      throw errors.SOURCE_WRITE_FAILED({ collection, reason: codeOf(error) })
    }
  }

  const [table] = await ask(TABLE, [collection])
  if (!table) throw errors.SOURCE_COLLECTION_UNKNOWN({ collection })
  const [schema = '', relation = ''] = table.map(String)
  const into = `${quoted(schema)}.${quoted(relation)}`
  const batches = `${quoted(schema)}.${BATCH_TABLE}`
  const held = (await ask(COLUMNS, [collection])).map(heldColumn)
  const [unique] = await ask(UNIQUE, [collection, key])
  requireFit(collection, [
    ...faultsOf(columns, held),
    ...(unique?.[0] === true ? [] : [{ column: key.join(', '), reason: 'key' as const }]),
  ])
  const castOf = new Map(held.map(({ name, holds }) => [name, CASTS[holds.family]]))

  if ((await ask('select to_regclass($1)', [batches]))[0]?.[0] === null)
    await ask(`create table if not exists ${batches} (
      dataset text, collection text, version integer not null, next_version integer, next_key text,
      rows_written bigint not null, written_at timestamptz not null default now(), primary key (dataset, collection))`)

  /** Cells as one array of texts a column, so that a statement has as many values as the table columns. */
  const listsOf = (rows: readonly Row[], width: number) =>
    Array.from({ length: width }, (_, at) => rows.map((row) => row[at] ?? null))
  const from = (width: number) =>
    `unnest(${Array.from({ length: width }, (_, at) => `$${at + 1}::text[]`).join(', ')})
      as given(${Array.from({ length: width }, (_, at) => `c${at}`).join(', ')})`

  async function put({ upserts, deletes }: Written): Promise<void> {
    if (deletes.length > 0) {
      const same = key.map((name, at) => `old.${quoted(name)} = given.c${at}::${castOf.get(name)}`)
      await ask(
        `delete from ${into} old using ${from(key.length)} where ${same.join(' and ')}`,
        listsOf(deletes, key.length),
      )
    }
    if (upserts.length === 0) return
    const names = columns.map(({ name }) => name)
    const cells = names.map((name, at) => `given.c${at}::${castOf.get(name)}`)
    const rest = names.filter((name) => !key.includes(name))
    const set = rest.map((name) => `${quoted(name)} = excluded.${quoted(name)}`).join(', ')
    await ask(
      `insert into ${into} (${names.map(quoted).join(', ')}) select ${cells.join(', ')} from ${from(names.length)}
        on conflict (${key.map(quoted).join(', ')}) do ${set === '' ? 'nothing' : `update set ${set}`}`,
      listsOf(upserts, names.length),
    )
  }

  async function position(lock = ''): Promise<Position> {
    const [row] = await ask(
      `select version, next_version, next_key from ${batches} where dataset = $1 and collection = $2 ${lock}`,
      [dataset, collection],
    )
    return row
      ? { version: Number(row[0]), next: row[1] as number | null, cursor: row[2] as string | null }
      : START
  }

  return {
    position: () => position(),
    async write(rows, expected, to) {
      await ask('begin')
      try {
        await ask(
          `insert into ${batches} (dataset, collection, version, rows_written) values ($1, $2, 0, 0)
            on conflict do nothing`,
          [dataset, collection],
        )
        if (!samePosition(await position('for update'), expected)) throw errors.TARGET_MOVED({ collection })
        await put(rows)
        await ask(
          `update ${batches} set version = $3, next_version = $4, next_key = $5,
            rows_written = rows_written + $6, written_at = now() where dataset = $1 and collection = $2`,
          [dataset, collection, to.version, to.next, to.cursor, rows.upserts.length + rows.deletes.length],
        )
        await ask('commit')
      } catch (error) {
        if (!signal.aborted) await client.query('rollback').catch(() => undefined)
        throw error
      }
    },
  }
}

function heldColumn([name, declared, nullable, optional]: readonly unknown[]): HeldColumn {
  return {
    name: String(name),
    declared: String(declared),
    holds: holdsOf(String(declared)),
    nullable: nullable === true,
    optional: optional === true,
  }
}

const bits = (size: number) => ({
  family: 'integer' as const,
  least: -(2n ** BigInt(size - 1)),
  most: 2n ** BigInt(size - 1) - 1n,
})

function holdsOf(declared: string): Holds {
  const [, length] = /^character(?: varying)?\((\d+)\)$/.exec(declared) ?? []
  if (length !== undefined) return { family: 'text', length: Number(length) }
  const [, precision, scale] = /^numeric\((\d+),(-?\d+)\)$/.exec(declared) ?? []
  if (precision !== undefined)
    return { family: 'decimal', precision: Number(precision), scale: Number(scale) }
  if (/^timestamp(\(6\))? without time zone$/.test(declared)) return { family: 'datetime' }
  switch (declared) {
    case 'text':
    case 'character varying':
      return { family: 'text', length: null }
    case 'smallint':
      return bits(16)
    case 'integer':
      return bits(32)
    case 'bigint':
      return bits(64)
    case 'numeric':
      return { family: 'decimal', precision: null, scale: 0 }
    case 'double precision':
      return { family: 'float' }
    case 'date':
    case 'boolean':
      return { family: declared }
    default:
      return { family: 'other' }
  }
}

const WRITABLE = `
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
    and n.nspname || '.' || c.relname = $1`
const TABLE = `select n.nspname, c.relname ${WRITABLE}`
const COLUMNS = `
  select a.attname, format_type(a.atttypid, a.atttypmod), not a.attnotnull,
    not a.attnotnull or a.atthasdef or a.attidentity <> ''
  from pg_attribute a where a.attrelid = (select c.oid ${WRITABLE}) and a.attnum > 0 and not a.attisdropped
  order by a.attnum`
/** Whether a unique index names rows by exactly these columns. */
const UNIQUE = `
  select exists (
    select from pg_index i
    where i.indrelid = (select c.oid ${WRITABLE}) and i.indisunique and i.indisvalid and i.indimmediate
      and i.indpred is null and i.indexprs is null
      and (select array_agg(a.attname::text order by a.attname::text) from pg_attribute a
        where a.attrelid = i.indrelid and a.attnum = any ((i.indkey::int2[])[0:i.indnkeyatts - 1]))
        = (select array_agg(wanted order by wanted) from unnest($2::text[]) wanted))`

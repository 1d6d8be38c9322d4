import type { Connection as Client } from 'mysql2'
import type { Row } from './connector.ts'
import { codeOf, errors } from './refusals.ts'
import {
  BATCH_TABLE,
  faultsOf,
  type HeldColumn,
  type Holds,
  partsOf,
  type Position,
  requireFit,
  samePosition,
  START,
  type Target,
  type TargetFault,
  type Writer,
  type Written,
} from './writer.ts'

/** Values of one statement; the protocol counts them in 16 bits. */
const MAX_VALUES = 50_000
const MAX_ROWS = 1_000

/** @throws CATALOG_SOURCE_COLLECTION_UNKNOWN, CATALOG_TARGET_MISMATCHED, CATALOG_SOURCE_WRITE_FAILED */
export async function openMysqlWriter(
  client: Client,
  database: string,
  target: Target,
  signal: AbortSignal,
): Promise<Writer> {
  const { dataset, collection, columns } = target
  const key = columns.filter((column) => column.key).map(({ name }) => name)

  /** Prepared: the server gets values apart from the statement, whatever its mode. */
  async function ask(sql: string, values: readonly (string | number | null)[] = []): Promise<unknown[][]> {
    signal.throwIfAborted()
    try {
      return await new Promise((resolve, reject) => {
        client.execute({ sql, rowsAsArray: true }, [...values], (error, rows) => {
          if (error) reject(error)
          else resolve(Array.isArray(rows) ? (rows as unknown[][]) : [])
        })
      })
    } catch (error) {
      signal.throwIfAborted()
      throw errors.SOURCE_WRITE_FAILED({ collection, reason: codeOf(error) })
    }
  }

  const [table] = await ask(TABLE, [database, collection])
  if (!table) throw errors.SOURCE_COLLECTION_UNKNOWN({ collection })
  const known = await ask(COLUMNS, [database, collection])
  const held = known.map(heldColumn)
  requireFit(collection, [
    ...faultsOf(columns, held),
    // Nothing could be taken back there.
    ...(table[1] === 'InnoDB' ? [] : [{ column: '*', reason: 'type' as const, declared: String(table[1]) }]),
    ...keyFaults(key, known, await ask(INDEXES, [database, collection])),
  ])
  // A value that does not fit must be refused, not cut.
  await ask("set session sql_mode = concat(@@sql_mode, ',STRICT_ALL_TABLES')")
  const booleans = new Set(columns.flatMap(({ dataType }, at) => (dataType === 'boolean' ? [at] : [])))
  const wholes = new Set(held.flatMap(({ name, holds }) => (holds.family === 'integer' ? [name] : [])))

  if ((await ask(TABLE, [database, BATCH_TABLE])).length === 0)
    await ask(`create table if not exists ${BATCH_TABLE} (
      dataset varchar(64) character set ascii, collection varchar(255) character set utf8mb4 collate utf8mb4_bin,
      version int not null, next_version int, next_key text character set utf8mb4,
      rows_written bigint not null, written_at timestamp not null default current_timestamp on update current_timestamp,
      primary key (dataset, collection)) engine = InnoDB`)

  function cellsOf(row: Row): Row {
    return row.map((cell, at) => (cell !== null && booleans.has(at) ? (cell === 'true' ? '1' : '0') : cell))
  }

  async function put({ upserts, deletes }: Written): Promise<void> {
    const into = quoted(collection)
    // Compared as text, a whole number would be compared as a float.
    const cast = (name: string) => (wholes.has(name) ? 'cast(? as decimal(20, 0))' : '?')
    for (const part of partsOf(deletes, partSize(key.length))) {
      const one = `(${key.map(cast).join(', ')})`
      await ask(
        `delete from ${into} where (${key.map(quoted).join(', ')}) in (${part.map(() => one).join(', ')})`,
        part.flat(),
      )
    }
    const names = columns.map(({ name }) => name)
    const one = `(${names.map(() => '?').join(', ')})`
    const rest = names.filter((name) => !key.includes(name))
    const set = (rest.length > 0 ? rest : key).map((name) => `${quoted(name)} = values(${quoted(name)})`)
    for (const part of partsOf(upserts, partSize(names.length)))
      await ask(
        `insert into ${into} (${names.map(quoted).join(', ')}) values ${part.map(() => one).join(', ')}
          on duplicate key update ${set.join(', ')}`,
        part.flatMap(cellsOf),
      )
  }

  async function position(lock = ''): Promise<Position> {
    const [row] = await ask(
      `select version, next_version, next_key from ${BATCH_TABLE} where dataset = ? and collection = ? ${lock}`,
      [dataset, collection],
    )
    return row
      ? { version: Number(row[0]), next: row[1] as number | null, cursor: row[2] as string | null }
      : START
  }

  return {
    position: () => position(),
    async write(rows, expected, to) {
      await asked(client, 'start transaction')
      try {
        await ask(
          `insert ignore into ${BATCH_TABLE} (dataset, collection, version, rows_written) values (?, ?, 0, 0)`,
          [dataset, collection],
        )
        if (!samePosition(await position('for update'), expected)) throw errors.TARGET_MOVED({ collection })
        await put(rows)
        await ask(
          `update ${BATCH_TABLE} set version = ?, next_version = ?, next_key = ?, rows_written = rows_written + ?
            where dataset = ? and collection = ?`,
          [to.version, to.next, to.cursor, rows.upserts.length + rows.deletes.length, dataset, collection],
        )
        signal.throwIfAborted()
        await asked(client, 'commit')
      } catch (error) {
        if (!signal.aborted) await asked(client, 'rollback').catch(() => undefined)
        throw error
      }
    },
  }

  /** What cannot be prepared. */
  async function asked(connection: Client, sql: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      connection.query(sql, (error) => {
        if (error) reject(errors.SOURCE_WRITE_FAILED({ collection, reason: codeOf(error) }))
        else resolve()
      })
    })
  }
}

const quoted = (name: string) => `\`${name.replaceAll('`', '``')}\``
const partSize = (width: number) => Math.max(1, Math.min(MAX_ROWS, Math.floor(MAX_VALUES / width)))

/**
 * A row is found by a unique index over exactly the key, its texts told apart letter by letter; a second unique
 * index would let a row of another key be overwritten.
 */
function keyFaults(
  key: readonly string[],
  columns: readonly unknown[][],
  indexes: readonly unknown[][],
): TargetFault[] {
  const wanted = [...key].sort().join()
  const isKey = (parts: readonly unknown[][]) =>
    parts.every(([, , length]) => length === null) &&
    parts
      .map(([, name]) => String(name))
      .sort()
      .join() === wanted
  const names = [...new Set(indexes.map(([name]) => name))]
  const unique = names.map((name) => indexes.filter(([each]) => each === name))
  const faults: TargetFault[] = unique.some(isKey) ? [] : [{ column: key.join(', '), reason: 'key' }]
  for (const parts of unique.filter((each) => !isKey(each)))
    faults.push({ column: parts.map(([, name]) => String(name)).join(', '), reason: 'unique' })
  for (const [name, , , , collation] of columns)
    if (key.includes(String(name)) && typeof collation === 'string' && !/(^binary|_bin)$/.test(collation))
      faults.push({ column: String(name), reason: 'collation', declared: collation })
  return faults
}

function heldColumn([name, declared, nullable, optional]: readonly unknown[]): HeldColumn {
  return {
    name: String(name),
    declared: String(declared),
    holds: holdsOf(String(declared)),
    nullable: nullable === 'YES',
    optional: Number(optional) === 1,
  }
}

const SIZES: Readonly<Record<string, bigint>> = {
  tinyint: 8n,
  smallint: 16n,
  mediumint: 24n,
  int: 32n,
  bigint: 64n,
}

function holdsOf(declared: string): Holds {
  if (declared === 'tinyint(1)') return { family: 'boolean' }
  const [, type = '', sizes = ''] = /^(\w+)(?:\(([\d,]+)\))?/.exec(declared) ?? []
  const [first = 0, second = 0] = sizes.split(',').map(Number)
  const size = SIZES[type]
  if (size !== undefined)
    return declared.includes('unsigned')
      ? { family: 'integer', least: 0n, most: 2n ** size - 1n }
      : { family: 'integer', least: -(2n ** (size - 1n)), most: 2n ** (size - 1n) - 1n }
  if (type === 'char' || type === 'varchar') return { family: 'text', length: first }
  if (['text', 'mediumtext', 'longtext'].includes(type)) return { family: 'text', length: null }
  if (type === 'decimal') return { family: 'decimal', precision: first, scale: second }
  if (type === 'double') return { family: 'float' }
  if (type === 'date') return { family: 'date' }
  // Without fractions of a second, which a moment may have.
  if (declared === 'datetime(6)') return { family: 'datetime' }
  return { family: 'other' }
}

const TABLE = `
  select table_name, engine from information_schema.tables
  where table_schema = ? and table_name = ? and table_type = 'BASE TABLE'`
const COLUMNS = `
  select column_name, column_type, is_nullable,
    is_nullable = 'YES' or column_default is not null or extra like '%auto_increment%' or extra like '%GENERATED%',
    collation_name
  from information_schema.columns where table_schema = ? and table_name = ? order by ordinal_position`
const INDEXES = `
  select index_name, column_name, sub_part from information_schema.statistics
  where table_schema = ? and table_name = ? and non_unique = 0 order by index_name, seq_in_index`

import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openSource, type ServerConnection } from '../../core/plane/connectors/index.ts'
import { nothingPulled, pulledText } from '../../modules/ingest/pulling.ts'
import { SERVER } from '../support/database.ts'
import { accessTo } from '../support/sources.ts'
import { dropTable, givenTable, psql } from './data-peers.ts'
import { timed } from './load.ts'
import { WIDE, writeRegister } from './register.ts'
import type { BenchRow } from './row.ts'

const ROWS = 1_000_000
/** Each side runs so often, in turn, and its middle time counts. */
const TURNS = 3
const MARIADB = process.env['GDBOS_TEST_MARIADB']

/** A table of 1 M rows read from a source to the text of a batch, beside what the server's own client reads. */
export async function pull(folder: string): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  const file = join(folder, 'source.csv')
  await writeRegister(file, { rows: ROWS, columns: WIDE })
  if (SERVER === undefined) process.stderr.write('  PostgreSQL: skipped, DATABASE_URL names no server\n')
  else {
    await givenTable(file)
    const copy = () => psql("\\copy gdbos_bench.raw to '/dev/null' with (format csv)")
    try {
      rows.push(await beside('PostgreSQL', SERVER, 'gdbos_bench.raw', 'COPY … TO STDOUT', copy))
    } finally {
      await dropTable()
    }
  }
  if (MARIADB === undefined) process.stderr.write('  MariaDB: skipped, GDBOS_TEST_MARIADB names no server\n')
  else {
    const texts = WIDE.map(({ name }) => `${name} varchar(600)`).join(', ')
    await mysql(
      'drop database if exists gdbos_bench; create database gdbos_bench character set utf8mb4',
      `create table gdbos_bench.raw (${texts}) engine = myisam`,
      `load data local infile '${file}' into table gdbos_bench.raw character set utf8mb4
         fields terminated by ',' optionally enclosed by '"' ignore 1 lines`,
    )
    const select = () => mysql('select * from gdbos_bench.raw')
    try {
      rows.push(await beside('MariaDB', `${MARIADB}/gdbos_bench`, 'raw', 'a streaming select', select))
    } finally {
      await mysql('drop database gdbos_bench')
    }
  }
  await rm(file)
  return rows
}

async function beside(
  kind: string,
  server: string,
  collection: string,
  reference: string,
  read: () => Promise<unknown>,
): Promise<BenchRow> {
  const ours: number[] = []
  const theirs: number[] = []
  for (let turn = 0; turn < TURNS; turn++) {
    theirs.push((await timed(read)).ms)
    const pulled = await timed(() => pulledRows(server, collection))
    if (pulled.value !== ROWS) throw new Error(`${pulled.value} rows were read`)
    ours.push(pulled.ms)
  }
  return {
    name: `source pull of ${ROWS} × ${WIDE.length} from ${kind}`,
    value: Math.round(middle(ours)),
    unit: 'ms',
    reference,
    referenceValue: Math.round(middle(theirs)),
    ratio: middle(ours) / middle(theirs),
    target: '<= 2',
  }
}

const middle = (times: readonly number[]) =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0

async function pulledRows(server: string, collection: string): Promise<number> {
  const url = new URL(server)
  const kind = url.protocol === 'mysql:' ? 'mysql' : 'postgres'
  const connection: ServerConnection = {
    kind,
    host: url.hostname,
    port: Number(url.port || (kind === 'mysql' ? 3306 : 5432)),
    database: url.pathname.slice(1),
    user: decodeURIComponent(url.username),
    tls: false,
  }
  const access = accessTo(connection, decodeURIComponent(url.password))
  const session = await openSource(access, new AbortController().signal)
  const pulled = nothingPulled()
  const reading = {
    collection,
    columns: WIDE.map(({ name }) => name),
    keyColumns: ['person'],
    cursorColumn: null,
    overlap: 0,
    datasetId: '00000000-0000-4000-8000-000000000000',
  }
  for await (const _ of pulledText(session, reading, null, pulled));
  await session.close()
  return pulled.rows
}

const run = promisify(execFile)

/** Statements by the server's own client, whose answer goes nowhere. */
async function mysql(...statements: readonly string[]): Promise<void> {
  const { hostname, port, username, password } = new URL(String(MARIADB))
  const options = [
    '--quick',
    '--batch',
    '--local-infile=1',
    '-h',
    hostname,
    '-P',
    port || '3306',
    '-u',
    username,
  ]
  // The client writes to a file of its own choice: its answer must not pass through us.
  const script = `mysql "$@" > /dev/null`
  const given = ['-c', script, 'mysql', ...options, '-e', statements.join(';\n')]
  await run('sh', given, { env: { ...process.env, MYSQL_PWD: decodeURIComponent(password) } })
}

import { expect } from 'chai'
import mongoose from 'mongoose'
import mysql from 'mysql2/promise'
import { randomBytes } from 'node:crypto'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import pg from 'pg'
import {
  openSource,
  type Position,
  type Row,
  START,
  type Target,
  type TargetColumn,
  WRITE_ROWS,
} from '../../core/plane/connectors/index.ts'
import type { DataType } from '../../core/text/column.ts'
import { refusal } from '../support/refusal.ts'
import { accessTo, addressOf, connectionTo, type Server, skipWithoutServer } from '../support/sources.ts'

const SUFFIX = randomBytes(4).toString('hex')
const DATABASE = `gdbos_target_${SUFFIX}`
const NAME = `"; drop table firms; --`

/** A department's database, as its administrator sees it. */
interface Department {
  readonly collection: string
  /** Rows by key, every value as text. */
  rows(): Promise<Row[]>
  /** Version and cursor of the batch table, and the rows it counted. */
  batch(): Promise<unknown[]>
  /** A table whose columns do not fit, and what is said of each. */
  readonly misfit: string
  readonly faults: readonly string[]
  /** A row that the server itself refuses, and with which code. */
  readonly refused: { readonly row: Row; readonly reason: string } | null
  remove(): Promise<void>
}

const column = (name: string, dataType: DataType, changes: Partial<TargetColumn> = {}): TargetColumn => ({
  name,
  dataType,
  required: false,
  key: false,
  ...changes,
})
const COLUMNS = [
  column('area', 'text', { key: true, required: true, maxLength: 6 }),
  column('no', 'integer', { key: true, required: true }),
  column(NAME, 'text', { maxLength: 30 }),
  column('capital', 'money'),
  column('rate', 'number'),
  column('founded', 'date'),
  column('changed', 'datetime'),
  column('open', 'boolean'),
]
const FIRST: Row = [
  '350100',
  '9007199254740993',
  `a'b\\"c 𠮷`,
  '-5',
  '0.1',
  '2019-06-18',
  '2026-01-02 03:04:05',
  'true',
]
const SECOND: Row = ['350100', '2', null, null, null, null, null, null]
const at = (version: number, next: number | null = null, cursor: string | null = null): Position => ({
  version,
  next,
  cursor,
})

const prepare: Record<Server, () => Promise<Department>> = { postgres, mysql: mariadb, mongo }

for (const server of ['postgres', 'mysql', 'mongo'] as const)
  describe(`writing to a ${server} target`, () => {
    const never = new AbortController().signal
    let department: Department

    before(skipWithoutServer(server))
    before(async () => {
      department = await prepare[server]()
    })
    after(() => department?.remove())

    const target = (changes: Partial<Target> = {}): Target => ({
      dataset: 'one',
      collection: department.collection,
      columns: COLUMNS,
      ...changes,
    })

    async function open(given = target(), signal = never) {
      const session = await openSource(accessTo(connectionTo(server, DATABASE)), signal)
      try {
        const writer = await session.write?.(given)
        if (!writer) throw new Error('it cannot be written')
        return { writer, close: () => session.close() }
      } catch (error) {
        await session.close()
        throw error
      }
    }

    it('puts rows by their key, takes others away, and keeps the position beside them', async () => {
      const { writer, close } = await open()
      expect(await writer.position()).to.deep.equal(START)

      await writer.write({ upserts: [FIRST, SECOND], deletes: [] }, START, at(0, 1, '["350100","2"]'))
      expect(await department.rows()).to.deep.equal([SECOND, FIRST])
      const changed = ['350100', '2', 'b', '7', '-2.5', '2020-02-29', '1999-12-31 23:59:59', 'false']
      await writer.write(
        {
          upserts: [changed],
          deletes: [
            ['350100', '9007199254740993'],
            ['none', '1'],
          ],
        },
        at(0, 1, '["350100","2"]'),
        at(1),
      )

      expect(await department.rows()).to.deep.equal([changed])
      expect(await department.batch()).to.deep.equal([1, null, 5])
      await close()
      const again = await open()
      expect(await again.writer.position()).to.deep.equal(at(1))
      await again.close()
    })

    it('takes nothing from one that does not know where the target stands', async () => {
      const { writer, close } = await open()
      const before = await department.rows()

      const { code } = await refusal(writer.write({ upserts: [FIRST], deletes: [] }, START, at(9)))

      if (server === 'mongo') expect(code).to.match(/^CATALOG_(TARGET_MOVED|SOURCE_WRITE_FAILED)$/)
      else expect(code).to.equal('CATALOG_TARGET_MOVED')
      expect(await department.rows()).to.deep.equal(before)
      expect(await writer.position()).to.deep.equal(at(1))
      await close()
    })

    it('keeps two feeds apart, and takes as many rows as one transaction may have', async () => {
      const { writer, close } = await open(target({ dataset: 'two' }))
      const many = Array.from({ length: WRITE_ROWS }, (_, n): Row => ['many', String(n), ...SECOND.slice(2)])
      const count = (await department.rows()).length

      await writer.write({ upserts: many, deletes: [] }, START, at(3))
      expect(await department.rows()).to.have.length(count + WRITE_ROWS)
      await writer.write({ upserts: [], deletes: many.map((row) => row.slice(0, 2)) }, at(3), at(4))

      expect(await department.rows()).to.have.length(count)
      expect(await writer.position()).to.deep.equal(at(4))
      await close()
    })

    it('refuses columns that do not fit before the first row, each by its name', async () => {
      const { code, params } = await refusal(open(target({ collection: department.misfit })))

      expect(code).to.equal('CATALOG_TARGET_MISMATCHED')
      expect(params['columns']).to.equal(department.faults.join('; '))
    })

    it('refuses a table that is not there', async () => {
      const { code } = await refusal(open(target({ collection: 'no.such' })))

      expect(code).to.equal('CATALOG_SOURCE_COLLECTION_UNKNOWN')
    })

    it('gives a server that stopped answering up in time', async () => {
      const wire = await openWire(addressOf(server))
      const connection = { ...connectionTo(server, DATABASE), host: '127.0.0.1', port: wire.port }
      const session = await openSource(accessTo(connection), never, 3_000)
      const writer = await session.write?.(target({ dataset: 'stalled' }))
      if (!writer) throw new Error('it cannot be written')
      wire.cut()

      const { code, params } = await refusal(writer.write({ upserts: [FIRST], deletes: [] }, START, at(1)))

      expect([code, params['reason']]).to.deep.equal(['CATALOG_SOURCE_WRITE_FAILED', 'timeout'])
      await session.close()
      await wire.close()
    })

    it('takes back the whole batch when the server refuses one of its rows, and says no more than a code', async function () {
      if (department.refused === null) return
      const { writer, close } = await open()
      const before = await department.rows()
      const { row, reason } = department.refused

      const { code, params, messages } = await refusal(
        writer.write({ upserts: [FIRST, row], deletes: [] }, at(1), at(2)),
      )

      expect([code, params['reason']]).to.deep.equal(['CATALOG_SOURCE_WRITE_FAILED', reason])
      expect(JSON.stringify(messages)).not.to.contain('坏行')
      expect(await department.rows()).to.deep.equal(before)
      expect(await writer.position()).to.deep.equal(at(1))
      await writer.write({ upserts: [], deletes: [] }, at(1), at(2))
      await writer.write({ upserts: [], deletes: [] }, at(2), at(1))
      await close()
    })
  })

/** A line to a server, which can be cut without either end being told. */
async function openWire({ hostname: host, port }: URL) {
  let isCut = false
  const sockets: Socket[] = []
  const wire = createServer((near) => {
    const far = connect(Number(port), host)
    near.on('data', (data) => isCut || far.write(data))
    far.on('data', (data) => isCut || near.write(data))
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => undefined)
      one.on('close', () => other.destroy())
      sockets.push(one)
    }
  })
  await new Promise<void>((resolve) => wire.listen(0, '127.0.0.1', resolve))
  return {
    port: (wire.address() as AddressInfo).port,
    cut() {
      isCut = true
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => wire.close(resolve))
    },
  }
}

async function postgres(): Promise<Department> {
  const admin = new pg.Client({ connectionString: addressOf('postgres').href })
  await admin.connect()
  await admin.query(`create database ${DATABASE}`)
  const address = addressOf('postgres')
  address.pathname = `/${DATABASE}`
  const client = new pg.Client({ connectionString: address.href })
  await client.connect()
  const name = client.escapeIdentifier(NAME)
  await client.query(`create schema "登记"`)
  await client.query(`create table "登记"."Firms" (no bigint, area varchar(6), ${name} varchar(30), capital bigint,
    rate double precision, founded date, changed timestamp, open boolean, own text default 'x', primary key (area, no))`)
  await client.query(`create table misfit (area varchar(5) not null, no integer not null, capital numeric(10, 0),
    rate numeric(10, 2), founded text, changed timestamptz, open boolean not null, own text not null)`)
  return {
    collection: '登记.Firms',
    misfit: 'public.misfit',
    faults: [
      'area: length (character varying(5))',
      'no: range (integer)',
      `${NAME}: missing`,
      'capital: range (numeric(10,0))',
      'rate: range (numeric(10,2))',
      'changed: type (timestamp with time zone)',
      'open: null (boolean)',
      'own: unfilled',
      'area, no: key',
    ],
    refused: { row: ['坏行坏行坏行坏', '1', null, null, null, null, null, null], reason: '22001' },
    async rows() {
      const { rows } = await client.query<string[]>({
        text: `select area, no::text, ${name}, capital::text, rate::text, founded::text, changed::text, open::text
          from "登记"."Firms" order by area, no`,
        rowMode: 'array',
      })
      return rows
    },
    async batch() {
      const { rows } = await client.query<[number, string | null, string]>({
        text: `select version, next_key, rows_written from "登记".gdbos_delivery where dataset = 'one'`,
        rowMode: 'array',
      })
      return rows.flatMap(([version, cursor, written]) => [version, cursor, Number(written)])
    },
    async remove() {
      await client.end()
      await admin.query(`drop database ${DATABASE} with (force)`)
      await admin.end()
    },
  }
}

async function mariadb(): Promise<Department> {
  const { hostname: host, port, username: user, password } = addressOf('mysql')
  const admin = await mysql.createConnection({ host, port: Number(port), user, password, charset: 'utf8mb4' })
  await admin.query(`create database ${DATABASE} character set utf8mb4`)
  await admin.query(`use ${DATABASE}`)
  const name = `\`${NAME}\``
  // A server that would cut what does not fit.
  await admin.query("set global sql_mode = ''")
  await admin.query(`create table Firms (no bigint, area varchar(6) collate utf8mb4_bin, ${name} varchar(30),
    capital bigint, rate double, founded date, changed datetime(6), open tinyint(1), own text default 'x',
    primary key (area, no))`)
  await admin.query(`create table misfit (area varchar(5) not null, no int unsigned not null, capital decimal(10, 0),
    rate decimal(10, 2), founded text, changed datetime, open tinyint(1) not null, own int not null,
    unique (founded(20)), primary key (area, no))`)
  return {
    collection: 'Firms',
    misfit: 'misfit',
    faults: [
      'area: length (varchar(5))',
      'no: range (int(10) unsigned)',
      `${NAME}: missing`,
      'capital: range (decimal(10,0))',
      'rate: range (decimal(10,2))',
      'changed: type (datetime)',
      'open: null (tinyint(1))',
      'own: unfilled',
      'founded: unique',
      'area: collation (utf8mb4_general_ci)',
    ],
    refused: { row: ['坏行坏行坏行坏', '1', null, null, null, null, null, null], reason: 'ER_DATA_TOO_LONG' },
    async rows() {
      const [rows] = await admin.query({
        sql: `select area, cast(no as char), ${name}, cast(capital as char), cast(rate as char), cast(founded as char),
          date_format(changed, '%Y-%m-%d %H:%i:%s'), if(open is null, null, if(open, 'true', 'false'))
          from Firms order by area, no`,
        rowsAsArray: true,
      })
      return rows as unknown as Row[]
    },
    async batch() {
      const [rows] = await admin.query({
        sql: "select version, next_key, rows_written from gdbos_delivery where dataset = 'one'",
        rowsAsArray: true,
      })
      return (rows as unknown as unknown[][]).flat()
    },
    async remove() {
      await admin.query('set global sql_mode = default')
      await admin.query(`drop database ${DATABASE}`)
      await admin.end()
    },
  }
}

async function mongo(): Promise<Department> {
  const client = await mongoose.createConnection(addressOf('mongo').href, { dbName: DATABASE }).asPromise()
  await client.createCollection('firms')
  await client.collection('misfit').insertOne({ capital: 'much', open: 1, rate: null, founded: new Date(0) })
  return {
    collection: 'firms',
    misfit: 'misfit',
    faults: ['_id: type (ObjectId)', 'capital: type (string)', 'founded: type (date)', 'open: type (number)'],
    // A collection without a validator refuses nothing that was compared.
    refused: null,
    async rows() {
      const found = await client.collection('firms').find({}, { promoteLongs: false }).toArray()
      const rows = found.map((document) => {
        expect(document._id).to.deep.equal({ area: document['area'] as string, no: String(document['no']) })
        return COLUMNS.map(({ name }) => {
          const value = document[name] as unknown
          return value === null ? null : String(value)
        })
      })
      const order = (row: Row) => `${row[0]} ${row[1]?.padStart(20)}`
      return rows.sort((a, b) => (order(a) < order(b) ? -1 : 1))
    },
    async batch() {
      const found = await client.collection('gdbos_delivery').findOne({ '_id.dataset': 'one' } as never)
      return [found?.['version'], found?.['cursor'], found?.['rowsWritten']]
    },
    async remove() {
      await client.dropDatabase()
      await client.close()
    },
  }
}

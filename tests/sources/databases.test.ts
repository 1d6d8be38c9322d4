import { expect } from 'chai'
import mongoose from 'mongoose'
import mysql from 'mysql2/promise'
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import {
  type Cursor,
  discover,
  openSource,
  type Row,
  type ServerConnection,
  testSource,
} from '../../core/plane/connectors/index.ts'
import { nothingPulled, pulledText } from '../../modules/ingest/pulling.ts'
import { csvLine } from '../../core/text/csv.ts'
import { accessTo, addressOf, connectionTo, type Server, skipWithoutServer } from '../support/sources.ts'

const SUFFIX = randomBytes(4).toString('hex')
const DATABASE = `gdbos_source_${SUFFIX}`
const MANY = 10_000

interface Prepared {
  readonly collection: string
  readonly many: string
  /** Columns and rows of `collection` as text. */
  readonly columns: readonly string[]
  readonly rows: readonly Row[]
  readonly nullable: string
  readonly cursor: Cursor
  /** Watermark between the second and the third row, for the column of `cursor`. */
  readonly between: string
  readonly afterBetween: readonly Row[]
  remove(): Promise<void>
}

const prepare: Record<Server, () => Promise<Prepared>> = { postgres, mysql: mariadb, mongo }

for (const server of ['postgres', 'mysql', 'mongo'] as const)
  describe(`reading a ${server} source`, () => {
    const never = new AbortController().signal
    let prepared: Prepared
    let connection: ServerConnection

    before(skipWithoutServer(server))
    before(async () => {
      prepared = await prepare[server]()
      connection = connectionTo(server, DATABASE)
    })
    after(() => prepared?.remove())

    const open = (signal = never) => openSource(accessTo(connection), signal)

    async function rowsOf(collection: string, columns: readonly string[], cursor: Cursor | null = null) {
      const session = await open()
      const rows: Row[] = []
      for await (const batch of session.read({ collection, columns, cursor })) rows.push(...batch)
      await session.close()
      return rows
    }

    it('lists what may be read, with its columns', async () => {
      const session = await open()

      expect(await session.collections()).to.include.members([prepared.collection, prepared.many])
      expect((await session.columns(prepared.collection)).map(({ name }) => name)).to.deep.equal(
        prepared.columns,
      )
      await session.close()
    })

    it('gives every value as the text the source writes', async () => {
      expect(await rowsOf(prepared.collection, prepared.columns)).to.have.deep.members([...prepared.rows])
    })

    it('is pulled as the same text, whether its rows or the source’s own text are asked for', async () => {
      const { collection, columns, cursor, rows } = prepared
      const session = await open()
      const reading = {
        collection,
        columns,
        keyColumns: [],
        cursorColumn: cursor.column,
        overlap: 0,
        datasetId: '',
      }
      for (const kind of [session, { ...session, copy: undefined }]) {
        const { copy, ...others } = kind
        const pulled = nothingPulled()
        const pieces: Buffer[] = []
        for await (const piece of pulledText(copy ? kind : others, reading, null, pulled)) pieces.push(piece)

        const [header, ...lines] = [columns, ...rows].map(csvLine)
        expect(pieces.map(String).join('')).to.equal([header, ...lines].join(''))
        expect(pulled).to.deep.include({
          rows: rows.length,
          watermark: rows.at(-1)?.[columns.indexOf(cursor.column)],
          sample: rows.map((row) => row.map((cell) => cell ?? '')),
        })
      }
      await session.close()
      expect(session.copy !== undefined).to.equal(server !== 'mongo')
    })

    if (server !== 'mongo')
      it('waits for a slow reader of its text, and answers again afterwards', async () => {
        const session = await open()
        const collection = server === 'postgres' ? 'public.wide' : 'wide'
        for (let turn = 0; turn < 2; turn++) {
          let rows = 0
          for await (const piece of session.copy?.({ collection, columns: ['n', 'words'], cursor: null }) ??
            []) {
            rows += piece.rows
            await new Promise((resolve) => setTimeout(resolve, 20))
          }
          expect(rows).to.equal(MANY)
        }
        await session.close()
      })

    it('reads from a watermark on, itself included, in the cursor’s order, with the overlap before it', async () => {
      const { collection, columns, cursor, between, afterBetween, rows } = prepared

      const later = await rowsOf(collection, columns, { ...cursor, after: between, overlap: 0 })
      const overlapping = await rowsOf(collection, columns, {
        ...cursor,
        after: between,
        overlap: 86_400 * 365,
      })

      expect(later).to.deep.equal(afterBetween)
      expect(overlapping).to.have.length(rows.length)
    })

    it('refuses a cursor that may be null, is not there, or fell behind its watermark', async () => {
      const { collection, nullable, cursor } = prepared
      const session = await open()

      expect(await session.cursorFault(collection, nullable, null)).to.equal('nullable')
      expect(await session.cursorFault(collection, 'nowhere', null)).to.equal('unknown')
      expect(await session.cursorFault(collection, cursor.column, '2999-01-01T00:00:00Z')).to.equal(
        'decreasing',
      )
      expect(await session.cursorFault(collection, cursor.column, null)).to.equal(undefined)
      await session.close()
    })

    it('hands over a batch when asked, and ends at once when aborted', async () => {
      const stop = new AbortController()
      const session = await open(stop.signal)
      const [first = ''] = (await session.columns(prepared.many)).map(({ name }) => name)
      let taken = 0
      let error: unknown
      try {
        for await (const batch of session.read({
          collection: prepared.many,
          columns: [first],
          cursor: null,
        })) {
          taken += batch.length
          stop.abort()
        }
      } catch (thrown) {
        error = thrown
      }

      expect(taken).to.be.greaterThan(0).and.lessThan(MANY)
      expect(error).to.have.property('name', 'AbortError')
    })

    it('may be left in the middle of a reading', async () => {
      const session = await open()
      const [first = ''] = (await session.columns(prepared.many)).map(({ name }) => name)
      for await (const _ of session.read({ collection: prepared.many, columns: [first], cursor: null })) break
      await session.close()
      const copying = await open()
      const twice = { collection: prepared.many, columns: [first, first], cursor: null }
      for await (const _ of copying.copy?.(twice) ?? []) break
      await copying.close()

      expect(await rowsOf(prepared.many, [first])).to.have.length(MANY)
    })

    if (server === 'mysql')
      it('says that its connection was lost in the middle of a reading, by rows and by text', async () => {
        const { hostname: host, port, username: user, password } = addressOf('mysql')
        const admin = await mysql.createConnection({ host, port: Number(port), user, password })
        for (const kind of ['read', 'copy'] as const) {
          const session = await open()
          const request = { collection: 'wide', columns: ['n', 'words'], cursor: null }
          let error: unknown
          try {
            for await (const _ of session[kind]?.(request) ?? []) {
              const [reading] = await admin.query<mysql.RowDataPacket[]>(
                `select id from information_schema.processlist where db = ? and command = 'Query'`,
                [DATABASE],
              )
              for (const { id } of reading) await admin.query(`kill ${Number(id)}`)
            }
          } catch (thrown) {
            error = thrown
          }
          expect(error, kind).to.have.property('code', 'CATALOG_SOURCE_READ_FAILED')
        }
        await admin.end()
      })

    it('shows structure and masked samples', async () => {
      const session = await open()
      const found = await discover(session, prepared.collection)
      await session.close()

      const name = found.columns.find((column) => column.name === 'name')
      expect(found.sampledRows).to.equal(prepared.rows.length)
      expect(name).to.deep.include({ observedType: 'text', distinct: 3, nullRate: 0, candidateKey: true })
      expect(name?.samples.join()).to.include('*').and.not.include('好味来餐饮')
      expect(found.columns.find((column) => column.name === prepared.nullable)?.nullRate).to.be.greaterThan(0)
    })

    it('names the step of the test that fails, and never the secret', async () => {
      const secret = 'wrong-Pa55word'
      const attempt = async (changes: Partial<ServerConnection>, collection = prepared.collection) => {
        const result = await testSource(accessTo({ ...connection, ...changes }, secret), collection, never)
        const { failed, passed } = result
        expect(JSON.stringify([failed?.refusal.params, failed?.refusal.messages])).not.to.include(secret)
        return [passed.length, failed?.step, failed?.refusal.code]
      }
      const good = await testSource(accessTo(connection), prepared.collection, never)
      const closed = await testSource(
        { ...accessTo(connection), network: { hosts: [connection.host], permitted: [] } },
        null,
        never,
      )

      expect(good).to.deep.include({ passed: ['resolve', 'connect', 'login', 'read'], failed: null })
      expect(closed).to.deep.include({ passed: [] })
      expect(closed.failed?.refusal.code).to.equal('CATALOG_SOURCE_ADDRESS_REFUSED')
      expect(await attempt({ port: 1 })).to.deep.equal([1, 'connect', 'CATALOG_SOURCE_UNREACHABLE'])
      if (server !== 'mongo')
        expect(await attempt({ user: `nobody_${SUFFIX}` })).to.deep.equal([
          2,
          'login',
          'CATALOG_SOURCE_LOGIN_REFUSED',
        ])
      const unknown = await testSource(accessTo(connection), 'no.such', never)
      expect([unknown.failed?.step, unknown.failed?.refusal.code]).to.deep.equal([
        'read',
        'CATALOG_SOURCE_COLLECTION_UNKNOWN',
      ])
    })
  })

async function postgres(): Promise<Prepared> {
  const admin = new pg.Client({ connectionString: addressOf('postgres').href })
  await admin.connect()
  await admin.query(`create database ${DATABASE}`)
  const address = addressOf('postgres')
  address.pathname = `/${DATABASE}`
  const client = new pg.Client({ connectionString: address.href })
  await client.connect()
  await client.query(`create table "Firms" (
    code text primary key, name text not null, note text, capital numeric(12, 2),
    changed timestamptz not null, tags text[], raw bytea)`)
  await client.query(
    `insert into "Firms" values
      ('001', '好味来餐饮', null, 100.50, '2026-01-01 08:00+08', '{甲,"乙,丙"}', '\\x00ff'),
      ('002', 'a "b",c', 'x\ny', 0, '2026-01-02 08:00+08', null, null),
      ('003', '𠮷野家', '', 12345678.9, '2026-01-03 08:00+08', '{}', null)`,
  )
  await client.query(`create table many as select n from generate_series(1, ${MANY}) n`)
  await client.query(
    `create table wide as select n, repeat('词', 500) words from generate_series(1, ${MANY}) n`,
  )
  await client.end()
  const rows = [
    ['001', '好味来餐饮', null, '100.50', '2026-01-01 00:00:00+00', '{甲,"乙,丙"}', '\\x00ff'],
    ['002', 'a "b",c', 'x\ny', '0.00', '2026-01-02 00:00:00+00', null, null],
    ['003', '𠮷野家', '', '12345678.90', '2026-01-03 00:00:00+00', '{}', null],
  ]
  return {
    collection: 'public.Firms',
    many: 'public.many',
    columns: ['code', 'name', 'note', 'capital', 'changed', 'tags', 'raw'],
    rows,
    nullable: 'note',
    cursor: { column: 'changed', after: null, overlap: 0 },
    between: '2026-01-03 00:00:00+00',
    afterBetween: rows.slice(2),
    async remove() {
      await admin.query(`drop database ${DATABASE} with (force)`)
      await admin.end()
    },
  }
}

async function mariadb(): Promise<Prepared> {
  const { hostname: host, port, username: user, password } = addressOf('mysql')
  const admin = await mysql.createConnection({ host, port: Number(port), user, password, charset: 'utf8mb4' })
  await admin.query(`create database ${DATABASE} character set utf8mb4`)
  await admin.query(`use ${DATABASE}`)
  await admin.query("set time_zone = '+00:00'")
  await admin.query("set sql_mode = ''")
  await admin.query(`create table Firms (
    code char(3) primary key, name varchar(60) not null, note text, capital decimal(12, 2),
    changed datetime not null, founded date, raw varbinary(8), flag bit(1), share float, area double, seen timestamp(6) null,
    place varchar(20) character set latin1, old varchar(20) collate utf8mb4_unicode_ci) character set utf8mb4`)
  await admin.query(`insert into Firms values
    ('001', '好味来餐饮', null, 100.50, '2026-01-01 00:00:00', '0000-00-00', x'00ff', b'1', 0.1, 1e21, '2026-01-01 08:00:00.25', 'Zürich', '旧'),
    ('002', 'a "b",c', 'x\ny', 0, '2026-01-02 00:00:00', '2019-06-18', null, b'0', 16777217, 0.30000000000000004, null, 'a\u001fb', '"'),
    ('003', '𠮷野家', '', 12345678.9, '2026-01-03 00:00:00', null, null, null, null, null, null, null, '\u001f')`)
  await admin.query('create table many (n int primary key)')
  await admin.query(`insert into many select seq from seq_1_to_${MANY}`)
  await admin.query(`create table wide as select n, repeat('词', 500) words from many`)
  const rows = [
    [
      '001',
      '好味来餐饮',
      null,
      '100.50',
      '2026-01-01 00:00:00',
      '0000-00-00',
      '00FF',
      '1',
      '0.1',
      '1e21',
      '2026-01-01 08:00:00.250000',
      'Zürich',
      '旧',
    ],
    [
      '002',
      'a "b",c',
      'x\ny',
      '0.00',
      '2026-01-02 00:00:00',
      '2019-06-18',
      null,
      '0',
      '16777200',
      '0.30000000000000004',
      null,
      'a\u001fb',
      '"',
    ],
    [
      '003',
      '𠮷野家',
      '',
      '12345678.90',
      '2026-01-03 00:00:00',
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      '\u001f',
    ],
  ]
  return {
    collection: 'Firms',
    many: 'many',
    columns: 'code name note capital changed founded raw flag share area seen place old'.split(' '),
    rows,
    nullable: 'note',
    cursor: { column: 'changed', after: null, overlap: 0 },
    between: '2026-01-03 00:00:00',
    afterBetween: rows.slice(2),
    async remove() {
      await admin.query(`drop database ${DATABASE}`)
      await admin.end()
    },
  }
}

async function mongo(): Promise<Prepared> {
  const { Decimal128, Long, ObjectId } = mongoose.mongo
  const client = await mongoose.createConnection(addressOf('mongo').href, { dbName: DATABASE }).asPromise()
  const ids = ['65920080aaaaaaaaaaaaaaa1', '65920080aaaaaaaaaaaaaaa2', '65920080aaaaaaaaaaaaaaa3']
  const at = (day: number) => new Date(Date.UTC(2026, 0, day))
  await client.collection('firms').insertMany([
    {
      _id: new ObjectId(ids[0]),
      name: '好味来餐饮',
      place: { city: '福州', zip: null },
      tags: ['甲', { n: 1 }],
      capital: Decimal128.fromString('100.50'),
      changed: at(1),
    },
    { _id: new ObjectId(ids[1]), name: 'a "b",c', size: Long.fromString('9007199254740993'), changed: at(2) },
    { _id: new ObjectId(ids[2]), name: '𠮷野家', place: { city: '' }, tags: [], changed: at(3) },
  ])
  const numbers = Array.from({ length: MANY }, (_, n) => ({ _id: n as never }))
  await client.collection('many').insertMany(numbers)
  const columns = ['_id', 'name', 'place.city', 'place.zip', 'tags', 'capital', 'changed', 'size', '_extra']
  const day = (n: number) => at(n).toISOString()
  const rows = [
    [ids[0] ?? null, '好味来餐饮', '福州', null, '["甲",{"n":1}]', '100.50', day(1), null, null],
    [ids[1] ?? null, 'a "b",c', null, null, null, null, day(2), '9007199254740993', null],
    [ids[2] ?? null, '𠮷野家', '', null, '[]', null, day(3), null, null],
  ]
  return {
    collection: 'firms',
    many: 'many',
    columns,
    rows,
    nullable: 'capital',
    cursor: { column: 'changed', after: null, overlap: 0 },
    between: day(3),
    afterBetween: rows.slice(2),
    async remove() {
      await client.dropDatabase()
      await client.close()
    },
  }
}

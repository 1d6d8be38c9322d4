import { expect } from 'chai'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { DuckDBConnection } from '@duckdb/node-api'
import { readConfig } from '../../core/config.ts'
import { acceptedParts } from '../../core/plane/duckdb/accept.ts'
import { findRepeats, partsOf } from '../../core/plane/duckdb/judge.ts'
import type { Work } from '../../core/plane/duckdb/main.ts'
import { advanced, movementOf } from '../../core/plane/duckdb/movement.ts'
import { openSession } from '../../core/plane/duckdb/session.ts'
import type { JudgedColumn } from '../../core/plane/emitter/judge.ts'
import { openPlane } from '../../core/plane/open.ts'
import { type Plane, type PlaneProgress, selectAll, type Validated } from '../../core/plane/plane.ts'
import { spillLimitMb } from '../../core/plane/spill.ts'
import type { CompiledColumn } from '../../core/text/column.ts'
import { refusal } from '../support/refusal.ts'

const ROWS = 200_000

const column = (name: string): CompiledColumn => ({
  name,
  elementCode: 'DE00000001',
  elementVersion: '1.0.0',
  label: { zh: name, en: name },
  synonyms: [],
  dataType: 'text',
  required: false,
  role: 'attribute',
  severity: 'reject',
  normalisers: ['trim'],
  placeholders: [],
  nullWords: [],
  sqlType: 'varchar',
})

describe('memory and temporary space of a load', () => {
  let folder: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gdbos-memory-'))
  })
  after(() => rm(folder, { recursive: true, force: true }))

  it('refuses a load that needs more temporary space than it may use, and leaves nothing of it', async () => {
    const roomy = await openPlane({ folder, loadMemoryMb: 256 })
    const staged = await stage(roomy)
    await roomy.close()
    const before = await left()
    const small = await openPlane({ folder, loadMemoryMb: 80, spillMb: 16 })

    const refused = await refusal(validate(small, staged))

    expect(refused.code).to.equal('PLANE_SPILL_EXCEEDED')
    expect(await left()).to.deep.equal(before)
    expect([before.staging, await names('spill')]).to.deep.equal([[], []])
    await small.close()
    const spacious = await openPlane({ folder, loadMemoryMb: 512, spillMb: 1_024 })
    expect((await validate(spacious, staged)).counts.accepted).to.equal(ROWS)
    await spacious.close()
  })

  it('may spill what the configuration says, else half of what the disk has free', async () => {
    expect(readConfig({}, {}).planeSpillMb).to.equal(undefined)
    expect(readConfig({}, { GDBOS_PLANE_SPILL_MB: '300' }).planeSpillMb).to.equal(300)
    expect(() => readConfig({}, { GDBOS_PLANE_SPILL_MB: '1' })).to.throw('GDBOS_PLANE_SPILL_MB')
    expect(await spillLimitMb(folder, 300)).to.equal(300)
    expect(await spillLimitMb(folder, undefined)).to.be.greaterThan(63)
  })

  it('parts a register by its size alone, so that the same rows become the same bytes', () => {
    const size = (rows: number) => ({ rows, lastLine: rows + 1, width: 20, textBytes: 120 * rows })

    expect(partsOf(size(225_000))).to.deep.equal({
      rows: 225_000,
      lines: [[0, 1_333_333]],
      sorted: 1,
      digests: 1,
    })
    expect(partsOf(size(5_000_000))).to.deep.include({ sorted: 23, digests: 2 })
    expect(partsOf({ ...size(250_000), textBytes: 250_000 * 4_320 }).sorted).to.equal(9)
  })

  for (const ranges of [1, 2, 16, 17, 40])
    it(`writes a snapshot in ${ranges} ranges of its key as it would at once`, async () => {
      const { connection, work } = await session(`ranges-${ranges}`)
      await connection.run(`create table good as
        select i as _line, case when i % 7 = 0 then null else cast(hash(i) % 5000 as varchar) end as v0,
          case when i % 11 = 0 then null else date '2020-01-01' + cast(i % 9 as integer) end as v1, i::varchar as v2
        from range(20000) t(i)`)
      const key = ranges % 2 === 0 ? ['v0', 'v1'] : ['v0']
      const whole = await sorted(connection, work, key, 1)

      const parted = await sorted(connection, work, key, ranges)

      expect(parted).to.deep.equal(whole)
      connection.closeSync()
    })

  it('finds the same repetitions whether digests are compared at once or in parts', async () => {
    const { connection, work } = await session('digests')
    await connection.run(`create table good as select i as _line, cast(i % 900 as varchar) as v0, cast(i % 1800 as varchar) as v1
      from range(2000) t(i)`)
    const spec = { columns: keyed(['v0', 'v1']), primaryKey: ['v0', 'v1'] }
    const found = async (parts: number) => {
      await findRepeats(work, spec as never, parts)
      const reader = await connection.runAndReadAll('select _line, status from settled order by all')
      for (const table of ['twins', 'contenders', 'settled']) await connection.run(`drop table ${table}`)
      return reader.getRowsJson()
    }

    const once = await found(1)

    expect(once).to.have.length(200)
    expect(await found(7)).to.deep.equal(once)
    connection.closeSync()
  })

  it('joins the ranges of a wide register into one sorted file that every reader understands, and tells each', async () => {
    const plane = await openPlane({ folder, loadMemoryMb: 512 })
    const told: PlaneProgress[] = []
    // 500 columns of which two are filled: more cells than are sorted at once.
    const count = 14_000
    const lines = Array.from(
      { length: count },
      (_, at) => `${(at * 7_919) % count},${at}${','.repeat(498)}\n`,
    )
    const { sha256 } = await plane.stage({
      content: Readable.from([Buffer.from(lines.join(''))]),
      encoding: 'utf-8',
      delimiter: ',',
      skipRecords: 0,
      width: 500,
      maxRows: 1e6,
    })

    const wide = { ...given(sha256), header: Array.from({ length: 500 }, (_, at) => `h${at}`) }
    const givenUp = new AbortController()
    const cancelled = await refusal(
      plane.validate(wide, {
        signal: givenUp.signal,
        onProgress: ({ ranges }) => ranges && givenUp.abort(),
      }),
    )
    const leftBehind = await names('staging')
    const before = await names('snapshots')

    const { counts, snapshot } = await plane.validate(wide, { onProgress: (progress) => told.push(progress) })

    const rows = await selectAll(plane, {
      sources: [{ files: [snapshot?.sha256 ?? ''], columns: { key: 'key', text: 'text' } }],
    })
    expect(counts).to.deep.include({ read: count, accepted: count })
    expect(rows.map(({ key }) => key)).to.deep.equal(
      Array.from({ length: count }, (_, at) => String(at)).sort(),
    )
    expect(new Set(rows.map(({ text }) => text)).size).to.equal(count)
    await plane.verify(snapshot?.sha256 ?? '')
    await plane.close()
    expect([cancelled.code, leftBehind]).to.deep.equal(['PLANE_CANCELLED', []])
    expect(before).not.to.include(`${snapshot?.sha256}.parquet`)
    const ranges = told.flatMap(({ phase, rows, ranges }) => (ranges ? [{ phase, rows, ...ranges }] : []))
    expect(
      ranges.filter(({ done }, at) => done !== ranges[at - 1]?.done),
      'the quarantine, of one range, is left out',
    ).to.deep.equal([
      { phase: 'validate', rows: count, done: 1, of: 5 },
      { phase: 'compare', rows: count, done: 2, of: 5 },
      { phase: 'write', rows: count / 2, done: 4, of: 5 },
      { phase: 'write', rows: count, done: 5, of: 5 },
    ])
  })

  it('sees that a statement moves, so that a long one is not taken for one that stands still', async () => {
    const { connection } = await session('movement')
    const moved = movementOf([connection])
    await connection.run('create table long as select i from range(2000000) t(i)')
    await connection.run('create table short as select i from range(2000) t(i)')
    const shares: number[] = []
    moved()

    const timer = setInterval(() => {
      shares.push(...(moved()?.share === undefined ? [] : [connection.progress.percentage]))
      if (new Set(shares).size > 2) connection.interrupt()
    }, 5)
    const ended = await connection
      .run('select count(*) from long, short where long.i * short.i = -1')
      .catch((error: unknown) => error)
    clearInterval(timer)

    expect(String(ended)).to.include('INTERRUPT')
    expect(moved()).not.to.equal(undefined)
    expect(moved(), 'nothing runs any more').to.equal(undefined)
    connection.closeSync()
  })

  it('tells of a phase that is one statement never less than before, and nothing of one that is several', () => {
    const shares = [0.2, 0.7, 0.4, undefined, 0.9]
    const several: PlaneProgress = { phase: 'validate', rows: 0, bytes: 0 }
    let last: PlaneProgress = { phase: 'read', rows: 10, bytes: 0, share: 0 }

    const told = shares.map((share) => {
      last = advanced(last, share === undefined ? {} : { share })
      return last.share
    })

    expect(told).to.deep.equal([0.2, 0.7, 0.7, 0.7, 0.9])
    expect(advanced(several, { share: 0.9 })).to.equal(several)
  })

  const names = (name: string) => readdir(join(folder, name))

  async function left() {
    return { staging: await names('staging'), snapshots: (await names('snapshots')).sort() }
  }

  /** Rows in no order with long cells, so that sorting them takes far more than the smallest memory. */
  async function stage(plane: Plane): Promise<string> {
    const lines = Array.from(
      { length: ROWS },
      (_, at) => `${(at * 7_919) % ROWS},${String(at).padEnd(400, 'x')}\n`,
    )
    const { sha256 } = await plane.stage({
      content: Readable.from([Buffer.from(lines.join(''))]),
      encoding: 'utf-8',
      delimiter: ',',
      skipRecords: 0,
      width: 2,
      maxRows: 1e6,
    })
    return sha256
  }

  const given = (staged: string) => ({
    staged,
    delimiter: ',',
    header: ['key', 'text'],
    columns: [
      { ...column('key'), index: 0 },
      { ...column('text'), index: 1 },
    ],
    primaryKey: ['key'],
    datasetId: 'd',
    batchId: 'b',
    today: '2026-01-05',
  })

  const validate = (plane: Plane, staged: string): Promise<Validated> => plane.validate(given(staged))

  async function session(name: string) {
    const { connection } = await openSession({
      folder,
      spillFolder: join(folder, 'spill', `${process.pid}-${name}`),
      memoryMb: 256,
      spillMb: 256,
    })
    return { connection, work: { connection, folder } as Work }
  }

  const keyed = (all: readonly string[]): JudgedColumn[] =>
    all.map((name, index) => ({ ...column(name), index }))

  /** The rows of all parts, in their order. */
  async function sorted(connection: DuckDBConnection, work: Work, primaryKey: string[], ranges: number) {
    await connection.run('create or replace table settled as select 3::bigint as _line')
    const spec = { columns: keyed(['v0', 'v1', 'v2']), primaryKey, datasetId: 'd', batchId: 'b' }
    const rows: unknown[] = []
    const parts = { rows: 20_000, lines: [], sorted: ranges, digests: 1 }
    for await (const statement of acceptedParts(work, spec, parts, `ranges-${ranges}`))
      rows.push(...(await connection.runAndReadAll(statement)).getRowsJson())
    return rows
  }
})

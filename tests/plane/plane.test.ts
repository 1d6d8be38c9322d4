import { expect } from 'chai'
import { existsSync } from 'node:fs'
import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { openPlane, type PlaneOptions } from '../../core/plane/open.ts'
import { openSession } from '../../core/plane/duckdb/session.ts'
import { type Outline, type Plane, type SelectSpec, selectAll } from '../../core/plane/plane.ts'
import { refusal } from '../support/refusal.ts'

describe('the data plane', () => {
  let folder: string
  let plane: Plane
  let file: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gdbos-plane-'))
    plane = await open({})
    file = await stage(plane, 20_000)
  })
  after(async () => {
    await plane.close()
    await rm(folder, { recursive: true })
  })

  it('streams filtered, sorted and grouped rows of several files with where each comes from', async () => {
    const other = await stage(plane, 3, 'b')
    const columns = { number: 'c0', letter: 'c1' }

    const rows = await selectAll(plane, {
      sources: [
        { files: [file], name: 'first', columns },
        { files: [other], name: 'second', columns: { number: 'c0' } },
      ],
      where: [{ column: 'number', operator: 'in', values: ['1', '2'] }],
      orderBy: [{ column: 'number' }, { column: '_source', descending: true }],
    })
    const [counted] = await selectAll(plane, {
      sources: [{ files: [file], columns }],
      aggregates: { rows: { function: 'count' }, letters: { function: 'count-distinct', column: 'letter' } },
    })

    expect(rows).to.deep.equal([
      { _source: 'second', number: '1', letter: null },
      { _source: 'first', number: '1', letter: 'a1' },
      { _source: 'second', number: '2', letter: null },
      { _source: 'first', number: '2', letter: 'a2' },
    ])
    expect(counted).to.deep.equal({ rows: 20_000, letters: 20_000 })
  })

  it('takes values as values and names as names', async () => {
    const evil = `x' or 1=1; copy (select 1) to '/tmp/x' --`

    const none = await selectAll(plane, query({ where: [{ column: 'n', operator: '=', values: [evil] }] }))
    const unknown = await refusal(selectAll(plane, query({ orderBy: [{ column: 'n"; drop table x; --' }] })))
    const missing = await refusal(selectAll(plane, { sources: [{ files: [file], columns: { n: evil } }] }))

    expect(none).to.deep.equal([])
    expect([unknown.code, missing.code]).to.deep.equal(['PLANE_COLUMN_UNKNOWN', 'PLANE_COLUMN_UNKNOWN'])
  })

  it('lets a reader stop in the middle and goes on with the next query', async () => {
    for await (const row of plane.select(query({}))) {
      expect(row).to.have.property('n')
      break
    }

    expect(await selectAll(plane, query({ limit: 2 }))).to.have.length(2)
  })

  it('fails one query when the child dies, and no other', async () => {
    const reading = plane.select(query({}))[Symbol.asyncIterator]()
    await reading.next()
    for (const pid of await childrenOf()) process.kill(pid, 'SIGSEGV')

    const drained = async () => {
      while (!(await reading.next()).done);
    }

    expect((await refusal(drained())).code).to.equal('PLANE_QUERY_FAILED')
    expect(await selectAll(plane, query({ limit: 1 }))).to.have.length(1)
  })

  it('ends a query that takes too long or is given up', async () => {
    const hurried = await open({ queryTimeMs: 1 })
    const controller = new AbortController()
    controller.abort()
    try {
      expect((await refusal(selectAll(hurried, query({ orderBy: [{ column: 'n' }] })))).code).to.equal(
        'PLANE_TIME_EXCEEDED',
      )
      const cancelled = await refusal(selectAll(plane, query({}), { signal: controller.signal }))
      expect(cancelled.code).to.equal('PLANE_CANCELLED')
    } finally {
      await hurried.close()
    }
  })

  it('answers queries while looks into files go on, which have two minutes each', async () => {
    const rows = Buffer.from('{"a":"some text","b":12345}\n'.repeat(150_000))
    const busy = await open({})
    const others = await childrenOf()
    let ended = 0
    try {
      const looks = [1, 2].map(() => look(busy, rows).finally(() => (ended += 1)))
      const first = await until(async () => (await childrenOf()).find((pid) => !others.includes(pid)))
      // Held where it is, it goes on for as long as the query takes; the second waits for the first.
      process.kill(first, 'SIGSTOP')
      const answer = await selectAll(busy, query({ limit: 1 }))
      const endedBefore = ended
      process.kill(first, 'SIGCONT')
      await Promise.all(looks)

      expect([answer.length, endedBefore, ended]).to.deep.equal([1, 0, 2])
    } finally {
      await busy.close()
    }
    const hurried = await open({ outlineTimeMs: 1 })
    try {
      expect((await refusal(look(hurried, rows))).code).to.equal('PLANE_TIME_EXCEEDED')
    } finally {
      await hurried.close()
    }
  })

  it('ends a load that stands still, and no other that follows', async () => {
    const impatient = await open({ stallTimeMs: 500 })
    const others = await childrenOf()
    try {
      await stage(impatient, 3)
      const child = await until(async () => (await childrenOf()).find((pid) => !others.includes(pid)))
      process.kill(child, 'SIGSTOP')

      const stopped = await refusal(stage(impatient, 4))

      expect(stopped.code).to.equal('PLANE_LOAD_STALLED')
      expect(await childrenOf()).not.to.include(child)
      expect((await readdir(join(folder, 'staging'))).length).to.equal(0)
    } finally {
      await impatient.close()
    }
    expect(await stage(plane, 4)).to.match(/^[0-9a-f]{64}$/)
  })

  it('refuses a query that needs more memory than it may use', async () => {
    const small = await open({ queryMemoryMb: 16 })
    try {
      const large = await stage(plane, 400_000)
      const sources = [{ files: [large], columns: { n: 'c0', l: 'c1' } }]
      const error = await refusal(
        selectAll(small, {
          sources,
          groupBy: ['n', 'l'],
          aggregates: { all: { function: 'max', column: 'l' } },
        }),
      )
      expect(error.code).to.be.oneOf(['PLANE_MEMORY_EXCEEDED', 'PLANE_SPILL_EXCEEDED'])
      expect(await selectAll(small, query({ limit: 1 }))).to.have.length(1)
    } finally {
      await small.close()
    }
  })

  it('knows a missing and an altered file', async () => {
    const altered = await stage(plane, 5, 'altered')
    await plane.verify(altered)
    await appendFile(plane.snapshotPath(altered), 'x')

    expect((await refusal(plane.verify(altered))).code).to.equal('PLANE_FILE_CHECKSUM_DIFFERS')
    expect((await refusal(plane.verify('0'.repeat(64)))).code).to.equal('PLANE_FILE_MISSING')
    const absent = selectAll(plane, { sources: [{ files: ['0'.repeat(64)], columns: { n: 'c0' } }] })
    expect((await refusal(absent)).code).to.equal('PLANE_FILE_MISSING')
  })

  it('leaves no temporary file behind, whether it succeeds, fails or is given up', async () => {
    const controller = new AbortController()
    const giveUp = stage(plane, 300_000, 'c', controller.signal)
    controller.abort()

    expect((await refusal(giveUp)).code).to.equal('PLANE_CANCELLED')
    expect(await readdir(join(folder, 'staging'))).to.deep.equal([])
  })

  it('leaves none behind of a packed file either, though its child is killed while it reads', async () => {
    const packed = gzipSync(Array.from({ length: 400_000 }, (_, at) => `{"a":"${at * 7_919}"}\n`).join(''))
    const names = () => readdir(join(folder, 'staging'))

    const looking = refusal(look(plane, packed, true))
    while (!(await names()).some((name) => name.endsWith('.unpacked'))) await delay(5)
    const killed = await childrenOf()
    for (const pid of killed) process.kill(pid, 'SIGKILL')

    expect((await looking).code).to.equal('PLANE_QUERY_FAILED')
    // A child that rested died too: the next load shall not meet it before that is known.
    await until(async () => (killed.some((pid) => existsSync(`/proc/${pid}`)) ? undefined : true))
    expect(await names()).to.deep.equal([])
  })

  it('stops at the largest number of rows', async () => {
    const content = Readable.from([Buffer.from('a\n'.repeat(1_000))])
    const error = await refusal(
      plane.stage({ content, encoding: 'utf-8', delimiter: ',', skipRecords: 0, width: 1, maxRows: 999 }),
    )

    expect(error.code).to.equal('PLANE_FILE_TOO_LARGE')
  })

  it('locks DuckDB: no file, network, extension or setting is in reach', async () => {
    const { connection } = await openSession({
      folder,
      spillFolder: join(folder, 'spill', `${process.pid}-test`),
      memoryMb: 64,
      spillMb: 64,
    })
    const attempts = [
      "select * from read_text('/etc/passwd')",
      "copy (select 1) to '/tmp/gdbos-plane-escape.csv'",
      "select * from read_csv('http://127.0.0.1:1/x.csv')",
      'install httpfs',
      "load 'httpfs'",
      "attach '/tmp/gdbos-plane-escape.db'",
      'set enable_external_access = true',
      "set memory_limit = '8GB'",
      'reset lock_configuration',
    ]
    for (const attempt of attempts) {
      const failed = await connection.run(attempt).then(
        () => false,
        () => true,
      )
      expect(failed, attempt).to.equal(true)
    }
    connection.closeSync()
  })

  const query = (changes: Partial<SelectSpec>): SelectSpec => ({
    sources: [{ files: [file], columns: { n: 'c0' } }],
    ...changes,
  })

  function open(options: Partial<PlaneOptions>): Promise<Plane> {
    return openPlane({ folder, loadMemoryMb: 256, ...options })
  }

  async function until<T>(find: () => Promise<T | undefined>): Promise<T> {
    for (;;) {
      const found = await find()
      if (found !== undefined) return found
      await delay(5)
    }
  }

  function look(plane: Plane, content: Buffer, isGzip = false): Promise<Outline> {
    const table = { kind: 'ndjson', name: null } as const
    return plane.outline({ content: Readable.from([content]), isGzip, table })
  }

  async function stage(plane: Plane, rows: number, letter = 'a', signal?: AbortSignal): Promise<string> {
    const text = Array.from({ length: rows }, (_, line) => `${line},${letter}${line}`).join('\n')
    const { sha256 } = await plane.stage(
      {
        content: Readable.from([Buffer.from(text)]),
        encoding: 'utf-8',
        delimiter: ',',
        skipRecords: 0,
        width: 2,
        maxRows: 1e6,
      },
      signal ? { signal } : {},
    )
    return sha256
  }

  /** Processes of ours that run the plane's entry. */
  async function childrenOf(): Promise<number[]> {
    const pids = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8')
    const ours: number[] = []
    for (const pid of pids.trim().split(' ').map(Number)) {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      if (/duckdb.main\.[jt]s/.test(command) && command.includes(folder)) ours.push(pid)
    }
    return ours
  }
})

import { expect } from 'chai'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { withReceived } from '../../core/plane/duckdb/received.ts'
import { openPlane } from '../../core/plane/open.ts'
import { type Plane, selectAll, type Staged, type StageSpec } from '../../core/plane/plane.ts'
import { encode } from '../support/encode.ts'
import { refusal } from '../support/refusal.ts'

describe('staging a received file', () => {
  let folder: string
  let plane: Plane

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gdbos-stage-'))
    plane = await openPlane({ folder, loadMemoryMb: 256 })
  })
  after(async () => {
    await plane.close()
    await rm(folder, { recursive: true })
  })

  it('stores the same file whatever its encoding and its line ends, packed or not', async () => {
    const lines = ['编号,名称', '1,示例市新区', '2,王伟 ', '3,'].map((line) => `${line}\n`).join('')
    const windows = lines.replaceAll('\n', '\r\n')

    const { sha256, rows } = await stage(Buffer.from(lines))

    expect(rows).to.equal(3)
    for (const [content, encoding] of [
      [Buffer.from(`\uFEFF${windows}`), 'utf-8'],
      [encode(windows, 'gb18030'), 'gb18030'],
      [encode(lines, 'utf-16le'), 'utf-16le'],
      [encode(`\uFEFF${windows}`, 'utf-16be'), 'utf-16be'],
    ] as const) {
      expect((await stage(content, { encoding })).sha256, encoding).to.equal(sha256)
      expect((await stage(gzipSync(content), { encoding, isGzip: true })).sha256, encoding).to.equal(sha256)
    }
  })

  it('reads a file that looked simple at first by its records all the same, and keeps nothing else', async () => {
    const before = await names()
    const simple = Array.from({ length: 400_000 }, (_, at) => `${at},第${at}户\n`).join('')
    const content = encode(`号,名\n${simple}400000,"二\n行"\n`, 'gb18030')

    const { sha256, rows, faults } = await stage(content, { encoding: 'gb18030' })

    expect([rows, faults]).to.deep.equal([400_001, 0])
    expect(await names()).to.have.members([...before, `${sha256}.parquet`])
    const last = await selectAll(plane, {
      sources: [{ files: [sha256], columns: { line: '_line', name: 'c1' } }],
      where: [{ column: 'name', operator: 'in', values: ['二\n行'] }],
    })
    expect(last.map(({ line, name }) => [Number(line), name])).to.deep.equal([[400_002, '二\n行']])
  })

  it('sets what means nothing in its encoding aside, by its line', async () => {
    const content = Buffer.concat([
      encode('号,名\n1,', 'gb18030'),
      Buffer.from([0xff]),
      Buffer.from('\n2,b\n'),
    ])

    const { sha256 } = await stage(content, { encoding: 'gb18030' })

    const rows = await selectAll(plane, {
      sources: [{ files: [sha256], columns: { line: '_line', fault: '_fault', name: 'c1' } }],
    })
    expect(rows.map(({ line, fault, name }) => [Number(line), fault, name])).to.deep.equal([
      [2, 'bytes', null],
      [3, null, 'b'],
    ])
  })

  it('sets a row with empty cells too many aside, whatever stands beside it', async () => {
    for (const beside of ['3,d\n', '3,"d"\n']) {
      const { rows, faults } = await stage(Buffer.from(`号,名\n1,b,\n2,c\n${beside}`))

      expect([rows, faults], beside).to.deep.equal([3, 1])
    }
  })

  it('reads Windows line ends alike wherever a buffer of DuckDB cuts one', async () => {
    const lines = Array.from({ length: 600_000 }, (_, at) => `${at},name ${at % 1_000}\r\n`).join('')
    for (const title of ['a,b', 'aa,b', 'aaa,b']) {
      const { sha256, rows } = await stage(Buffer.from(`${title}\r\n${lines}`))
      const [counted] = await selectAll(plane, {
        sources: [{ files: [sha256], columns: { number: 'c0', name: 'c1' } }],
        aggregates: {
          numbers: { function: 'count-distinct', column: 'number' },
          names: { function: 'count-distinct', column: 'name' },
        },
      })

      expect([rows, Number(counted?.['numbers']), Number(counted?.['names'])]).to.deep.equal([
        ...[600_000, 600_000, 1_000],
      ])
    }
  })

  it('stops to unpack when it is given up', async () => {
    const token = `${process.pid}-given-up`
    const received = join(folder, 'staging', `${token}.received`)
    await writeFile(received, gzipSync('a,b\n'.repeat(1_000)))
    let used = false

    const giveUp = withReceived(
      { folder, interrupted: true, report: () => {} },
      token,
      { isGzip: true },
      () => {
        used = true
        return Promise.resolve()
      },
    )

    expect([(await refusal(giveUp)).code, used]).to.deep.equal(['PLANE_CANCELLED', false])
    await rm(received)
    expect(await readdir(join(folder, 'staging'))).to.deep.equal([])
  })

  it('keeps nothing of a file with more rows than it may have, though it was read meanwhile', async () => {
    const before = await names()
    const content = Buffer.from(Array.from({ length: 1_000 }, (_, at) => `${at},x${at}\n`).join(''))

    expect((await refusal(stage(content, { maxRows: 900 }))).code).to.equal('PLANE_FILE_TOO_LARGE')
    expect(await names()).to.have.members(before)
    expect(await readdir(join(folder, 'staging'))).to.deep.equal([])
  })

  function stage(content: Buffer, changes: Partial<StageSpec> = {}): Promise<Staged> {
    return plane.stage({
      content: Readable.from([content]),
      encoding: 'utf-8',
      delimiter: ',',
      skipRecords: 1,
      width: 2,
      maxRows: 1e6,
      ...changes,
    })
  }

  const names = () => readdir(join(folder, 'snapshots'))
})

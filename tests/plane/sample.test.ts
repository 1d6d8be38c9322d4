import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { openPlane } from '../../core/plane/open.ts'
import { type Plane, type SampleSpec } from '../../core/plane/plane.ts'
import { Reservoir } from '../../core/plane/reservoir.ts'
import { encode } from '../support/encode.ts'

const ROWS = 50_000

describe('sampling the rows of a whole file', () => {
  let folder: string
  let plane: Plane

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gdbos-sample-'))
    plane = await openPlane({ folder, loadMemoryMb: 512 })
  })
  after(async () => {
    await plane.close()
    await rm(folder, { recursive: true })
  })

  it('draws evenly from the beginning to the end, the same rows for the same seed and others for another', async () => {
    const rows = await drawn(register(), { seed: 7 })
    const again = await drawn(register(), { seed: 7 })
    const others = await drawn(register(), { seed: 8 })

    expect(rows).to.have.length(2_000)
    expect(again).to.deep.equal(rows)
    expect(others).not.to.deep.equal(rows)
    const places = rows.map(([number]) => Number(number))
    expect(new Set(places).size).to.equal(2_000)
    // Of each tenth of the file about a tenth of the sample: four standard deviations of 200 are 54.
    for (let tenth = 0; tenth < 10; tenth++) {
      const from = (tenth * ROWS) / 10
      const share = places.filter((at) => at >= from && at < from + ROWS / 10).length
      expect(share).to.be.within(146, 254)
    }
  })

  it('draws the same rows of a packed file, and reads quotes, other encodings and ragged rows as a load would', async () => {
    expect(await drawn(gzipSync(register()), { seed: 7, isGzip: true })).to.deep.equal(
      await drawn(register(), { seed: 7 }),
    )
    const odd = encode('號,名\r\n1,"逗,號"\r\n2\r\n3,"二\n行"\r\n\r\n4,末\r\n', 'big5')

    expect(await drawn(odd, { seed: 1, encoding: 'big5' })).to.deep.equal([
      ['1', '逗,號'],
      ['3', '二\n行'],
      ['4', '末'],
    ])
  })

  it('draws from JSON lines alike', async () => {
    const lines = Array.from({ length: 5_000 }, (_, at) => JSON.stringify({ n: String(at), x: '值' })).join(
      '\n',
    )
    const table = { kind: 'ndjson', name: '', fields: ['n', 'x'] } as const
    const spec = { seed: 3, skipRecords: 0, table }

    const rows = await drawn(Buffer.from(lines), spec)

    expect(rows).to.have.length(2_000)
    expect(rows.every(([number, x]) => Number(number) < 5_000 && x === '值')).to.equal(true)
    expect(rows.filter(([number]) => Number(number) >= 2_500).length).to.be.within(900, 1_100)
    expect(await drawn(Buffer.from(lines), spec)).to.deep.equal(rows)
  })

  it('leaves out a record that is too long to be kept', async () => {
    const rows = await drawn(Buffer.from(`a,b\n1,x\n2,${'y'.repeat(20_000)}\n3,z\n`), { seed: 1 })

    expect(rows).to.deep.equal([
      ['1', 'x'],
      ['3', 'z'],
    ])
  })

  const drawn = (content: Buffer, changes: Partial<SampleSpec> & { readonly seed: number }) =>
    plane.sample({
      content: Readable.from([content]),
      encoding: 'utf-8',
      delimiter: ',',
      skipRecords: 1,
      width: 2,
      maxRows: 1_000_000,
      count: 2_000,
      ...changes,
    })

  const register = () =>
    Buffer.from(`n,name\n${Array.from({ length: ROWS }, (_, at) => `${at},名${at}`).join('\n')}\n`)
})

describe('a reservoir', () => {
  it('keeps everything in order while there is room, and makes only what it keeps', () => {
    const kept = new Reservoir<number>(3, 1)
    let made = 0
    for (let at = 0; at < 1_000; at++) kept.offer(() => ((made += 1), at))
    const all = new Reservoir<number>(3, 1)
    for (const each of [5, 6]) all.offer(() => each)

    expect(all.items()).to.deep.equal([5, 6])
    expect(kept.items()).to.have.length(3)
    expect(kept.items()).to.deep.equal([...kept.items()].sort((a, b) => a - b))
    expect(made).to.be.below(40)
    expect(kept.seen).to.equal(1_000)
  })
})

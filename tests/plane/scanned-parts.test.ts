import { expect } from 'chai'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { openPlane } from '../../core/plane/open.ts'
import { type Plane, selectAll } from '../../core/plane/plane.ts'
import { refusal } from '../support/refusal.ts'

/** Of about 200 kB each, so that a few make more than one part of 64 MB; the middle one has a cell too many. */
const ROWS = 801
const CELL = '號'.repeat(66_000)

describe('a file that our own scanner reads, larger than a part', () => {
  let folder: string
  let plane: Plane

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gdbos-plane-'))
    plane = await openPlane({ folder, loadMemoryMb: 512 })
  })
  after(async () => {
    await plane.close()
    await rm(folder, { recursive: true })
  })

  function* records() {
    yield Buffer.from('id,text\n')
    for (let at = 0; at < ROWS; at++) yield Buffer.from(`${at},"${CELL}"${at === 400 ? ',x' : ''}\n`)
  }
  const staging = (maxRows: number) =>
    plane.stage({
      content: Readable.from(records()),
      ...{ encoding: 'utf-8', delimiter: ',', skipRecords: 1, width: 2, maxRows },
    })

  it('is staged with every record in its order and with its line', async () => {
    const { sha256, rows, faults } = await staging(ROWS)

    expect({ rows, faults }).to.deep.equal({ rows: ROWS, faults: 1 })
    const staged = await selectAll(plane, {
      sources: [{ files: [sha256], columns: { line: '_line', fault: '_fault', id: 'c0' } }],
    })
    expect(staged.map(({ line }) => Number(line))).to.deep.equal(
      Array.from({ length: ROWS }, (_, at) => at + 2),
    )
    expect(staged.map(({ id, fault }) => id ?? fault)).to.deep.equal(
      Array.from({ length: ROWS }, (_, at) => (at === 400 ? 'width' : String(at))),
    )
    expect(await readdir(join(folder, 'staging'))).to.deep.equal([])
  })

  it('is refused for too many rows though its first part is staged by then, and leaves nothing behind', async () => {
    expect(await refusal(staging(700))).to.include({ code: 'PLANE_FILE_TOO_LARGE' })

    expect(await readdir(join(folder, 'staging'))).to.deep.equal([])
  })
})

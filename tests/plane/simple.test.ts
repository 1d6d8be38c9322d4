import { expect } from 'chai'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simpleLines } from '../../core/plane/simple.ts'

/** What is read at once. */
const CHUNK_BYTES = 4 * 1_048_576

describe('a file of which each line is a record for any reader', () => {
  let folder: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gdbos-simple-'))
  })
  after(() => rm(folder, { recursive: true }))

  /** Lines up to one byte before the end of the first chunk, and then these. */
  async function linesOf(behind: string): Promise<number | undefined> {
    const path = join(folder, 'lines.csv')
    await writeFile(path, `${'a,b,c,d\n'.repeat(CHUNK_BYTES / 8).slice(0, -8)}a,b,c,d${behind}`)
    return simpleLines(path, () => false)
  }

  it('has its lines counted where a chunk cuts a character, and with or without a last line end', async () => {
    expect(await linesOf('号,e\nf\n')).to.equal(CHUNK_BYTES / 8 + 1)
    expect(await linesOf('号,e\nf')).to.equal(CHUNK_BYTES / 8 + 1)
  })

  it('is none with a mark of what could not be decoded, though a chunk cuts it', async () => {
    expect(await linesOf('\uFFFD\nf\n')).to.equal(undefined)
  })

  it('is none with a blank line, though a chunk ends before it', async () => {
    expect(await linesOf('\n\nf\n')).to.equal(undefined)
  })
})

import { expect } from 'chai'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LineEnd, simpleLines } from '../../core/plane/simple.ts'

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
    return (await seen(`${'a,b,c,d\n'.repeat(CHUNK_BYTES / 8).slice(0, -8)}a,b,c,d${behind}`)).count
  }

  async function seen(content: string): Promise<{ count: number | undefined; end: LineEnd | undefined }> {
    const path = join(folder, 'lines.csv')
    await writeFile(path, content)
    let end: LineEnd | undefined
    const spec = { delimiter: ',', width: 3, skipRecords: 1 } as const
    const count = await simpleLines(path, spec, {
      interrupted: () => false,
      began: (began) => {
        end = began
      },
    })
    return { count, end }
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

  it('may end its lines as Windows does, and begin with a byte order mark, but not end them in two ways', async () => {
    const lines = (count: number) => 'a,b,c\r\n'.repeat(count)
    /** The first chunk ends between the return and the line feed. */
    const cut = `${lines(CHUNK_BYTES / 7 - 1)}${'a'.repeat((CHUNK_BYTES % 7) + 6)}\r\n`

    expect(await seen(lines(2))).to.deep.equal({ count: 2, end: 'crlf' })
    expect(await seen(`\uFEFF${lines(2)}a,b,c`)).to.deep.equal({ count: 3, end: 'crlf' })
    expect(await seen(`${cut}${lines(1)}`)).to.deep.equal({
      count: Math.floor(CHUNK_BYTES / 7) + 1,
      end: 'crlf',
    })
    for (const mixed of [
      'a\r\nb\n',
      'a\nb\r\n',
      'a\rb\n',
      'a\rb\r\n',
      'a\r\nb\r',
      'a\r\n\r\nb\r\n',
      '\r\na\r\n',
    ])
      expect((await seen(mixed)).count, JSON.stringify(mixed)).to.equal(undefined)
    expect((await seen(`${cut}\r\n${lines(1)}`)).count).to.equal(undefined)
  })

  it('is none with an empty cell too many or too few at the end of a line, which another reader would overlook', async () => {
    expect((await seen('title,,,,\na,b,\n,,\na,b,c\nd,e,')).count).to.equal(5)
    for (const line of ['a,b,c,', 'a,b,,', 'a,'])
      for (const content of [`a,b,c\n${line}\n`, `a,b,c\n${line}`, `a,b,c\r\n${line}\r\nd,e,\r\n`])
        expect((await seen(content)).count, JSON.stringify(content)).to.equal(undefined)
  })
})

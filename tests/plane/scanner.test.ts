import { expect } from 'chai'
import fc from 'fast-check'
import { RecordScanner } from '../../core/plane/scanner.ts'
import { recordsOf } from '../../modules/ingest/layout.ts'

interface Scan {
  readonly text: string
  readonly rows: number
  readonly faults: number
}

describe('parting a file into records', () => {
  it('numbers records by their physical lines, quotes and blank lines included', () => {
    const { text } = scan('a,b\r\n1,2\r\n\r\n"x\ny",3\n4,5', { width: 2, skipRecords: 1 })

    expect(text).to.equal('2,,,1,2\n4,,"""x\ny"",3","x\ny","3"\n6,,,4,5\n')
  })

  it('sets ragged records aside with their raw line', () => {
    const { text, rows, faults } = scan('1,2\n3\n4,5,6\n', { width: 2 })

    expect(text).to.equal('1,,,1,2\n2,width,"3",,\n3,width,"4,5,6",,\n')
    expect({ rows, faults }).to.deep.equal({ rows: 3, faults: 2 })
  })

  it('sets records with undecodable bytes aside, and them alone', () => {
    const bytes = Buffer.concat([
      Buffer.from('1,好\n2,'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('\n3,\uFFFD\n4,好\n'),
    ])

    const { text, faults } = scan(bytes, { width: 2 })

    expect(text.split('\n').map((line) => line.split(',').slice(0, 2).join(' '))).to.deep.equal([
      '1 ',
      '2 bytes',
      '3 bytes',
      '4 ',
      '',
    ])
    expect(faults).to.equal(2)
  })

  it('gives an unclosed quote one line, not the rest of the file', () => {
    const { text, faults } = scan('1,"a\n2,b\n3,c\n', { width: 2 })

    expect(text).to.equal('1,quote,"1,""a",,\n2,,,2,b\n3,,,3,c\n')
    expect(faults).to.equal(1)
  })

  it('finds the same records however the stream is cut', () => {
    const cell = fc.oneof(fc.constantFrom('1', '好', 'a"b', ''), fc.string({ maxLength: 4 }))
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 40 }),
        (rows, size) => {
          const file = rows.map((cells) => cells.map(written).join(',')).join('\n')

          expect(scan(file, { width: 3, size })).to.deep.equal(scan(file, { width: 3 }))
        },
      ),
    )
  })

  it('agrees with the preview about records', () => {
    const cell = fc.constantFrom('1', '好', '"a,b"', '"x ""y"""', 'a"b', '"多\n行"', '', ' ', '"z"t')
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 30 }),
        (rows) => {
          const file = rows.map((cells) => cells.join(',')).join('\n')

          const { rows: scanned, faults } = scan(file, { width: 2 })

          const records = recordsOf(file, ',', true)
          expect({ scanned, faults }).to.deep.equal({
            scanned: records.length,
            faults: records.filter(({ length }) => length !== 2).length,
          })
        },
      ),
    )
  })
})

function scan(
  input: string | Buffer,
  { width, skipRecords = 0, size = 1 << 20 }: { width: number; skipRecords?: number; size?: number },
): Scan {
  const parts: Buffer[] = []
  const scanner = new RecordScanner({
    delimiter: ',',
    width,
    skipRecords,
    write: (bytes) => parts.push(bytes),
  })
  const bytes = Buffer.from(input as string)
  for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.subarray(at, at + size), false)
  scanner.push(Buffer.alloc(0), true)
  return { text: Buffer.concat(parts).toString(), rows: scanner.rows, faults: scanner.faults }
}

const written = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

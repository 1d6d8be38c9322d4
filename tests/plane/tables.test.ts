import { expect } from 'chai'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { openPlane } from '../../core/plane/open.ts'
import { openSession } from '../../core/plane/duckdb/session.ts'
import { type Outline, type Plane, type PlaneRow, selectAll, type TableKind } from '../../core/plane/plane.ts'
import { openTable } from '../../core/plane/tables/open.ts'
import { numberForm, serialText } from '../../core/plane/tables/serial.ts'
import { refusal } from '../support/refusal.ts'
import { workbook } from '../support/workbook.ts'
import { zip } from '../support/zip.ts'

describe('tables that are no delimited text', () => {
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

  const BOOK = workbook({
    shared: ['甲 公司', '说明'],
    sheets: [
      { name: '封面', rows: [] },
      {
        name: '企业',
        hidden: [4],
        merges: ['A1:F1', 'A3:A4'],
        rows: [
          ['企业名录'],
          ['名称', '代码', '成立', '更新', '金额', '在业'],
          [
            { shared: 0 },
            { number: '123', style: 'six' },
            { number: '43831', style: 'day' },
            { number: '43831.5', style: 'instant' },
            { number: '0.30000000000000004' },
            { truth: true },
          ],
          [
            null,
            { number: '00100', style: 'text' },
            { number: '59', style: 'own' },
            null,
            { formula: 'A1*2', value: '1,000.50' },
            null,
          ],
          [],
          ['乙', '0013', { number: '61', style: 'day' }, '2020-01-01', { number: '12345678901234567' }],
        ],
      },
    ],
  })

  it('shows the sheets of a workbook, the first that holds anything, and its hidden rows', async () => {
    const found = await outline(BOOK, 'workbook')

    expect(found).to.deep.include({
      tables: [
        { name: '封面', isEmpty: true },
        { name: '企业', isEmpty: false },
      ],
      name: '企业',
      fields: null,
      hiddenRows: 1,
    })
    expect(found.rows.map(({ line }) => line)).to.deep.equal([1, 2, 3, 4, 6])
    expect(found.rows[0]).to.deep.include({ cells: Array(6).fill('企业名录'), isSpread: true })
  })

  it('reads cells as a person sees them: dates by the calendar, text as text, merged cells filled', async () => {
    const rows = await staged(BOOK, 'workbook', 6, { skipRecords: 2 })

    expect(rows.map((row) => Object.values(row))).to.deep.equal([
      ['甲 公司', '000123', '2020-01-01', '2020-01-01 12:00:00', '0.3', 'true'],
      ['甲 公司', '00100', '1900-02-28', null, '1,000.50', null],
      ['乙', '0013', '1900-03-01', '2020-01-01', '12345678901234567', null],
    ])
  })

  it('counts days from 1904 where the workbook does', async () => {
    const sheets = [
      {
        name: 'S',
        rows: [
          [
            { number: '0', style: 'day' },
            { number: '42369', style: 'day' },
          ],
        ],
      },
    ] as const

    const [row] = await staged(workbook({ sheets, is1904: true }), 'workbook', 2)

    expect(Object.values(row ?? {})).to.deep.equal(['1904-01-01', '2020-01-01'])
    expect([serialText(60, false), serialText(0.75, false), serialText(2_958_465, false)]).to.deep.equal([
      '1900-02-29',
      '18:00:00',
      '9999-12-31',
    ])
    expect([serialText(0, false), serialText(-1, false), serialText(2_958_466, false)]).to.deep.equal(
      Array(3).fill(undefined),
    )
    expect(
      ['General', '0.00E+00', '#,##0.00;[Red]-#,##0.00', '"day"0', 'yyyy\\-mm', '[h]:mm', '@', '0000'].map(
        (code) => numberForm(164, code),
      ),
    ).to.deep.equal(['plain', 'plain', 'plain', 'plain', 'date', 'date', 'text', { digits: 4 }])
  })

  it('flattens records, keeps lists as JSON and every digit of a number', async () => {
    const document = `\uFEFF{"code": 0, "data": {"total": 2, "items": [
      {"id": 12345678901234567890, "名": {"全称": "甲\\"]", "简称": null}, "价": 1.50, "tags": [1.0, "x", {"y": []}]},
      {"id": 2, "更": true, "名": {"全称": ""}}, 7, {"id": 3, "id2": "\\ud800"}]}, "other": [{"z": 1}]}`

    const found = await outline(Buffer.from(document), 'json')
    const rows = await staged(Buffer.from(document), 'json', 7, { name: 'data.items', fields: found.fields })

    expect(found.tables.map(({ name }) => name)).to.deep.equal(['data.items', 'other'])
    expect(found.fields).to.deep.equal(['id', '名.全称', '名.简称', '价', 'tags', '更', 'id2'])
    expect(rows.map((row) => Object.values(row))).to.deep.equal([
      ['12345678901234567890', '甲"]', null, '1.50', '[1.0,"x",{"y":[]}]', null, null],
      ['2', null, null, null, null, 'true', null],
      Array(7).fill(null),
      Array(7).fill(null),
    ])
  })

  it('reads JSON lines one by one: a broken one is a rejected row, not the end', async () => {
    const lines = ['{"a":1,"b":"x"}', '', '{"a":2', '{"b":"z","a":[]}'].join('\r\n')

    const rows = await staged(gzipSync(lines), 'ndjson', 2, {
      fields: ['a', 'b'],
      isGzip: true,
      faults: true,
    })

    expect(rows.map((row) => Object.values(row))).to.deep.equal([
      [1, null, '1', 'x'],
      [3, 'record', null, null],
      [4, null, '[]', 'z'],
    ])
  })

  it('casts every column of a Parquet file to exact text', async () => {
    const path = join(folder, 'given.parquet')
    const { connection } = await openSession({
      folder,
      spillFolder: join(folder, 'spill', 'x'),
      memoryMb: 256,
      spillMb: 256,
    })
    await connection.run(`copy (select '007' as code, 1.50::decimal(9, 2) as money, 0.1::float as share,
      9007199254740993::bigint as big, date '2020-02-29' as day, timestamptz '2020-01-01 08:00:00+08' as at,
      [1, 2] as list, true as yes, '' as nothing) to '${path}' (format parquet)`)
    const file = await readFile(path)

    const found = await outline(file, 'parquet')
    const [row] = await staged(file, 'parquet', 9)

    expect(found.fields).to.deep.equal([
      'code',
      'money',
      'share',
      'big',
      'day',
      'at',
      'list',
      'yes',
      'nothing',
    ])
    expect(Object.values(row ?? {})).to.deep.equal([
      '007',
      '1.50',
      '0.1',
      '9007199254740993',
      '2020-02-29',
      '2020-01-01 00:00:00+00',
      '[1,2]',
      'true',
      null,
    ])
  })

  it('refuses what is cut, damaged, out of proportion or too large, and leaves nothing behind', async () => {
    const parquet = await readFile(join(folder, 'given.parquet'))
    const bomb = zip({ 'xl/workbook.xml': Buffer.alloc(64 * 1_048_576) })
    const stranger = workbook({ sheets: [{ name: 'S', rows: [['a']] }] })
    const codes = async (content: Buffer, kind: TableKind, isGzip = false) =>
      (await refusal(outline(content, kind, isGzip))).code

    expect({
      cutBook: await codes(BOOK.subarray(0, 900), 'workbook'),
      damagedBook: await codes(
        Buffer.concat([BOOK.subarray(0, 80), Buffer.alloc(40), BOOK.subarray(120)]),
        'workbook',
      ),
      noBook: await codes(zip({ 'word/document.xml': '<a/>' }), 'workbook'),
      bomb: await codes(bomb, 'workbook'),
      cutParquet: await codes(parquet.subarray(0, parquet.length - 9), 'parquet'),
      damagedParquet: await codes(
        Buffer.concat([parquet.subarray(0, 4), Buffer.alloc(parquet.length - 8), parquet.subarray(-4)]),
        'parquet',
      ),
      cutGzip: await codes(gzipSync('{"a":1}\n'.repeat(99)).subarray(0, 30), 'ndjson', true),
      packedBomb: await codes(gzipSync(Buffer.alloc(64 * 1_048_576, '{"a":1}\n')), 'ndjson', true),
      cutDocument: await codes(Buffer.from('[{"a":1},{"a"'), 'json'),
      foreignBytes: await codes(Buffer.from([0x5b, 0x7b, 0xff, 0x7d, 0x5d]), 'json'),
      wide: await codes(
        Buffer.from(
          JSON.stringify([Object.fromEntries(Array.from({ length: 501 }, (_, at) => [`f${at}`, 1]))]),
        ),
        'json',
      ),
      long: await codes(Buffer.from(JSON.stringify([{ a: 'x'.repeat(1_048_577) }])), 'json'),
      noSheet: (await refusal(staged(stranger, 'workbook', 1, { name: 'T' }))).code,
    }).to.deep.equal({
      cutBook: 'PLANE_FILE_UNREADABLE',
      damagedBook: 'PLANE_FILE_UNREADABLE',
      noBook: 'PLANE_FILE_UNREADABLE',
      bomb: 'PLANE_FILE_UNREADABLE',
      cutParquet: 'PLANE_FILE_UNREADABLE',
      damagedParquet: 'PLANE_FILE_UNREADABLE',
      cutGzip: 'PLANE_FILE_UNREADABLE',
      packedBomb: 'PLANE_FILE_UNREADABLE',
      cutDocument: 'PLANE_FILE_UNREADABLE',
      foreignBytes: 'PLANE_FILE_UNREADABLE',
      wide: 'PLANE_FILE_TOO_LARGE',
      long: 'PLANE_FILE_TOO_LARGE',
      noSheet: 'PLANE_TABLE_UNKNOWN',
    })
    expect(await readdir(join(folder, 'staging'))).to.deep.equal([])
  })

  it('refuses a workbook whose cells name texts that it does not hold, and takes a cell without a value', async () => {
    const cells = (...values: string[]) =>
      `<row>${values.map((value) => `<c t="s">${value}</c>`).join('')}</row>`
    const book = (row: string, strings?: string) => sheetBook(`<sheetData>${row}</sheetData>`, strings)
    const text = '<sst><si><t>甲</t></si></sst>'
    const code = async (content: Buffer) => (await refusal(outline(content, 'workbook'))).code

    const whole = await outline(book(cells('<v>0</v>', '', '<v>0</v>'), text), 'workbook')

    expect(whole.rows.map(({ cells }) => cells)).to.deep.equal([['甲', '', '甲']])
    expect({
      noText: await code(book(cells('<v>0</v>', '<v>1</v>'), text)),
      noNumber: await code(book(cells('<v>x</v>'), text)),
      noTexts: await code(book(cells('<v>0</v>'))),
      behind: (
        await refusal(staged(book(cells('<v>0</v>').repeat(300) + cells('<v>1</v>'), text), 'workbook', 1))
      ).code,
    }).to.deep.equal({
      noText: 'PLANE_FILE_UNREADABLE',
      noNumber: 'PLANE_FILE_UNREADABLE',
      noTexts: 'PLANE_FILE_UNREADABLE',
      behind: 'PLANE_FILE_UNREADABLE',
    })
  })

  it('refuses a workbook that unpacks to other bytes than were packed, or whose rows are out of order', async () => {
    const rows = (...lines: number[]) =>
      sheetBook(
        `<sheetData>${lines.map((line) => `<row r="${line}"><c><v>${line}</v></c></row>`).join('')}</sheetData>`,
      )
    const flipped = Buffer.from(rows(1, 2))
    const at = flipped.lastIndexOf('PK\x01\x02') + 16
    flipped.writeUInt8(flipped.readUInt8(at) ^ 1, at)
    const code = async (content: Buffer) => (await refusal(outline(content, 'workbook'))).code

    expect((await outline(rows(1, 5), 'workbook')).rows.map(({ line }) => line)).to.deep.equal([1, 5])
    expect(await code(flipped)).to.equal('PLANE_FILE_UNREADABLE')
    expect(await code(rows(2, 1))).to.equal('PLANE_FILE_UNREADABLE')
    expect(await code(rows(1, 2, 2))).to.equal('PLANE_FILE_UNREADABLE')
  })

  it('reads the characters that a workbook writes by their numbers', async () => {
    const cells = ['a_x000A_b', '_x005F_x000A_', '_x41_', '_xD83D__xDE00_', '_x0000_']
    const row = cells.map((text) => `<c t="str"><v>${text}</v></c>`).join('')
    const book = sheetBook(
      `<sheetData><row><c t="s"><v>0</v></c>${row}</row></sheetData>`,
      '<sst><si><t>_x7532_</t></si></sst>',
    )

    expect((await outline(book, 'workbook')).rows[0]?.cells).to.deep.equal([
      '甲',
      'a\nb',
      '_x000A_',
      '_x41_',
      '😀',
      '\0',
    ])
  })

  it('hands out the rows of a long merged range in small pieces, and none beyond the last row of a sheet', async () => {
    const book = (last: number, text = '甲') =>
      sheetBook(`<sheetData><row r="1"><c t="str"><v>${text}</v></c><c t="str"><v>乙</v></c></row>
        <row r="${last}"><c r="C${last}" t="str"><v>丙</v></c></row></sheetData>
        <mergeCells><mergeCell ref="A1:A9999999"/></mergeCells>`)
    const pieces = async (content: Buffer) => {
      const path = join(folder, 'given.xlsx')
      await writeFile(path, content)
      const table = await openTable(path, { kind: 'workbook', name: null, fields: null })
      const found: number[] = []
      for await (const rows of table.rows()) found.push(rows.filter(({ cells }) => cells[0] !== '').length)
      table.close()
      return found
    }

    expect(await pieces(book(200_001))).to.deep.equal([...Array<number>(200).fill(1_000), 1])
    expect(await pieces(book(22, 'x'.repeat(1_000_000)))).to.deep.equal([5, 5, 5, 5, 2])
    expect((await refusal(outline(book(9_999_999), 'workbook'))).code).to.equal('PLANE_FILE_TOO_LARGE')
    expect((await refusal(outline(book(1_048_577), 'workbook'))).code).to.equal('PLANE_FILE_TOO_LARGE')
    expect((await outline(book(1_048_576), 'workbook')).rows).to.have.length(260)
  })

  it('refuses a text merged over so many columns that its row is too long', async () => {
    const book = sheetBook(`<sheetData><row><c t="str"><v>${'x'.repeat(600_000)}</v></c></row>
      <row><c r="B2" t="str"><v>a</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells>`)

    expect((await refusal(outline(book, 'workbook'))).code).to.equal('PLANE_FILE_TOO_LARGE')
  })

  it('shows long cells cut and only the rows that a look needs, whatever a file holds', async () => {
    const long = `${'x'.repeat(1_999)}😀${'y'.repeat(900_000)}`
    const wide = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`f${at}`, '甲'.repeat(5_000)]))
    const lists = Array.from({ length: 12 }, (_, at) => [`${at}`.padEnd(100_000, 'k'), [{ a: 1 }]])
    const path = join(folder, 'long.parquet')
    const { connection } = await openSession({
      folder,
      spillFolder: join(folder, 'spill', 'y'),
      memoryMb: 256,
      spillMb: 256,
    })
    await connection.run(
      `copy (select repeat('甲', 30000) as text from range(300)) to '${path}' (format parquet)`,
    )

    const lines = `{"a":"${long}"}\n`.repeat(20)
    const record = await outline(Buffer.from(lines), 'ndjson')
    const rows = await outline(Buffer.from(JSON.stringify(Array(260).fill(wide))), 'json')
    const column = await outline(await readFile(path), 'parquet')
    const names = outline(Buffer.from(JSON.stringify(Object.fromEntries(lists))), 'json')

    expect(record.rows).to.deep.equal(
      Array.from({ length: 20 }, (_, at) => ({ line: at + 1, cells: ['x'.repeat(1_999)] })),
    )
    expect(rows.rows).to.have.length(52)
    expect(column.rows).to.have.length(260)
    expect(new Set(column.rows.map(({ cells }) => cells[0]))).to.deep.equal(new Set(['甲'.repeat(2_000)]))
    expect((await refusal(names)).code).to.equal('PLANE_FILE_TOO_LARGE')
  })

  it('expands no entity of the file’s own making', async () => {
    const cell = '<sheetData><row><c t="str"><v>&a;</v></c></row></sheetData>'
    const book = sheetBook(cell, undefined, '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>')

    expect((await refusal(outline(book, 'workbook'))).code).to.equal('PLANE_FILE_UNREADABLE')
  })

  /** A workbook of one sheet, written by hand; without `strings` it has no part for shared texts. */
  function sheetBook(content: string, strings?: string, before = ''): Buffer {
    return zip({
      'xl/workbook.xml': '<workbook><sheets><sheet name="S" id="r"/></sheets></workbook>',
      'xl/_rels/workbook.xml.rels':
        '<Relationships><Relationship Id="r" Type="x/worksheet" Target="s.xml"/></Relationships>',
      'xl/s.xml': `${before}<worksheet>${content}</worksheet>`,
      ...(strings !== undefined && { 'xl/sharedStrings.xml': strings }),
    })
  }

  function outline(content: Buffer, kind: TableKind, isGzip = false): Promise<Outline> {
    return plane.outline({ content: Readable.from([content]), isGzip, table: { kind, name: null } })
  }

  interface Reading {
    readonly name?: string
    readonly fields?: readonly string[] | null
    readonly skipRecords?: number
    readonly isGzip?: boolean
    /** Shows line and fault of each row too. */
    readonly faults?: boolean
  }

  async function staged(
    content: Buffer,
    kind: TableKind,
    width: number,
    reading: Reading = {},
  ): Promise<PlaneRow[]> {
    const { name = null, fields = null, skipRecords = 0, isGzip = false, faults = false } = reading
    const file = await plane.stage({
      content: Readable.from([content]),
      encoding: 'utf-8',
      delimiter: ',',
      skipRecords,
      width,
      maxRows: 1e6,
      isGzip,
      table: { kind, name, fields },
    })
    const cells = Array.from({ length: width }, (_, at) => [`c${at}`, `c${at}`] as const)
    const columns = { ...(faults && { _line: '_line', _fault: '_fault' }), ...Object.fromEntries(cells) }
    const rows = await selectAll(plane, { sources: [{ files: [file.sha256], columns }] })
    return rows
  }
})

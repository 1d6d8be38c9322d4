import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { strFromU8, unzipSync } from 'fflate'
import fc from 'fast-check'
import { canonical } from '../../core/text/canonical.ts'
import { codeValue, type CodeListContent, type CodeValue, loadPack, packIds } from '../../standards/index.ts'
import { codeListDocument, codeSheet } from '../../standards/exports/code-sheet.ts'
import { readCsv, writeCsv } from '../../standards/exports/csv.ts'
import { elementDocument, elementSheet } from '../../standards/exports/element-sheet.ts'
import { readCells } from '../../standards/exports/import.ts'
import { codesIn, elementsIn } from '../../standards/exports/read.ts'
import { joinItems, splitItems } from '../../standards/exports/sheet.ts'
import { writeXlsx } from '../../standards/exports/xlsx.ts'
import { refusal } from '../support/refusal.ts'
import { zip } from '../support/zip.ts'

const packs = packIds().map(loadPack)

const WRITERS = {
  CSV: (sheet: Parameters<typeof writeXlsx>[0]) => writeCsv(sheet, { bom: false }),
  'CSV with a byte order mark': (sheet: Parameters<typeof writeXlsx>[0]) => writeCsv(sheet, { bom: true }),
  XLSX: writeXlsx,
}

/** Cells that spreadsheets, CSV or XML take for more than text. */
const NASTY = [
  '=1+1',
  '+1',
  '-5',
  '@sum',
  '＝1',
  '\t=1',
  ' =1',
  "'",
  "'=1",
  "''x",
  '"a","b"',
  'a;=1',
  'a\r\nb\rc\n',
  ' x ',
  '007',
  '1e5',
  'TRUE',
  '<b>&amp;]]>',
  '_x000D_',
  '_x005F_x000D_',
  '\u0000\u0001\u001f',
  '\ud800',
  '𠮷',
  '\ufeff',
  '|\\',
]

/** What a database keeps: no zero characters and no lone surrogates. A workbook has an escape for either. */
const storable = (text: string) => Buffer.from(text.replaceAll('\0', '')).toString('utf8')

describe('a table of texts', () => {
  const cell = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary' }), fc.string())
  const grid = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { maxLength: 6 })

  for (const [format, write] of Object.entries(WRITERS))
    it(`comes back from ${format} as it was`, async () => {
      await fc.assert(
        fc.asyncProperty(grid, async (rows) => {
          const kept = format === 'XLSX' ? rows : rows.map((row) => row.map(storable))
          const [header, ...read] = await readCells(
            write({ name: 'codes', header: ['a', 'b', 'c'], rows: kept }),
          )
          expect(header).to.deep.equal(['a', 'b', 'c'])
          // A workbook does not tell how many empty rows follow.
          expect(kept.map((_, row) => [0, 1, 2].map((at) => read[row]?.[at] ?? ''))).to.deep.equal(kept)
          expect(read.length).to.be.at.most(kept.length)
        }),
        { numRuns: 300 },
      )
    })

  it('never begins a cell of a CSV as a formula begins', () => {
    const rows = NASTY.map((text) => [storable(text)])
    const csv = writeCsv({ name: 'codes', header: ['a'], rows }, { bom: false }).toString()

    expect(csv).not.to.match(/(?:^|,|\n)"\s*[=+\-@＝＋－＠]/u)
    expect(csv.startsWith('"a"\r\n"\'=1+1"\r\n"\'+1"\r\n"\'-5"\r\n"\'@sum"\r\n')).to.equal(true)
    expect(writeCsv({ name: 'codes', header: ['a'], rows }, { bom: true }).subarray(0, 3)).to.deep.equal(
      Buffer.from([0xef, 0xbb, 0xbf]),
    )
  })

  it('holds texts only in a workbook, in the format for texts', () => {
    const parts = unzipSync(writeXlsx({ name: 'codes', header: ['a'], rows: [['=1+1'], ['007']] }))
    const sheet = strFromU8(parts['xl/worksheets/sheet1.xml'] ?? new Uint8Array())

    expect(sheet).to.include('<c r="A2" s="1" t="inlineStr"><is><t xml:space="preserve">=1+1</t></is></c>')
    expect(sheet).not.to.match(/<f>|<v>/)
  })

  it('is the same bytes on any machine and day', () => {
    const rows = NASTY.map((text) => [text])
    const bytes = writeXlsx({ name: 'codes', header: ['a'], rows })

    // Packed by a library, not by the zlib of the Node that runs: each of those packs in its own way.
    expect(createHash('sha256').update(bytes).digest('hex')).to.equal(
      '04275e537e53eca554da77be57a16e79002ba3d87cc01bf54b58908bc9f9a189',
    )
  })

  it('keeps several items in one cell apart', () => {
    const items = fc.array(fc.oneof(fc.constantFrom('|', '\\', '\\|', 'a|b'), fc.string({ minLength: 1 })))
    fc.assert(fc.property(items, (all) => void expect(splitItems(joinItems(all))).to.deep.equal(all)))
  })

  it('is read from what spreadsheets save: shared texts, runs, numbers, formulas, gaps, another separator', async () => {
    const part = (xml: string) => `<?xml version="1.0"?>\n${xml}`
    const saved = zip({
      'xl/workbook.xml': part(
        '<x:workbook xmlns:x="m" xmlns:r="r"><x:sheets><x:sheet name="一" r:id="rId7"/></x:sheets></x:workbook>',
      ),
      'xl/_rels/workbook.xml.rels': part(
        '<Relationships><Relationship Id="rId7" Type="x/worksheet" Target="/xl/worksheets/s.xml"/></Relationships>',
      ),
      'xl/sharedStrings.xml': part(
        '<sst><si><t>代码</t></si><si><r><t>名</t></r><r><t xml:space="preserve">称 </t></r><rPh><t>ming</t></rPh></si></sst>',
      ),
      'xl/worksheets/s.xml': part(
        '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>' +
          '<row r="3"><c r="B3"><f>1+1</f><v>2</v></c><c r="C3" t="b"><v>1</v></c></row></sheetData></worksheet>',
      ),
    })

    expect(await readCells(saved)).to.deep.equal([['代码', '', '名称 '], [], ['', '2', 'true']])
    expect(readCsv('code;name\r\n1;"a;b"\r\n')).to.deep.equal([
      ['code', 'name'],
      ['1', 'a;b'],
    ])
    // 代码,名称 in GB18030, as spreadsheets in China save it.
    const gb = Buffer.from('b4fac2ebc3fbb3c6', 'hex')
    const line = Buffer.concat([gb.subarray(0, 4), Buffer.from(','), gb.subarray(4)])
    expect(
      await readCells(Buffer.concat([line, Buffer.from('\n1,'), gb.subarray(4), Buffer.from('\n')])),
    ).to.deep.equal([
      ['代码', '名称'],
      ['1', '名称'],
    ])
  })

  it('is refused where it is broken, encrypted, too large or a bomb', async () => {
    const workbook = writeXlsx({ name: 'codes', header: ['a'], rows: [['b']] })
    const flipped = Buffer.from(workbook)
    const at = flipped.indexOf('xl/workbook.xml') + 20
    flipped.writeUInt8(flipped.readUInt8(at) ^ 0xff, at)
    const entity = zip({
      'xl/workbook.xml': '<!DOCTYPE a [<!ENTITY b "c">]><workbook/>',
      'xl/_rels/workbook.xml.rels': '<a/>',
    })
    const bomb = zip({ 'xl/workbook.xml': Buffer.alloc(33 * 1024 * 1024, 32) })
    // Its directory promises one byte: what unpacks is counted.
    const liar = Buffer.from(zip({ 'xl/workbook.xml': Buffer.alloc(33 * 1024 * 1024, 32) }))
    liar.writeUInt32LE(1, liar.indexOf('PK\x01\x02') + 24)
    const codes: string[] = []
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('PK\x03\x04'),
      workbook.subarray(0, workbook.length - 30),
      flipped,
      entity,
      bomb,
      liar,
      zip({ 'a.txt': 'a' }),
      Buffer.from('"never closed'),
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('odd')]),
      Buffer.alloc(21 * 1024 * 1024),
    ])
      codes.push((await refusal(readCells(bytes))).code)

    expect(codes.slice(0, -1)).to.deep.equal(Array(10).fill('STANDARDS_IMPORT_UNREADABLE'))
    expect(codes.at(-1)).to.equal('STANDARDS_IMPORT_TOO_LARGE')
    expect(bomb.length).to.be.below(200_000)
  })

  it('is refused with more rows or columns than are allowed, and read with as many', async () => {
    const rows = (count: number) => Array.from({ length: count }, (_, at) => [String(at)])
    for (const write of Object.values(WRITERS)) {
      const attempt = (header: string[], count: number) =>
        readCells(write({ name: 'codes', header, rows: rows(count) }))

      expect(await attempt(['code'], 50_000)).to.have.length(50_001)
      const refused = await refusal(attempt(['code'], 50_001))
      expect(refused.code).to.equal('STANDARDS_IMPORT_TOO_LARGE')
      expect(refused.params).to.deep.equal({ limit: 20 * 1024 * 1024, rows: 50_000, columns: 256 })
    }
    const wide = Buffer.from(`${'a,'.repeat(256)}a`)
    expect((await refusal(readCells(wide))).code).to.equal('STANDARDS_IMPORT_TOO_LARGE')
  })
})

describe('an exported edition read again', () => {
  for (const [format, write] of Object.entries(WRITERS)) {
    it(`is the same code list, byte for byte, by ${format}`, async () => {
      for (const { code, content, values } of packs.flatMap((pack) => pack.codeLists)) {
        const again = codesIn(await readCells(write(codeSheet(code, values))), content, values)
        expect(again.findings, code).to.deep.equal([])
        expect(canonical(codeListDocument(content, again.values)), code).to.equal(
          canonical(codeListDocument(content, values)),
        )
        expect(again.values, code).to.deep.equal(values.filter(({ owner }) => owner === null))
      }
    })

    it(`is the same elements, byte for byte, by ${format}`, async () => {
      const elements = packs.flatMap((pack) => pack.elements)
      const lists = new Map(packs.flatMap((pack) => pack.codeLists.map(({ code, values }) => [code, values])))
      const codesOf = (id: string) => lists.get(id)
      const again = elementsIn(await readCells(write(elementSheet(elements))), {
        codesOf,
        today: '2026-01-05',
      })
      const versions = new Map(elements.map(({ code, version }) => [code, version]))

      expect(again.findings).to.deep.equal([])
      expect(
        canonical(
          again.elements.map((each) => elementDocument({ ...each, version: versions.get(each.code) ?? '' })),
        ),
      ).to.equal(canonical(elements.map(elementDocument)))
    })
  }

  it('keeps every member of a value, and drops what is for matching and what is local', async () => {
    const value = codeValue({
      code: '-1',
      parent: null,
      name: { zh: '=名', en: "'n" },
      validFrom: '2000-01-01',
      validTo: '2010-02-01',
      precision: 'month',
      definition: ' 说明\r\n第二行',
      includes: '+',
      excludes: '@',
      successors: [
        { code: 'a:b|c', kind: 'split', weight: 0.25 },
        { code: '2', kind: 'partly', weight: 0.75 },
      ],
      spellings: ['别名'],
    })
    const local = codeValue({ code: '9A', name: { zh: '本地', en: 'local' }, owner: 'somebody' })
    const sheet = codeSheet('DB/T 1@1', [value, local])
    const { values, findings } = codesIn(await readCells(writeCsv(sheet, { bom: false })), HEAD, [])

    expect(findings).to.deep.equal([])
    expect(values).to.deep.equal([{ ...value, spellings: [] }])
  })
})

const HEAD: CodeListContent = {
  name: { zh: '表', en: 'list' },
  standardNumber: 'DB/T 1',
  edition: '1',
  issuer: '标准办',
  levels: [{ zh: '级', en: 'level' }],
  licence: 'facts',
  extensible: 'no',
  codePattern: '^-?[0-9A-Z]{1,4}$',
}

describe('findings in a table', () => {
  const inCodes = async (csv: string, known: readonly CodeValue[] = []) =>
    codesIn(await readCells(Buffer.from(csv)), HEAD, known).findings.map(
      ({ row, column, value, refusal: { code } }) =>
        `${row} ${column} “${value}” ${code.replace('STANDARDS_', '')}`,
    )

  it('name the columns that are unknown, doubled or missing', async () => {
    expect(await inCodes('代码,Code,colour\n1,1,red\n')).to.deep.equal([
      '1 Code “Code” IMPORT_COLUMN_TWICE',
      '1 colour “colour” IMPORT_COLUMN_UNKNOWN',
      '1 nameZh “nameZh” IMPORT_COLUMN_MISSING',
    ])
  })

  it('name each cell of a code list that is wrong, by row and column', async () => {
    const csv = [
      'list,code,parent,level,nameZh,validFrom,validTo,precision,successors',
      'DB/T 1@1,1,,1,一,,,,',
      '',
      'DB/T 1@2,2,,一,二,,,,',
      ',11,9,2,十一,,,,',
      ',1,,1,一,2000-01-01,,,',
      ',a,,1,,2000-02-30,,week,',
      ',3,,1,三,2000-01-01,1999-01-01,,4:renamed:0.5',
      ',4,,1,四,,,,5-renamed',
      ',5,,1,五,,,,,beyond',
    ].join('\n')

    expect(await inCodes(csv)).to.deep.equal(['10 10 “beyond” IMPORT_COLUMN_UNKNOWN'])
    expect(await inCodes(csv.replace(',,,,,beyond', ',,,,'))).to.deep.equal([
      '4 list “DB/T 1@2” IMPORT_LIST_DIFFERS',
      '4 level “一” IMPORT_CELL_INVALID',
      '7 nameZh “” IMPORT_CELL_INVALID',
      '7 validFrom “2000-02-30” IMPORT_CELL_INVALID',
      '7 precision “week” IMPORT_CELL_INVALID',
      '9 successors “5-renamed” IMPORT_CELL_INVALID',
      '5 parent “9” CODE_PARENT_UNKNOWN',
      '6 validTo “” CODE_VALIDITY_OVERLAPS',
      '7 code “a” CODE_LIST_INVALID',
      '8 validTo “1999-01-01” CODE_VALIDITY_OVERLAPS',
      '8 successors “4:renamed:0.5” CODE_SUCCESSOR_INVALID',
    ])
  })

  it('name each element’s cell that is wrong, examples that fail among them', async () => {
    const header =
      'code,nameZh,nameEn,shortName,definition,dataType,format,pattern,maxLength,good,bad,level,personal'
    const line = (code: string, rest: string) => `${code},名,name,short_name,定义,${rest}`
    const csv = [
      header,
      line('DE99999901', 'text,an..3,,3,abc,abcd,1,true'),
      line('DE99999901', 'text,an..3,,3,,,1,true'),
      line('DE1', 'text,an..3,,,,,1,true'),
      line('DE99999902', 'colour,an..3,,,,,1,true'),
      line('DE99999903', 'text,an..3,(?=a),,,,1,true'),
      line('DE99999904', 'text,an..3,,3,abcd,,1,true'),
      line('DE99999905', 'text,an..3,,3,,abc,1,true'),
      line('DE99999906', 'text,an..3,,three,,,9,maybe'),
    ].join('\n')
    const { elements, findings } = elementsIn(await readCells(Buffer.from(csv)), {
      codesOf: () => undefined,
      today: '2026-01-05',
    })

    expect(elements).to.have.length(8)
    expect(
      findings.map(
        ({ row, column, refusal: { code } }) => `${row} ${column} ${code.replace('STANDARDS_', '')}`,
      ),
    ).to.deep.equal([
      '3 code IMPORT_CODE_TWICE',
      '4 code ELEMENT_INVALID',
      '5 dataType ELEMENT_INVALID',
      '6 pattern ELEMENT_PATTERN_UNSAFE',
      '7 good ELEMENT_EXAMPLE_FAILED',
      '8 bad ELEMENT_EXAMPLE_FAILED',
      '9 maxLength IMPORT_CELL_INVALID',
      '9 personal IMPORT_CELL_INVALID',
      '9 level ELEMENT_INVALID',
    ])
  })
})

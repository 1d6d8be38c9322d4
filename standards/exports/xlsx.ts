import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { MAX_IMPORT_COLUMNS, MAX_IMPORT_ROWS, tooLarge } from './limits.ts'
import type { Sheet } from './sheet.ts'
import { readZip, writeZip } from './zip.ts'

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

/** More unpacked is refused: as many rows as are allowed take some 15 MB of a code list, twice that with long texts. */
const MAX_UNPACKED_BYTES = 32 * 1024 * 1024

/** A workbook of one sheet whose cells are all texts, in the format for texts: nothing is evaluated, no zero is lost. */
export function writeXlsx({ name, header, rows }: Sheet): Buffer {
  const cells = (row: readonly string[], at: number) =>
    row
      .map((cell, column) =>
        cell === ''
          ? ''
          : `<c r="${columnName(column)}${at}" s="1" t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`,
      )
      .join('')
  const sheetData = [header, ...rows].map(
    (row, index) => `<row r="${index + 1}">${cells(row, index + 1)}</row>`,
  )
  return writeZip(
    new Map(
      Object.entries({
        '[Content_Types].xml':
          `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
          `<Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/>` +
          `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPE}.worksheet+xml"/>` +
          `<Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/></Types>`,
        '_rels/.rels': relations([['officeDocument', 'xl/workbook.xml']]),
        'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="${name}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
        'xl/_rels/workbook.xml.rels': relations([
          ['worksheet', 'worksheets/sheet1.xml'],
          ['styles', 'styles.xml'],
        ]),
        // Number format 49 is `@`, text; a column keeps it for cells that a person adds.
        'xl/styles.xml':
          `<styleSheet xmlns="${MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>` +
          `<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/><xf xfId="0" numFmtId="49" applyNumberFormat="1"/></cellXfs></styleSheet>`,
        'xl/worksheets/sheet1.xml':
          `<worksheet xmlns="${MAIN}"><cols><col min="1" max="${header.length}" width="18" style="1" customWidth="1"/></cols>` +
          `<sheetData>${sheetData.join('')}</sheetData></worksheet>`,
      }).map(([path, xml]) => [path, Buffer.from(XML + xml)]),
    ),
  )
}

function relations(targets: readonly (readonly [type: string, target: string])[]): string {
  const each = targets.map(
    ([type, target], index) =>
      `<Relationship Id="rId${index + 1}" Type="${RELATIONS}/${type}" Target="${target}"/>`,
  )
  return `<Relationships xmlns="${PACKAGE}/relationships">${each.join('')}</Relationships>`
}

/** What XML cannot hold or would change is written `_xHHHH_` (ECMA-376 part 1, 22.9.2.19), as is what looks like it. */
function escaped(text: string): string {
  return text
    .replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replaceAll(
      /[\0-\x08\x0b-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      (unit) => `_x${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
    )
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}

const unescaped = (text: string) =>
  text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, unit: string) => String.fromCharCode(parseInt(unit, 16)))

/** `A` for 0, `AA` for 26. */
function columnName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : columnName(Math.floor(index / 26) - 1) + letter
}

function columnIndex(reference: string): number {
  return (
    [...reference.replace(/\d+$/, '')].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
  )
}

/**
 * The cells of the first sheet as text, the header first; a formula counts as the value it had when it was saved, rows
 * that are left out are empty. Undefined for what is no workbook, or holds more than is allowed.
 */
export function readXlsx(bytes: Buffer): string[][] | undefined {
  const wanted = (name: string) =>
    /^xl\/(?:sharedStrings|workbook)\.xml$|^xl\/_rels\/workbook\.xml\.rels$|^xl\/worksheets\//.test(name)
  const parts = readZip(bytes, wanted, MAX_UNPACKED_BYTES)
  const part = (name: string) => parts?.get(name)?.toString('utf8')
  try {
    const sheet = part(firstSheet(part('xl/workbook.xml') ?? '', part('xl/_rels/workbook.xml.rels') ?? ''))
    return sheet === undefined ? undefined : rowsOf(sheet, sharedStrings(part('xl/sharedStrings.xml')))
  } catch (error) {
    if (error instanceof NotXml) return undefined
    throw error
  }
}

/** No XML, or none of a workbook that we read. */
class NotXml extends Error {}

interface Reader {
  open?(tag: SaxesTagPlain): void
  text?(text: string): void
  close?(name: string): void
}

/** Reads elements by their names without prefix. Document types, and with them entities, are refused. */
function readXml(xml: string, { open, text, close }: Reader): void {
  const parser = new SaxesParser()
  const local = (name: string) => name.slice(name.indexOf(':') + 1)
  parser.on('error', (error) => {
    throw new NotXml(error.message)
  })
  parser.on('doctype', () => {
    throw new NotXml('document type')
  })
  if (open) parser.on('opentag', (tag) => open({ ...tag, name: local(tag.name) }))
  if (text) {
    parser.on('text', text)
    parser.on('cdata', text)
  }
  if (close) parser.on('closetag', ({ name }) => close(local(name)))
  parser.write(xml).close()
}

function firstSheet(workbook: string, rels: string): string {
  const ids: string[] = []
  const targets = new Map<string, string>()
  const attribute = ({ attributes }: SaxesTagPlain, name: string) =>
    Object.entries(attributes).find(([key]) => key === name || key.endsWith(`:${name}`))?.[1] ?? ''
  readXml(workbook, { open: (tag) => void (tag.name === 'sheet' && ids.push(attribute(tag, 'id'))) })
  readXml(rels, {
    open: (tag) =>
      void (tag.name === 'Relationship' && targets.set(attribute(tag, 'Id'), attribute(tag, 'Target'))),
  })
  const target = targets.get(ids[0] ?? '') ?? ''
  return target.startsWith('/') ? target.slice(1) : `xl/${target}`
}

/** Each text once, put together from its runs; readings aloud (`rPh`) are left out. */
function sharedStrings(xml: string | undefined): string[] {
  const strings: string[] = []
  if (xml === undefined) return strings
  let current: string[] = []
  let within = ''
  let phonetic = false
  readXml(xml, {
    open({ name }) {
      if (name === 'si') current = []
      if (name === 'rPh') phonetic = true
      within = name
    },
    text: (text) => void (within === 't' && !phonetic && current.push(text)),
    close(name) {
      if (name === 'si') strings.push(unescaped(current.join('')))
      if (name === 'rPh') phonetic = false
      within = ''
    },
  })
  return strings
}

function rowsOf(sheet: string, shared: readonly string[]): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let column = 0
  let type = ''
  let text: string[] = []
  let within = ''
  let phonetic = false
  readXml(sheet, {
    open({ name, attributes }) {
      within = name
      if (name === 'row') {
        const at = attributes['r'] === undefined ? rows.length + 1 : Number(attributes['r'])
        if (at > MAX_IMPORT_ROWS + 1) throw tooLarge()
        if (!(at > rows.length)) throw new NotXml('rows out of order')
        while (rows.length < at - 1) rows.push([])
        row = []
        rows.push(row)
        column = -1
      } else if (name === 'c') {
        column = attributes['r'] === undefined ? column + 1 : columnIndex(attributes['r'])
        type = attributes['t'] ?? 'n'
        text = []
      } else if (name === 'rPh') phonetic = true
    },
    text: (piece) => void ((within === 'v' || within === 't') && !phonetic && text.push(piece)),
    close(name) {
      within = ''
      if (name === 'rPh') phonetic = false
      if (name !== 'c' || text.length === 0) return
      if (!(column >= 0 && column < MAX_IMPORT_COLUMNS)) throw new NotXml('a cell beyond the last column')
      while (row.length < column) row.push('')
      const value = text.join('')
      row[column] = type === 's' ? (shared[Number(value)] ?? '') : type === 'n' ? value : unescaped(value)
    },
  })
  return rows
}

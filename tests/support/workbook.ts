import { zip } from './zip.ts'

/** A cell as it stands in a sheet: attributes and content; null leaves it out. */
export type SheetCell =
  | string
  | null
  /** A number with the place of its style in {@link STYLES}. */
  | { readonly number: string; readonly style?: keyof typeof STYLES }
  /** A formula with the value the workbook keeps for it. */
  | { readonly formula: string; readonly value: string }
  | { readonly shared: number }
  | { readonly truth: boolean }

export interface SheetPlan {
  readonly name: string
  readonly rows: readonly (readonly SheetCell[])[]
  readonly merges?: readonly string[]
  /** Rows, from 1, that are hidden. */
  readonly hidden?: readonly number[]
}

export const STYLES = { plain: 0, day: 1, instant: 2, text: 3, six: 4, own: 5 } as const

export interface BookPlan {
  readonly sheets: readonly SheetPlan[]
  readonly is1904?: boolean
  readonly shared?: readonly string[]
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships'

/** An XLSX file with the parts of ISO/IEC 29500 that office programs write. */
export function workbook({ sheets, is1904 = false, shared = [] }: BookPlan): Buffer {
  const listed = sheets.map(
    ({ name }, at) => `<sheet name="${escaped(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`,
  )
  const parts = sheets.map((_, at) => relation(`rId${at + 1}`, 'worksheet', `worksheets/sheet${at + 1}.xml`))
  parts.push(
    relation('rIdS', 'styles', 'styles.xml'),
    relation('rIdT', 'sharedStrings', '/xl/sharedStrings.xml'),
  )
  return zip({
    '_rels/.rels': relations([relation('rId1', 'officeDocument', 'xl/workbook.xml')]),
    'xl/workbook.xml': `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><workbookPr${is1904 ? ' date1904="1"' : ''}/><sheets>${listed.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations(parts),
    'xl/styles.xml': `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="000000"/><numFmt numFmtId="165" formatCode="[$-804]yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${[0, 14, 22, 49, 164, 165].map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `${HEAD}<sst xmlns="${MAIN}">${shared.map((text) => `<si><r><t xml:space="preserve">${escaped(text)}</t></r><rPh sb="0" eb="1"><t>よみ</t></rPh></si>`).join('')}</sst>`,
    ...Object.fromEntries(sheets.map((sheet, at) => [`xl/worksheets/sheet${at + 1}.xml`, sheetPart(sheet)])),
  })
}

function sheetPart({ rows, merges = [], hidden = [] }: SheetPlan): string {
  const written = rows.map((cells, at) => {
    const inside = cells.map((cell, column) => cellPart(cell, `${letters(column)}${at + 1}`)).join('')
    return cells.length === 0
      ? ''
      : `<row r="${at + 1}"${hidden.includes(at + 1) ? ' hidden="1"' : ''}>${inside}</row>`
  })
  const merged = merges.map((ref) => `<mergeCell ref="${ref}"/>`).join('')
  return `${HEAD}<worksheet xmlns="${MAIN}"><sheetData>${written.join('')}</sheetData>${merged === '' ? '' : `<mergeCells>${merged}</mergeCells>`}</worksheet>`
}

function cellPart(cell: SheetCell, reference: string): string {
  if (cell === null) return ''
  if (typeof cell === 'string')
    return `<c r="${reference}" t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`
  if ('shared' in cell) return `<c r="${reference}" t="s"><v>${cell.shared}</v></c>`
  if ('truth' in cell) return `<c r="${reference}" t="b"><v>${cell.truth ? 1 : 0}</v></c>`
  if ('formula' in cell)
    return `<c r="${reference}" t="str"><f>${escaped(cell.formula)}</f><v>${escaped(cell.value)}</v></c>`
  return `<c r="${reference}" s="${STYLES[cell.style ?? 'plain']}"><v>${cell.number}</v></c>`
}

const letters = (column: number): string =>
  (column >= 26 ? letters(Math.floor(column / 26) - 1) : '') + String.fromCharCode(65 + (column % 26))

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

const relation = (id: string, type: string, target: string) =>
  `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`

const relations = (parts: readonly string[]) =>
  `${HEAD}<Relationships xmlns="${PACKAGE}">${parts.join('')}</Relationships>`

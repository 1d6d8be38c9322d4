import { type Archive, openArchive } from './archive.ts'
import { errors } from '../refusals.ts'
import { type NumberForm, numberForm } from './serial.ts'
import { holdsAnything, readSheet, type SheetContext, surveySheet, unescaped } from './sheet.ts'
import type { Table, TableName } from './table.ts'
import { readAll, readXml } from './xml.ts'

interface Sheet {
  readonly name: string
  readonly path: string
}

interface Relation {
  readonly id: string
  readonly target: string
  readonly type: string
}

/** Parts that are kept in memory while a sheet is read. */
const MAX_STRINGS_BYTES = 128 * 1_048_576
const MAX_PART_BYTES = 16 * 1_048_576

/**
 * Opens a sheet of a workbook (ISO/IEC 29500, XLSX), the first one that holds anything where none is named.
 * Formulas count by the values the workbook keeps for them; a merged cell's value stands in all its cells.
 *
 * @param source the path of a file, or its bytes
 * @param maxBytes of the workbook unpacked; as many as any file may have unless said
 * @throws PLANE_FILE_UNREADABLE, PLANE_FILE_TOO_LARGE, PLANE_TABLE_UNKNOWN
 */
export async function openWorkbook(
  source: string | Buffer,
  named: string | null,
  maxBytes?: number,
): Promise<Table> {
  const archive = await openArchive(source, maxBytes)
  try {
    const { sheets, is1904, main } = await workbookOf(archive)
    const tables: TableName[] = []
    for (const { name, path } of sheets)
      tables.push({ name, isEmpty: !(await holdsAnything(await archive.open(path))) })
    const name = named ?? tables.find(({ isEmpty }) => !isEmpty)?.name ?? tables[0]?.name ?? ''
    const sheet = sheets.find((each) => each.name === name)
    if (sheet === undefined) throw errors.TABLE_UNKNOWN({ table: name.slice(0, 100) })
    const context: SheetContext = {
      is1904,
      strings: await stringsOf(archive, main),
      forms: await formsOf(archive, main),
    }
    const survey = await surveySheet(await archive.open(sheet.path))
    return {
      tables,
      name,
      fields: null,
      hiddenRows: survey.hiddenRows,
      async *rows() {
        yield* readSheet(await archive.open(sheet.path), survey, context)
      },
      close: () => archive.close(),
    }
  } catch (error) {
    archive.close()
    throw error
  }
}

async function workbookOf(archive: Archive) {
  const office = await relations(archive, '_rels/.rels', '')
  const main = office.find(({ type }) => type.endsWith('/officeDocument'))?.target ?? 'xl/workbook.xml'
  if (!archive.has(main)) throw errors.FILE_UNREADABLE({ reason: 'XLSX' })
  const parts = await relations(archive, relationsOf(main), folderOf(main))
  let is1904 = false
  const listed = await readAll<{ name: string; id: string }>(await archive.open(main, MAX_PART_BYTES), {
    opened(element, { name = '', id = '', date1904 }, put) {
      if (element === 'workbookPr') is1904 = date1904 === '1' || date1904 === 'true'
      if (element === 'sheet') put({ name, id })
    },
  })
  const sheets: Sheet[] = listed.flatMap(({ name, id }) => {
    const part = parts.find((each) => each.id === id && each.type.endsWith('/worksheet'))
    return part === undefined ? [] : [{ name, path: part.target }]
  })
  if (sheets.length === 0) throw errors.FILE_UNREADABLE({ reason: 'XLSX' })
  return { sheets, is1904, main: { folder: folderOf(main), parts } }
}

type Main = Awaited<ReturnType<typeof workbookOf>>['main']

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)
const relationsOf = (path: string) => `${folderOf(path)}_rels/${path.slice(folderOf(path).length)}.rels`

async function relations(archive: Archive, path: string, folder: string): Promise<Relation[]> {
  if (!archive.has(path)) return []
  return readAll<Relation>(await archive.open(path, MAX_PART_BYTES), {
    opened(element, { Id: id = '', Target: target = '', Type: type = '' }, put) {
      if (element === 'Relationship') put({ id, type, target: placed(target, folder) })
    },
  })
}

/** A target is a name inside the archive, never a path of this machine. */
function placed(target: string, folder: string): string {
  const parts: string[] = []
  for (const part of (target.startsWith('/') ? target.slice(1) : folder + target).split('/'))
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  return parts.join('/')
}

function partOf({ folder, parts }: Main, type: string, usual: string): string {
  return parts.find((part) => part.type.endsWith(`/${type}`))?.target ?? folder + usual
}

/** Texts that cells refer to by number; readings of Japanese words (rPh) are no part of them. None without the part. */
async function stringsOf(archive: Archive, main: Main): Promise<string[]> {
  const path = partOf(main, 'sharedStrings', 'sharedStrings.xml')
  if (!archive.has(path)) return []
  const strings: string[] = []
  let text = ''
  let isText = false
  let isReading = false
  const stream = await archive.open(path, MAX_STRINGS_BYTES)
  const listener = {
    opened(element: string) {
      if (element === 'si') text = ''
      if (element === 'rPh') isReading = true
      isText = element === 't' && !isReading
    },
    closed(element: string, put: (text: string) => void) {
      isText = false
      if (element === 'rPh') isReading = false
      if (element === 'si') put(unescaped(text))
    },
    text(more: string) {
      if (isText) text += more
    },
  }
  for await (const items of readXml<string>(stream, listener)) for (const each of items) strings.push(each)
  return strings
}

/** How the numbers of each cell style are shown. */
async function formsOf(archive: Archive, main: Main): Promise<NumberForm[]> {
  const path = partOf(main, 'styles', 'styles.xml')
  if (!archive.has(path)) return []
  const codes = new Map<number, string>()
  let isCell = false
  return readAll<NumberForm>(await archive.open(path, MAX_PART_BYTES), {
    opened(element, { numFmtId = '0', formatCode = '' }, put) {
      if (element === 'numFmt') codes.set(Number(numFmtId), formatCode)
      if (element === 'cellXfs') isCell = true
      if (element === 'xf' && isCell) put(numberForm(Number(numFmtId), codes.get(Number(numFmtId))))
    },
    closed(element) {
      if (element === 'cellXfs') isCell = false
    },
  })
}

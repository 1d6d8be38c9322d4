import { DomainError, defineErrors } from '../../core/errors.ts'
import type { Table } from '../../core/plane/tables/table.ts'
import { openWorkbook } from '../../core/plane/tables/workbook.ts'
import { guessEncodings, isClear } from '../../core/text/encoding.ts'
import { readCsv } from './csv.ts'
import { MAX_IMPORT_BYTES, MAX_IMPORT_COLUMNS, MAX_IMPORT_ROWS, tooLarge } from './limits.ts'

export const errors = defineErrors('STANDARDS', {
  IMPORT_UNREADABLE: {
    kind: 'invalid',
    zh: '文件无法读取：应为CSV或XLSX，未损坏、未加密',
    en: 'The file cannot be read: it must be CSV or XLSX, whole and not encrypted',
  },
  IMPORT_LIST_UNKNOWN: {
    kind: 'invalid',
    zh: '“{code}”尚未发布，导入新代码集时须说明其名称、标准号、版本、发布机构、层级和许可',
    en: 'There is no published “{code}”; for a new code list say its name, number, edition, issuer, levels and licence',
  },
  IMPORT_LIST_DIFFERS: {
    kind: 'invalid',
    zh: '此行属于代码集“{code}”，一个文件只能有一个代码集“{expected}”',
    en: 'The row belongs to the code list “{code}”; a file holds one list, here “{expected}”',
  },
  IMPORT_COLUMN_UNKNOWN: {
    kind: 'invalid',
    zh: '没有名为“{column}”的列',
    en: 'There is no column named “{column}”',
  },
  IMPORT_COLUMN_TWICE: {
    kind: 'invalid',
    zh: '列“{column}”出现了两次',
    en: 'The column “{column}” stands there twice',
  },
  IMPORT_COLUMN_MISSING: {
    kind: 'invalid',
    zh: '缺少列“{column}”',
    en: 'The column “{column}” is missing',
  },
  IMPORT_CELL_INVALID: {
    kind: 'invalid',
    zh: '“{value}”不能作为“{column}”的值',
    en: '“{value}” is no value of “{column}”',
  },
  IMPORT_CODE_TWICE: {
    kind: 'invalid',
    zh: '“{code}”在文件中出现了两次',
    en: '“{code}” stands in the file twice',
  },
})

/** More unpacked is refused: as many rows as are allowed take some 15 MB of a code list, twice that with long texts. */
const MAX_UNPACKED_BYTES = 32 * 1024 * 1024

/**
 * The cells of a CSV file in any encoding that can be told, or of the first sheet of a workbook that holds anything; row
 * by row, empty ones too.
 *
 * @throws STANDARDS_IMPORT_UNREADABLE, STANDARDS_IMPORT_TOO_LARGE
 */
export async function readCells(bytes: Buffer): Promise<string[][]> {
  if (bytes.length > MAX_IMPORT_BYTES) throw tooLarge()
  const cells = bytes.toString('latin1', 0, 2) === 'PK' ? await readWorkbook(bytes) : readText(bytes)
  if (cells === undefined || cells.length === 0) throw errors.IMPORT_UNREADABLE()
  if (cells.length > MAX_IMPORT_ROWS + 1 || cells.some((row) => row.length > MAX_IMPORT_COLUMNS))
    throw tooLarge()
  return cells
}

function readText(bytes: Buffer): string[][] | undefined {
  // A text has no zero bytes unless each second one is.
  const guesses = guessEncodings(bytes, ['代码', '名称', '上级'])
  const [first] = guesses
  if (!first || !isClear(guesses)) return undefined
  try {
    return readCsv(new TextDecoder(first.encoding, { fatal: true }).decode(bytes))
  } catch (error) {
    // Bytes that are none of the encoding's, and quotes that do not close.
    if (error instanceof TypeError || (error instanceof Error && 'code' in error)) return undefined
    throw error
  }
}

async function readWorkbook(bytes: Buffer): Promise<string[][]> {
  try {
    const table = await openWorkbook(bytes, null, MAX_UNPACKED_BYTES)
    try {
      return await rowsOf(table)
    } finally {
      table.close()
    }
  } catch (error) {
    if (error instanceof DomainError && error.code === 'PLANE_FILE_UNREADABLE')
      throw errors.IMPORT_UNREADABLE()
    if (error instanceof DomainError && error.code === 'PLANE_FILE_TOO_LARGE') throw tooLarge()
    throw error
  }
}

/** A row that the sheet leaves out is empty. */
async function rowsOf(table: Table): Promise<string[][]> {
  const rows: string[][] = []
  for await (const piece of table.rows())
    for (const { line, cells } of piece) {
      if (line > MAX_IMPORT_ROWS + 1) throw tooLarge()
      while (rows.length < line - 1) rows.push([])
      rows.push([...cells])
    }
  return rows
}

import { parse } from 'csv-parse/sync'
import type { Connection as Client } from 'mysql2'
import { csvLine } from '../../text/csv.ts'
import { CopiedBlocks } from './copied-blocks.ts'
import type { CopiedText } from './connector.ts'

// MySQL has no COPY to its client. A row as one text costs the driver a twentieth of a row of twenty cells: the server
// puts the cells behind one another, parted by a character no register holds. A row that holds it all the same comes
// as a line already.

/** U+001F, the unit separator. */
const SEPARATOR = '\u001f'
const [UNIT, COMMA, LF] = [0x1f, 0x2c, 0x0a]
/** What a row begins with: whether its cells are parted by the separator, or quoted and parted by commas. */
const [PARTED, QUOTED] = ['p', 'q']

/** A row of these cells as one text, for {@link copiedRows}. */
export function rowText(cells: readonly string[]): string {
  const texts = cells.map((cell) => `ifnull(convert(${cell} using utf8mb4), '')`)
  const quoted = texts.map((cell) => `'"', replace(${cell}, '"', '""'), '"'`).join(`, ',', `)
  // Compared as bytes: to some collations the separator is nothing at all.
  return `if(locate(x'1f', cast(concat_ws('', ${texts.join(', ')}) as binary)) = 0,
    concat('${PARTED}', concat_ws('${SEPARATOR}', ${texts.join(', ')})), concat('${QUOTED}', ${quoted}))`
}

/**
 * The rows of a query of {@link rowText} as text, as they arrive. Whoever stops in the middle has to break the connection:
 * the rest would else have to be read to its end.
 *
 * @param ended aborted when the connection is broken off or lost
 * @throws what the server answers, or the reason of `ended`
 */
export async function* copiedRows(
  client: Client,
  query: { readonly sql: string; readonly values: string[] },
  ended: AbortSignal,
): AsyncGenerator<CopiedText> {
  const blocks = new CopiedBlocks(client)
  // A connection that is lost or broken off tells its query nothing.
  const stop = () => blocks.end(ended.reason)
  ended.addEventListener('abort', stop, { once: true })
  try {
    client
      .query({ ...query, rowsAsArray: true, typeCast: false })
      .on('result', (row: unknown) => addRow(blocks, textIn(row)))
      .on('end', () => blocks.end())
      .on('error', (error) => blocks.end(error))
    yield* blocks
  } finally {
    ended.removeEventListener('abort', stop)
  }
}

/** The one cell of a row. */
function textIn(row: unknown): Buffer | null {
  const cell: unknown = Array.isArray(row) ? row[0] : null
  return Buffer.isBuffer(cell) ? cell : null
}

/** A row longer than the server's `max_allowed_packet` comes as null, with a warning only. */
class RowTooLong extends Error {
  readonly code = 'ER_WARN_ALLOWED_PACKET_OVERFLOWED'
}

function addRow(blocks: CopiedBlocks, row: Buffer | null): void {
  if (row === null) return blocks.end(new RowTooLong())
  const text = row.subarray(1)
  const isParted = row[0] === PARTED.charCodeAt(0)
  if (isParted && !ODD.test(text.toString('latin1')))
    return blocks.add(text.length + 1, (block, at) => parted(text, block, at))
  const cells = isParted ? text.toString().split(SEPARATOR) : (parse(text) as [string[]])[0]
  const line = Buffer.from(csvLine(cells))
  blocks.add(line.length, (block, at) => at + line.copy(block, at))
}

/** What a cell is quoted for; each of them is one byte in UTF-8, and no byte of another character. */
const ODD = /[",\r\n]/

function parted(text: Buffer, block: Buffer, at: number): number {
  for (let place = 0; place < text.length; place++) {
    const byte = text[place] ?? 0
    block[at + place] = byte === UNIT ? COMMA : byte
  }
  block[at + text.length] = LF
  return at + text.length + 1
}

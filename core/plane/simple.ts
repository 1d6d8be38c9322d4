import { createReadStream } from 'node:fs'
import { isUtf8 } from 'node:buffer'

const CHUNK_BYTES = 4 * 1_048_576
const LF = 10
const CR = 13
const QUOTE = 34
const MARK = Buffer.from([0xef, 0xbb, 0xbf])
const REPLACEMENT = Buffer.from('\uFFFD')
const BLANK_LINE = Buffer.from('\n\n')

/**
 * How many lines a UTF-8 file has, if each of them is a record for any reader: no quotes, no lone carriage
 * returns, no blank lines, no byte that means nothing. Undefined for every other file, which only our scanner
 * reads as we want it. Looks with searches of the runtime, many times faster than record by record.
 */
export async function simpleLines(path: string, interrupted: () => boolean): Promise<number | undefined> {
  let lines = 0
  let last = LF
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    if (interrupted()) return undefined
    const bytes = chunk as Buffer
    if (lines === 0 && rest.length === 0 && bytes.subarray(0, MARK.length).equals(MARK)) return undefined
    if (bytes.includes(QUOTE) || bytes.includes(CR) || bytes.includes(0)) return undefined
    if ((last === LF && bytes[0] === LF) || bytes.includes(BLANK_LINE) || bytes.includes(REPLACEMENT))
      return undefined
    // A character may be cut by the chunk: what follows the last line end waits for the next one.
    const end = bytes.lastIndexOf(LF) + 1
    if (end === 0) rest = Buffer.concat([rest, bytes])
    else {
      if (!isUtf8(Buffer.concat([rest, bytes.subarray(0, end)]))) return undefined
      rest = Buffer.from(bytes.subarray(end))
      for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) lines += 1
    }
    last = bytes.at(-1) ?? last
  }
  if (!isUtf8(rest) || rest.includes(REPLACEMENT)) return undefined
  return lines + (rest.length > 0 ? 1 : 0)
}

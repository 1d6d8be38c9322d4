import { isUtf8 } from 'node:buffer'
import { errors } from './refusals.ts'

export interface ScannerOptions {
  readonly delimiter: string
  /** Records before the first data record. */
  readonly skipRecords: number
  readonly width: number
  /** Takes a block of finished output; it is not touched afterwards. */
  readonly write: (bytes: Buffer) => void
  /** Is given each sound record instead, as it stands; it is touched afterwards. */
  readonly take?: (record: Buffer) => void
}

const LF = 10
const CR = 13
const QUOTE = 34
const REPLACEMENT = Buffer.from('\uFFFD')
const BLOCK_BYTES = 4 * 1_048_576
const NONE = Buffer.alloc(0)

/**
 * Parts UTF-8 text into records (RFC 4180, read leniently) and writes them as a strict table of
 * `_line, _fault, _raw, cells…`: the only place that knows physical lines, and a count of records that is
 * independent of DuckDB's. `_raw` is written only where the cells joined by the delimiter are not the line.
 *
 * Faults: `width` (too few or too many fields), `bytes` (undecodable), `quote` (a quote that never closes).
 */
export class RecordScanner {
  /** A record longer than this is an unclosed quote. */
  static readonly maxRecordBytes = 1_048_576

  rows = 0
  faults = 0
  readonly #delimiter: number
  readonly #width: number
  readonly #emptyCells: string
  readonly #write: (bytes: Buffer) => void
  readonly #take: ((record: Buffer) => void) | undefined
  #skip: number
  #line = 1
  #rest: Buffer = NONE
  #block = Buffer.allocUnsafe(BLOCK_BYTES)
  #used = 0

  constructor({ delimiter, skipRecords, width, write, take }: ScannerOptions) {
    this.#delimiter = delimiter.charCodeAt(0)
    this.#width = width
    this.#skip = skipRecords
    this.#write = write
    this.#take = take
    this.#emptyCells = delimiter.repeat(width - 1)
  }

  push(chunk: Buffer, last: boolean): void {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const consumed = this.#scan(data, last)
    this.#rest = consumed === data.length ? NONE : data.subarray(consumed)
    if (last) this.#flush()
  }

  /** How many bytes of `data` were whole records. */
  #scan(data: Buffer, last: boolean): number {
    const suspicious = this.#suspicious(data, last)
    const delimiter = this.#delimiter
    const { length } = data
    let start = 0
    while (start < length) {
      let fields = 1
      let end = start
      let byte = 0
      for (; end < length; end += 1) {
        byte = data[end] as number
        if (byte === delimiter) fields += 1
        else if (byte === LF || byte === QUOTE || byte === CR) break
      }
      if (end - start > RecordScanner.maxRecordBytes)
        throw errors.FILE_TOO_LARGE({ limit: `${RecordScanner.maxRecordBytes} bytes a record` })
      if (end === length && !last) return start
      if (end === length || byte === LF) {
        this.#plain(data, start, end, fields, suspicious)
        start = end + 1
        continue
      }
      if (byte === CR && end + 1 < length && data[end + 1] === LF) {
        this.#plain(data, start, end, fields, suspicious)
        start = end + 2
        continue
      }
      const next = this.#quoted(data, start, last, suspicious)
      if (next === undefined) return start
      start = next
    }
    return Math.min(start, length)
  }

  /** A record without quotes: its bytes are copied as they are. */
  #plain(data: Buffer, start: number, end: number, fields: number, suspicious: boolean): void {
    const line = this.#line
    this.#line += 1
    if (start === end) return
    if (this.#skip > 0) {
      this.#skip -= 1
      return
    }
    if (fields !== this.#width) return this.#fault('width', data.subarray(start, end), line)
    if (suspicious && !isClean(data.subarray(start, end)))
      return this.#fault('bytes', data.subarray(start, end), line)
    this.rows += 1
    if (this.#take !== undefined) return this.#take(data.subarray(start, end))
    const d = String.fromCharCode(this.#delimiter)
    this.#put(`${line}${d}${d}${d}`, data, start, end)
  }

  /** A record with quotes or lone carriage returns; the start of the next one, undefined while it is not whole. */
  #quoted(data: Buffer, start: number, last: boolean, suspicious: boolean): number | undefined {
    const record = this.#parse(data, start, last)
    if (record === 'incomplete') return undefined
    const line = this.#line
    if (record === 'unclosed') {
      const end = this.#endOfLine(data, start)
      this.#line += 1
      if (this.#skip > 0) this.#skip -= 1
      else this.#fault('quote', data.subarray(start, end), line)
      return end + 1
    }
    const bytes = data.subarray(start, record.end)
    this.#line += 1 + record.lineBreaks
    if (this.#skip > 0) this.#skip -= 1
    else if (record.fields.length !== this.#width) this.#fault('width', bytes, line)
    else if (suspicious && !isClean(bytes)) this.#fault('bytes', bytes, line)
    else if (this.#take !== undefined) {
      this.rows += 1
      this.#take(bytes)
    } else {
      this.rows += 1
      const d = String.fromCharCode(this.#delimiter)
      const cells = record.fields.map(quoted).join(d)
      this.#put(`${line}${d}${d}${quoted(bytes.toString('latin1'))}${d}${cells}`)
    }
    return record.next
  }

  /** Fields as latin1 text, one character a byte, so that nothing is decoded twice. */
  #parse(data: Buffer, start: number, last: boolean): Parsed | 'incomplete' | 'unclosed' {
    const fields: string[] = []
    let lineBreaks = 0
    let at = start
    for (;;) {
      let value = ''
      if (data[at] === QUOTE) {
        at += 1
        for (;;) {
          const close = data.indexOf(QUOTE, at)
          const tooLong = (close === -1 ? data.length : close) - start > RecordScanner.maxRecordBytes
          if (tooLong || (close === -1 && last)) return 'unclosed'
          if (close === -1 || (close === data.length - 1 && !last)) return 'incomplete'
          value += data.toString('latin1', at, close)
          at = close + 1
          if (data[at] !== QUOTE) break
          value += '"'
          at += 1
        }
        for (let index = value.indexOf('\n'); index !== -1; index = value.indexOf('\n', index + 1))
          lineBreaks += 1
      }
      // What follows a closing quote, or a field without quotes: kept as it is, quotes included.
      const from = at
      let byte: number | undefined
      for (; at < data.length; at += 1) {
        byte = data[at]
        if (byte === this.#delimiter || byte === LF) break
      }
      if (at - start > RecordScanner.maxRecordBytes) return 'unclosed'
      if (at === data.length && !last) return 'incomplete'
      const ended = at === data.length || byte === LF
      const end = ended && at > from && data[at - 1] === CR ? at - 1 : at
      fields.push(value + data.toString('latin1', from, end))
      if (ended) return { fields, lineBreaks, end, next: at + 1 }
      at += 1
    }
  }

  #endOfLine(data: Buffer, start: number): number {
    const end = data.indexOf(LF, start)
    return end === -1 ? data.length : end
  }

  /** Whether records must be looked at one by one for bytes that mean nothing. */
  #suspicious(data: Buffer, last: boolean): boolean {
    const known = last ? data : data.subarray(0, data.lastIndexOf(LF) + 1)
    return !isClean(known)
  }

  #fault(fault: 'width' | 'bytes' | 'quote', record: Buffer, line: number): void {
    this.rows += 1
    this.faults += 1
    const d = String.fromCharCode(this.#delimiter)
    const raw = Buffer.from(record.toString('utf8').replaceAll('\0', '\uFFFD')).toString('latin1')
    this.#put(`${line}${d}${fault}${d}${quoted(raw)}${d}${this.#emptyCells}`)
  }

  /** Appends latin1 text, then bytes of `data`, and a line end. */
  #put(head: string, data: Buffer = NONE, start = 0, end = 0): void {
    const need = head.length + end - start + 1
    if (this.#used + need > this.#block.length) this.#flush(need)
    this.#used += this.#block.write(head, this.#used, 'latin1')
    if (end > start) this.#used += data.copy(this.#block, this.#used, start, end)
    this.#block[this.#used] = LF
    this.#used += 1
  }

  #flush(need = 0): void {
    if (this.#used > 0) this.#write(this.#block.subarray(0, this.#used))
    this.#block = Buffer.allocUnsafe(Math.max(BLOCK_BYTES, need))
    this.#used = 0
  }
}

interface Parsed {
  readonly fields: readonly string[]
  /** Line breaks inside quotes. */
  readonly lineBreaks: number
  readonly end: number
  readonly next: number
}

function quoted(latin1: string): string {
  return `"${latin1.replaceAll('"', '""')}"`
}

function isClean(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(REPLACEMENT) && !bytes.includes(0)
}

import { createReadStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from '../emitter/literal.ts'
import type { Staged, StageSpec } from '../plane.ts'
import { errors } from '../refusals.ts'
import { decoderOf } from '../../text/decode.ts'
import { RecordScanner } from '../scanner.ts'
import { type LineEnd, simpleLines } from '../simple.ts'
import type { Work } from './main.ts'
import { guarded, parquetRows } from './parquet-table.ts'
import { type WrittenFile, writeParquet } from './parquet.ts'
import { withReceived } from './received.ts'
import { type TableSpec, writeTable } from './write-table.ts'

const CHUNK_BYTES = 1_048_576
const PROGRESS_MS = 1_000
/** What DuckDB reads at once and keeps until it is written; by itself it would take sixteen of the longest lines. */
const BUFFER_BYTES = 8 * 1_048_576
/** As DuckDB writes them. */
const LINE_ENDS: Readonly<Record<LineEnd, string>> = { lf: '\\n', crlf: '\\r\\n' }

/**
 * Stores every record of the received file as text. A delimited file is decoded first; what any reader reads alike goes
 * straight to DuckDB then, every other one is parted into records by our own scanner.
 */
export async function stage(work: Work, spec: Omit<StageSpec, 'content'>, token: string): Promise<Staged> {
  const { isGzip = false, encoding, table } = spec
  const wrapping = { isGzip, ...(table === undefined && { encoding }) }
  return withReceived(work, token, wrapping, async (path) => {
    if (table !== undefined) return stageTable(work, { ...spec, table }, token, path)
    return (await stageSimple(work, spec, token, path)) ?? stageScanned(work, spec, token, path)
  })
}

/** Rows of a workbook, a JSON or a Parquet file. */
async function stageTable(work: Work, spec: TableSpec, token: string, path: string): Promise<Staged> {
  if (spec.table.kind !== 'parquet')
    return stageRecords(work, spec, token, (records) => writeTable(work, spec, path, records))
  const select = await parquetRows(work.connection, path, spec)
  const write = () => writeParquet(work.connection, work.folder, `${token}.staged`, [select], 'brief')
  return stagedFile(await guarded(write), 0)
}

/** Undefined when the file turns out not to be that simple: ragged rows, for one, make DuckDB refuse it. */
async function stageSimple(
  work: Work,
  spec: Omit<StageSpec, 'content'>,
  token: string,
  received: string,
): Promise<Staged | undefined> {
  const { skipRecords, maxRows } = spec
  let writing: Promise<WrittenFile | undefined> | undefined
  const looking = simpleLines(received, spec, {
    interrupted: () => work.interrupted,
    // DuckDB reads the file while we still look through it; what it throws is met when it is awaited.
    began: (end) => {
      writing = writeSimple(work, spec, token, received, end)
      writing.catch(() => {})
    },
  })
  const lines = await looking.catch(async (error: unknown) => {
    work.connection.interrupt()
    await discard(work, await writing?.catch(() => undefined))
    throw error
  })
  const rows = (lines ?? 0) - skipRecords
  const isWanted = rows > 0 && rows <= maxRows
  if (isWanted) work.report({ type: 'progress', progress: { phase: 'read', rows, bytes: 0, share: 0 } })
  else work.connection.interrupt()
  // Of a file that is not simple DuckDB may say anything.
  const file = await (isWanted ? writing : writing?.catch(() => undefined))
  // DuckDB's count must be ours, or the numbers of the lines would be wrong.
  if (isWanted && file?.rows === rows) return { sha256: file.sha256, rows, bytes: file.bytes, faults: 0 }
  await discard(work, file)
  if (work.interrupted) throw errors.CANCELLED()
  if (rows > maxRows) throw errors.FILE_TOO_LARGE({ limit: `${maxRows} rows` })
  return undefined
}

async function discard({ folder }: Work, file: WrittenFile | undefined): Promise<void> {
  if (file?.existed === false) await rm(join(folder, 'snapshots', `${file.sha256}.parquet`), { force: true })
}

/** Undefined where DuckDB refuses the file, or was stopped. */
async function writeSimple(
  { connection, folder }: Work,
  { delimiter, skipRecords, width }: Omit<StageSpec, 'content'>,
  token: string,
  received: string,
  end: LineEnd,
): Promise<WrittenFile | undefined> {
  const select = `select cast(${skipRecords} as bigint) as _skip, *
    from ${csv(received, delimiter, cellColumns(width), skipRecords, end)}`
  try {
    return await writeParquet(connection, folder, `${token}.staged`, [select], 'brief')
  } catch (error) {
    if (error instanceof Error && /^(Invalid Input|Conversion|INTERRUPT) Error/.test(error.message))
      return undefined
    throw error
  }
}

async function stageScanned(
  work: Work,
  spec: Omit<StageSpec, 'content'>,
  token: string,
  path: string,
): Promise<Staged> {
  return stageRecords(work, spec, token, (records) => scan(work, spec, path, records))
}

/** What was written as a strict table of `_line, _fault, _raw, cells…`. */
export interface Written {
  readonly rows: number
  readonly faults: number
  readonly bytes: number
}

async function stageRecords(
  work: Work,
  { width, delimiter }: Pick<StageSpec, 'width' | 'delimiter'>,
  token: string,
  write: (records: string) => Promise<Written>,
): Promise<Staged> {
  const { connection, folder, report } = work
  const records = join(folder, 'staging', `${token}.records`)
  try {
    const { rows, faults, bytes } = await write(records)
    report({ type: 'progress', progress: { phase: 'read', rows, bytes, share: 0 } })
    const columns = `'_line': 'BIGINT', '_fault': 'VARCHAR', '_raw': 'VARCHAR', ${cellColumns(width)}`
    const select = `select * from ${csv(records, delimiter, columns, 0, 'lf')}`
    return stagedFile(await writeParquet(connection, folder, `${token}.staged`, [select], 'brief'), faults)
  } finally {
    await rm(records, { force: true })
  }
}

function stagedFile(file: WrittenFile | undefined, faults: number): Staged {
  if (file === undefined) return { sha256: '', rows: 0, bytes: 0, faults: 0 }
  return { sha256: file.sha256, rows: file.rows, bytes: file.bytes, faults }
}

const cellColumns = (width: number) =>
  Array.from({ length: width }, (_, index) => `'c${index}': 'VARCHAR'`).join(', ')

function csv(path: string, delimiter: string, columns: string, skip: number, end: LineEnd): string {
  return `read_csv(${text(path)}, auto_detect = false, header = false, skip = ${skip}, delim = ${text(delimiter)},
    quote = '"', escape = '"', new_line = ${text(LINE_ENDS[end])}, nullstr = '',
    max_line_size = ${RecordScanner.maxRecordBytes * 3}, buffer_size = ${BUFFER_BYTES},
    columns = {${columns}})`
}

async function scan(
  work: Work,
  spec: Omit<StageSpec, 'content'>,
  from: string,
  to: string,
): Promise<Written> {
  const output = await open(to, 'wx', 0o600)
  try {
    const pending: Buffer[] = []
    const scanner = new RecordScanner({ ...spec, write: (bytes) => pending.push(bytes) })
    const decoder = decoderOf('utf-8')
    let bytes = 0
    let reportedAt = performance.now()
    const flush = async () => {
      for (const part of pending.splice(0)) await output.writeFile(part)
      if (scanner.rows > spec.maxRows) throw errors.FILE_TOO_LARGE({ limit: `${spec.maxRows} rows` })
    }
    for await (const chunk of createReadStream(from, { highWaterMark: CHUNK_BYTES })) {
      if (work.interrupted) throw errors.CANCELLED()
      bytes += (chunk as Buffer).length
      scanner.push(decoder.decode(chunk as Buffer), false)
      await flush()
      if (performance.now() - reportedAt < PROGRESS_MS) continue
      reportedAt = performance.now()
      work.report({ type: 'progress', progress: { phase: 'decode', rows: scanner.rows, bytes } })
    }
    scanner.push(decoder.end(), true)
    await flush()
    return { rows: scanner.rows, faults: scanner.faults, bytes }
  } finally {
    await output.close()
  }
}

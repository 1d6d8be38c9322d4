import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from '../emitter/literal.ts'
import type { Staged, StageSpec } from '../plane.ts'
import { errors } from '../refusals.ts'
import { RecordScanner } from '../scanner.ts'
import { simpleLines } from '../simple.ts'
import type { Work } from './main.ts'
import { guarded, parquetRows } from './parquet-table.ts'
import { type WrittenFile, writeParquet } from './parquet.ts'
import { withReceived } from './received.ts'
import { scan, type Written } from './scan.ts'
import { type TableSpec, writeTable } from './write-table.ts'

/** What DuckDB reads at once and keeps until it is written; by itself it would take sixteen of the longest lines. */
const BUFFER_BYTES = 8 * 1_048_576

/**
 * Stores every record of the received file as text. A delimited file that any reader reads alike goes straight to
 * DuckDB; every other one is first decoded and parted into records by our own scanner.
 */
export async function stage(work: Work, spec: Omit<StageSpec, 'content'>, token: string): Promise<Staged> {
  return withReceived(work, token, spec.isGzip === true, async (path) => {
    if (spec.table !== undefined) return stageTable(work, { ...spec, table: spec.table }, token, path)
    return (await stageSimple(work, spec, token, path)) ?? stageScanned(work, spec, token, path)
  })
}

/** Rows of a workbook, a JSON or a Parquet file. */
async function stageTable(work: Work, spec: TableSpec, token: string, path: string): Promise<Staged> {
  const { table } = spec
  if (table.kind !== 'parquet')
    return stageRecords(work, spec, token, async function* (records) {
      const written = await writeTable(work, { ...spec, table }, path, records)
      yield records
      return written
    })
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
  const { encoding, delimiter, skipRecords, width, maxRows } = spec
  if (encoding !== 'utf-8') return undefined
  const lines = await simpleLines(received, () => work.interrupted)
  if (work.interrupted) throw errors.CANCELLED()
  const rows = (lines ?? 0) - skipRecords
  if (rows <= 0) return undefined
  if (rows > maxRows) throw errors.FILE_TOO_LARGE({ limit: `${maxRows} rows` })
  work.report({ type: 'progress', progress: { phase: 'read', rows, bytes: 0, share: 0 } })
  const select = `select cast(${skipRecords} as bigint) as _skip, *
    from ${csv(received, delimiter, cellColumns(width), skipRecords)}`
  try {
    const file = await writeParquet(work.connection, work.folder, `${token}.staged`, [select], 'brief')
    if (file === undefined) return undefined
    // DuckDB's count must be ours, or the numbers of the lines would be wrong.
    if (file.rows === rows) return { sha256: file.sha256, rows, bytes: file.bytes, faults: 0 }
    if (!file.existed) await rm(join(work.folder, 'snapshots', `${file.sha256}.parquet`))
    return undefined
  } catch (error) {
    if (error instanceof Error && /^(Invalid Input|Conversion) Error/.test(error.message)) return undefined
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

/** Stores parts of records one behind the other; the next one is written while the engine reads the last. */
async function stageRecords(
  work: Work,
  { width, delimiter }: Pick<StageSpec, 'width' | 'delimiter'>,
  token: string,
  write: (records: string) => AsyncGenerator<string, Written>,
): Promise<Staged> {
  const { connection, folder, report } = work
  const columns = `'_line': 'BIGINT', '_fault': 'VARCHAR', '_raw': 'VARCHAR', ${cellColumns(width)}`
  const parts = write(join(folder, 'staging', `${token}.records`))
  let faults = 0
  const ended = ({ rows, bytes }: Written, count: number) => {
    // Of one part the engine's share is the share of all.
    report({ type: 'progress', progress: { phase: 'read', rows, bytes, ...(count === 1 && { share: 0 }) } })
  }
  async function* statements(): AsyncGenerator<string> {
    let next = parts.next()
    for (let count = 1; ; count += 1) {
      const part = await next
      if (part.done) {
        faults = part.value.faults
        return
      }
      next = parts.next()
      // What it refuses is told when it is waited for.
      next.then(
        ({ done, value }) => done && ended(value, count),
        () => undefined,
      )
      yield `select * from ${csv(part.value, delimiter, columns, 0)}`
      await rm(part.value)
    }
  }
  try {
    const file = await writeParquet(connection, folder, `${token}.staged`, statements(), 'brief')
    return stagedFile(file, faults)
  } finally {
    await parts.return({ rows: 0, faults: 0, bytes: 0 })
  }
}

function stagedFile(file: WrittenFile | undefined, faults: number): Staged {
  if (file === undefined) return { sha256: '', rows: 0, bytes: 0, faults: 0 }
  return { sha256: file.sha256, rows: file.rows, bytes: file.bytes, faults }
}

const cellColumns = (width: number) =>
  Array.from({ length: width }, (_, index) => `'c${index}': 'VARCHAR'`).join(', ')

function csv(path: string, delimiter: string, columns: string, skip: number): string {
  return `read_csv(${text(path)}, auto_detect = false, header = false, skip = ${skip}, delim = ${text(delimiter)},
    quote = '"', escape = '"', new_line = '\\n', nullstr = '', max_line_size = ${RecordScanner.maxRecordBytes * 3},
    buffer_size = ${BUFFER_BYTES},
    columns = {${columns}})`
}

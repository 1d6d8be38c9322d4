import { createReadStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from '../emitter/literal.ts'
import type { Staged, StageSpec } from '../plane.ts'
import { errors } from '../refusals.ts'
import { decoderFor } from '../decode.ts'
import { RecordScanner } from '../scanner.ts'
import type { Work } from './main.ts'
import { writeParquet } from './parquet.ts'

const CHUNK_BYTES = 1_048_576
const PROGRESS_MS = 1_000

/** Decodes and parts the received file into records, then lets DuckDB store them as text. */
export async function stage(work: Work, spec: Omit<StageSpec, 'content'>, token: string): Promise<Staged> {
  const { connection, folder, report } = work
  const received = join(folder, 'staging', `${token}.received`)
  const records = join(folder, 'staging', `${token}.records`)
  try {
    const { rows, faults, bytes } = await scan(work, spec, received, records)
    report({ type: 'progress', progress: { phase: 'read', rows, bytes } })
    const cells = Array.from({ length: spec.width }, (_, index) => `'c${index}': 'VARCHAR'`).join(', ')
    const file = await writeParquet(
      connection,
      folder,
      `${token}.staged`,
      `select * from read_csv(${text(records)}, auto_detect = false, header = false, delim = ${text(spec.delimiter)},
         quote = '"', escape = '"', new_line = '\\n', nullstr = '', max_line_size = ${RecordScanner.maxRecordBytes * 3},
         columns = {'_line': 'BIGINT', '_fault': 'VARCHAR', '_raw': 'VARCHAR', ${cells}})`,
    )
    if (file === undefined) return { sha256: '', rows: 0, bytes: 0, faults: 0 }
    return { sha256: file.sha256, rows: file.rows, bytes: file.bytes, faults }
  } finally {
    await rm(records, { force: true })
  }
}

async function scan(work: Work, spec: Omit<StageSpec, 'content'>, from: string, to: string) {
  const output = await open(to, 'wx', 0o600)
  try {
    const pending: Buffer[] = []
    const scanner = new RecordScanner({ ...spec, write: (bytes) => pending.push(bytes) })
    const decoder = decoderFor(spec.encoding)
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

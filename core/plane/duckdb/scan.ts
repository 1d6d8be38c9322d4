import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { decoderFor } from '../decode.ts'
import type { StageSpec } from '../plane.ts'
import { errors } from '../refusals.ts'
import { RecordScanner } from '../scanner.ts'
import type { Work } from './main.ts'

const CHUNK_BYTES = 1_048_576
const PROGRESS_MS = 1_000
/** Large enough for DuckDB's threads to share a part, small enough for the first to be ready soon. */
const PART_BYTES = 64 * 1_048_576

/** What was written as a strict table of `_line, _fault, _raw, cells…`. */
export interface Written {
  readonly rows: number
  readonly faults: number
  readonly bytes: number
}

/**
 * Decodes a received file and parts it into records, some 64 MB in a file of their own, `<to>.0`, `<to>.1` …, each given
 * as soon as it is whole; whoever takes it removes it.
 *
 * @throws PLANE_CANCELLED, PLANE_FILE_TOO_LARGE
 */
export async function* scan(
  work: Work,
  spec: Omit<StageSpec, 'content'>,
  from: string,
  to: string,
): AsyncGenerator<string, Written> {
  const pending: Buffer[] = []
  const scanner = new RecordScanner({ ...spec, write: (bytes) => pending.push(bytes) })
  const decoder = decoderFor(spec.encoding)
  let part = 0
  let partBytes = 0
  let output: FileHandle | undefined
  const flush = async () => {
    for (const block of pending.splice(0)) {
      output ??= await open(`${to}.${part}`, 'wx', 0o600)
      await output.writeFile(block)
      partBytes += block.length
    }
    if (scanner.rows > spec.maxRows) throw errors.FILE_TOO_LARGE({ limit: `${spec.maxRows} rows` })
  }
  const finish = async () => {
    await output?.close()
    output = undefined
    partBytes = 0
    part += 1
    return `${to}.${part - 1}`
  }
  let bytes = 0
  let reportedAt = performance.now()
  try {
    for await (const chunk of createReadStream(from, { highWaterMark: CHUNK_BYTES })) {
      if (work.interrupted) throw errors.CANCELLED()
      bytes += (chunk as Buffer).length
      scanner.push(decoder.decode(chunk as Buffer), false)
      await flush()
      if (partBytes >= PART_BYTES) yield await finish()
      if (performance.now() - reportedAt < PROGRESS_MS) continue
      reportedAt = performance.now()
      work.report({ type: 'progress', progress: { phase: 'decode', rows: scanner.rows, bytes } })
    }
    scanner.push(decoder.end(), true)
    await flush()
    if (output !== undefined) yield await finish()
    return { rows: scanner.rows, faults: scanner.faults, bytes }
  } finally {
    await output?.close()
  }
}

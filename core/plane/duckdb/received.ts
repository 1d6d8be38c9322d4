import { createReadStream, createWriteStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Encoding } from '../../text/encoding.ts'
import { errors } from '../refusals.ts'
import { decoderOf } from '../../text/decode.ts'
import { gunzipped } from '../tables/unpack.ts'
import type { Work } from './main.ts'

const CHUNK_BYTES = 1_048_576
const PROGRESS_MS = 1_000

export interface Wrapping {
  readonly isGzip: boolean
  /** Of a text that is wanted in UTF-8; what means nothing becomes U+FFFD. */
  readonly encoding?: Encoding
}

/**
 * Gives `use` the path of the file that was received, unpacked where it was packed and decoded where that is asked.
 *
 * @throws PLANE_CANCELLED while it unpacks or decodes, and what {@link gunzipped} throws
 */
export async function withReceived<Result>(
  work: Pick<Work, 'folder' | 'interrupted' | 'report'>,
  token: string,
  { isGzip, encoding = 'utf-8' }: Wrapping,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  const { folder } = work
  const received = join(folder, 'staging', `${token}.received`)
  if (!isGzip && encoding === 'utf-8') return use(received)
  const unpacked = join(folder, 'staging', `${token}.unpacked`)
  try {
    const { size } = await stat(received)
    const content = createReadStream(received, { highWaterMark: CHUNK_BYTES })
    const plain = whileWanted(work, isGzip ? gunzipped(content, size) : content)
    const text = encoding === 'utf-8' ? plain : decoded(work, plain, encoding)
    await pipeline(text, createWriteStream(unpacked, { flags: 'wx', mode: 0o600 }))
    return await use(unpacked)
  } finally {
    await rm(unpacked, { force: true })
  }
}

async function* whileWanted(
  work: Pick<Work, 'interrupted'>,
  pieces: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    if (work.interrupted) throw errors.CANCELLED()
    yield piece
  }
}

async function* decoded(
  { report }: Pick<Work, 'report'>,
  pieces: AsyncIterable<Buffer>,
  encoding: Encoding,
): AsyncGenerator<Buffer> {
  const decoder = decoderOf(encoding)
  let bytes = 0
  let reportedAt = performance.now()
  for await (const piece of pieces) {
    bytes += piece.length
    yield decoder.decode(piece)
    if (performance.now() - reportedAt < PROGRESS_MS) continue
    reportedAt = performance.now()
    report({ type: 'progress', progress: { phase: 'decode', rows: 0, bytes } })
  }
  yield decoder.end()
}

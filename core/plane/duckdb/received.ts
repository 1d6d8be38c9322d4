import { createReadStream, createWriteStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { errors } from '../refusals.ts'
import { gunzipped } from '../tables/unpack.ts'
import type { Work } from './main.ts'

/**
 * Gives `use` the path of the file that was received, unpacked where it was packed.
 *
 * @throws PLANE_CANCELLED while it unpacks, and what {@link gunzipped} throws
 */
export async function withReceived<Result>(
  work: Pick<Work, 'folder' | 'interrupted'>,
  token: string,
  isGzip: boolean,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  const { folder } = work
  const received = join(folder, 'staging', `${token}.received`)
  if (!isGzip) return use(received)
  const unpacked = join(folder, 'staging', `${token}.unpacked`)
  try {
    const { size } = await stat(received)
    await pipeline(
      whileWanted(work, gunzipped(createReadStream(received), size)),
      createWriteStream(unpacked, { flags: 'wx', mode: 0o600 }),
    )
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

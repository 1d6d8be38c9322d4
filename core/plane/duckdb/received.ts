import { createReadStream, createWriteStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { gunzipped } from '../tables/unpack.ts'
import type { Work } from './main.ts'

/** Gives `use` the path of the file that was received, unpacked where it was packed. */
export async function withReceived<Result>(
  { folder }: Pick<Work, 'folder'>,
  token: string,
  isGzip: boolean,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  const received = join(folder, 'staging', `${token}.received`)
  if (!isGzip) return use(received)
  const unpacked = join(folder, 'staging', `${token}.unpacked`)
  try {
    const { size } = await stat(received)
    await pipeline(
      gunzipped(createReadStream(received), size),
      createWriteStream(unpacked, { flags: 'wx', mode: 0o600 }),
    )
    return await use(unpacked)
  } finally {
    await rm(unpacked, { force: true })
  }
}

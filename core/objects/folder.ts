import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream'
import { pipeline as finished } from 'node:stream/promises'
import type { ObjectStore, PlacedFile } from '../objects.ts'
import { isPlacedName } from './placed.ts'
import { errors } from './refusals.ts'
import { isDiskFull, spool, sync, verifying } from './spool.ts'

/** Objects as files `sha256/<first two>/<hex>` under `folder`, spooled beside them on the same disk. */
export function openFolderStore(folder: string): ObjectStore {
  const spoolFolder = join(folder, 'spool')
  const pathOf = (sha256: string) => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw errors.OBJECT_NOT_FOUND({ sha256: sha256.slice(0, 64) })
    return join(folder, 'sha256', sha256.slice(0, 2), sha256)
  }

  return {
    async put(content) {
      const { path: spooled, sha256, sizeBytes } = await spool(spoolFolder, content)
      try {
        const path = pathOf(sha256)
        await mkdir(dirname(path), { recursive: true })
        // The same name means the same bytes, so replacing an existing file loses nothing.
        await rename(spooled, path)
        await sync(dirname(path))
      } catch (error) {
        await rm(spooled, { force: true })
        throw isDiskFull(error) ? errors.DISK_FULL({ disk: 'objects' }) : error
      }
      return { sha256, sizeBytes }
    },

    async get(sha256) {
      const file = await open(pathOf(sha256)).catch((error: unknown) => {
        throw isAbsent(error) ? errors.OBJECT_NOT_FOUND({ sha256 }) : errors.STORE_UNAVAILABLE()
      })
      // The reader sees a failure of the file as an error of the stream it holds.
      return pipeline(file.createReadStream(), verifying(sha256), () => {})
    },

    async has(sha256) {
      try {
        return (await stat(pathOf(sha256))).isFile()
      } catch (error) {
        if (isAbsent(error)) return false
        throw error
      }
    },

    async remove(sha256) {
      await rm(pathOf(sha256), { force: true })
    },

    placed: (prefix, signal) => placedUnder(folder, prefix, signal),

    async openPlaced(name) {
      const path = isPlacedName(name) ? join(folder, name) : undefined
      if (path === undefined || !(await isOwnFile(folder, path))) throw errors.PLACED_NOT_FOUND({ name })
      return createReadStream(path)
    },
  }
}

async function* placedUnder(folder: string, prefix: string, signal: AbortSignal): AsyncGenerator<PlacedFile> {
  const entries = await readdir(join(folder, prefix), { withFileTypes: true }).catch((error: unknown) => {
    if (isAbsent(error)) return []
    throw errors.STORE_UNAVAILABLE()
  })
  for (const entry of entries) {
    signal.throwIfAborted()
    const name = `${prefix}${entry.name}`
    // A link is neither: it might lead out of the folder.
    if (!isPlacedName(name)) continue
    if (entry.isDirectory()) yield* placedUnder(folder, `${name}/`, signal)
    else if (entry.isFile()) yield await placedFile(join(folder, name), name, signal)
  }
}

async function placedFile(path: string, name: string, signal: AbortSignal): Promise<PlacedFile> {
  const { size, mtime } = await stat(path)
  const hash = createHash('sha256')
  await finished(createReadStream(path), hash, { signal })
  return { name, sizeBytes: size, checksum: hash.digest('hex'), placedAt: mtime }
}

/** A plain file that no link on the way to it leads elsewhere. */
async function isOwnFile(folder: string, path: string): Promise<boolean> {
  try {
    const [root, real, entry] = await Promise.all([realpath(folder), realpath(path), lstat(path)])
    return entry.isFile() && real === join(root, path.slice(folder.length))
  } catch (error) {
    if (isAbsent(error)) return false
    throw errors.STORE_UNAVAILABLE()
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}

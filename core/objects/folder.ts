import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream'
import type { ObjectStore } from '../objects.ts'
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
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}

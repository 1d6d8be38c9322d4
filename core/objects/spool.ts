import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { StoredObject } from '../objects.ts'
import { errors } from './refusals.ts'

export interface Spooled extends StoredObject {
  /** A whole file on our own disk, synced; whoever spooled it moves or removes it. */
  readonly path: string
}

const RESERVE_BYTES = 500 * 1_048_576
const RESERVE_SHARE = 0.05

/**
 * Writes `content` to a file of our own while hashing it, so that no store ever holds half an object and
 * a slow sender never holds a connection to the store. On any failure nothing is left behind.
 *
 * @throws OBJECTS_DISK_FULL; what the source itself throws passes through
 */
export async function spool(folder: string, content: Readable | Buffer): Promise<Spooled> {
  await mkdir(folder, { recursive: true })
  await requireRoom(folder)
  const path = join(folder, randomUUID())
  const hash = createHash('sha256')
  let sizeBytes = 0
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      sizeBytes += chunk.length
      done(null, chunk)
    },
  })
  try {
    const source = Buffer.isBuffer(content) ? Readable.from([content]) : content
    await pipeline(source, measure, createWriteStream(path, { flags: 'wx', mode: 0o600 }))
    await sync(path)
  } catch (error) {
    await rm(path, { force: true })
    throw isDiskFull(error) ? errors.DISK_FULL({ disk: 'objects' }) : error
  }
  return { path, sizeBytes, sha256: hash.digest('hex') }
}

/** Flushes a file, or a folder's entries, to the disk. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}

/** Stops early, at 5 % or 500 MB whichever is less, so that cases can still be saved (4.4). */
async function requireRoom(folder: string): Promise<void> {
  const { bavail, blocks, bsize } = await statfs(folder)
  if (bavail * bsize < Math.min(RESERVE_BYTES, blocks * bsize * RESERVE_SHARE))
    throw errors.DISK_FULL({ disk: 'objects' })
}

/** Fails a reader at the end when what it read is not what the name promises. */
export function verifying(sha256: string): Transform {
  const hash = createHash('sha256')
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
    flush(done) {
      done(hash.digest('hex') === sha256 ? null : errors.OBJECT_DAMAGED({ sha256 }))
    },
  })
}

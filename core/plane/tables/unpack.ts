import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { DomainError } from '../../errors.ts'
import { errors } from '../refusals.ts'

/** What a packed file may become. */
export const MAX_UNPACKED_BYTES = 4_096 * 1_048_576
/** More than real registers reach (repetitive ones 50 to 1); a bomb of deflate has 1,000 to 1. */
export const MAX_RATIO = 200
/** Small files may be as repetitive as they like. */
export const RATIO_FROM_BYTES = 16 * 1_048_576

/** Whether an unpacked size is out of all proportion to the packed one. */
export function isBomb(unpackedBytes: number, packedBytes: number): boolean {
  if (unpackedBytes > MAX_UNPACKED_BYTES) return true
  return unpackedBytes > RATIO_FROM_BYTES && unpackedBytes > packedBytes * MAX_RATIO
}

/**
 * The content of a gzip file, a piece at a time, watched while it grows.
 *
 * @param packedBytes size of the file
 * @throws PLANE_FILE_UNREADABLE cut, corrupt or a bomb
 */
export async function* gunzipped(content: Readable, packedBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0
  const unpacking = content.pipe(createGunzip())
  content.on('error', (error) => unpacking.destroy(error))
  try {
    for await (const chunk of unpacking) {
      bytes += (chunk as Buffer).length
      if (isBomb(bytes, packedBytes)) throw errors.FILE_UNREADABLE({ reason: 'gzip: bomb' })
      yield chunk as Buffer
    }
  } catch (error) {
    throw unreadable('gzip', error)
  } finally {
    content.destroy()
    unpacking.destroy()
  }
}

/** A parser's complaint as our refusal; refusals stay what they are. */
export function unreadable(reason: string, error: unknown): unknown {
  return error instanceof DomainError
    ? error
    : Object.assign(errors.FILE_UNREADABLE({ reason }), { cause: error })
}

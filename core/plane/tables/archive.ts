import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import { type Entry, fromBufferPromise, openPromise, type ZipFile } from 'yauzl'
import { errors } from '../refusals.ts'
import { isBomb, MAX_UNPACKED_BYTES, unreadable } from './unpack.ts'

const MAX_ENTRIES = 20_000

/** A zip file whose every entry was looked at before any is unpacked. */
export interface Archive {
  has(name: string): boolean
  /** @param maxBytes of the unpacked entry @throws PLANE_FILE_UNREADABLE, PLANE_FILE_TOO_LARGE */
  open(name: string, maxBytes?: number): Promise<Readable>
  close(): void
}

/**
 * Looks at the directory of a zip file: more entries, larger or more tightly packed ones than a workbook has
 * are refused before a byte of them is unpacked.
 *
 * @param source the path of a file, or its bytes
 * @param maxBytes of all entries, unpacked
 * @throws PLANE_FILE_UNREADABLE
 */
export async function openArchive(source: string | Buffer, maxBytes = MAX_UNPACKED_BYTES): Promise<Archive> {
  const size = typeof source === 'string' ? (await stat(source)).size : source.length
  const options = { autoClose: false, lazyEntries: true, validateEntrySizes: true }
  let zip: ZipFile | undefined
  try {
    zip = await (typeof source === 'string'
      ? openPromise(source, options)
      : fromBufferPromise(source, options))
    const entries = await entriesOf(zip, size, maxBytes)
    return archive(zip, entries)
  } catch (error) {
    zip?.close()
    throw unreadable('zip', error)
  }
}

async function entriesOf(zip: ZipFile, size: number, maxBytes: number): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>()
  let bytes = 0
  for await (const entry of zip.eachEntry()) {
    bytes += entry.uncompressedSize
    if (
      entries.size >= MAX_ENTRIES ||
      isBomb(entry.uncompressedSize, entry.compressedSize) ||
      isBomb(bytes, size) ||
      bytes > maxBytes
    )
      throw errors.FILE_UNREADABLE({ reason: 'zip: bomb' })
    if (entry.isEncrypted()) throw errors.FILE_UNREADABLE({ reason: 'zip: encrypted' })
    entries.set(entry.fileName, entry)
  }
  return entries
}

function archive(zip: ZipFile, entries: ReadonlyMap<string, Entry>): Archive {
  return {
    has: (name) => entries.has(name),
    async open(name, maxBytes = Infinity) {
      const entry = entries.get(name)
      if (entry === undefined) throw errors.FILE_UNREADABLE({ reason: `zip: ${name.slice(0, 100)}` })
      if (entry.uncompressedSize > maxBytes)
        throw errors.FILE_TOO_LARGE({ limit: `${maxBytes} bytes, ${name.slice(0, 100)}` })
      try {
        return Readable.from(checked(await zip.openReadStreamPromise(entry), entry.crc32))
      } catch (error) {
        throw unreadable('zip', error)
      }
    },
    close: () => zip.close(),
  }
}

/** The content as it was packed: a flipped bit may well unpack to other text. */
async function* checked(content: Readable, expected: number): AsyncGenerator<Buffer> {
  let sum = 0
  for await (const chunk of content) {
    sum = crc32(chunk as Buffer, sum)
    yield chunk as Buffer
  }
  if (sum !== expected) throw errors.FILE_UNREADABLE({ reason: 'zip: checksum' })
}

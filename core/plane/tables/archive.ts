import type { Readable } from 'node:stream'
import { stat } from 'node:fs/promises'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { errors } from '../refusals.ts'
import { isBomb, unreadable } from './unpack.ts'

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
 * @throws PLANE_FILE_UNREADABLE
 */
export async function openArchive(path: string): Promise<Archive> {
  const { size } = await stat(path)
  let zip: ZipFile | undefined
  try {
    zip = await openPromise(path, { autoClose: false, lazyEntries: true, validateEntrySizes: true })
    const entries = await entriesOf(zip, size)
    return archive(zip, entries)
  } catch (error) {
    zip?.close()
    throw unreadable('zip', error)
  }
}

async function entriesOf(zip: ZipFile, size: number): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>()
  let bytes = 0
  for await (const entry of zip.eachEntry()) {
    bytes += entry.uncompressedSize
    if (
      entries.size >= MAX_ENTRIES ||
      isBomb(entry.uncompressedSize, entry.compressedSize) ||
      isBomb(bytes, size)
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
        return await zip.openReadStreamPromise(entry)
      } catch (error) {
        throw unreadable('zip', error)
      }
    },
    close: () => zip.close(),
  }
}

import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'

/** The parts of an archive by their names. */
export type Parts = ReadonlyMap<string, Buffer>

const DEFLATE = 8
const STORED = 0
/** 1 January 1980: the same parts make the same bytes. */
const DOS_DATE = 0x21
const UTF8_NAMES = 0x800

/** A ZIP archive of a few parts. */
export function writeZip(parts: Parts): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, content] of parts) {
    const packed = deflateRawSync(content)
    const path = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(UTF8_NAMES, 2)
    common.writeUInt16LE(DEFLATE, 4)
    common.writeUInt16LE(DOS_DATE, 8)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(path.length, 22)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    files.push(Buffer.from('PK\x03\x04'), common, path, packed)
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), common, tail, path)
    offset += 30 + path.length + packed.length
  }
  const entries = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(parts.size, 8)
  end.writeUInt16LE(parts.size, 10)
  end.writeUInt32LE(entries.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...files, entries, end])
}

/**
 * The parts that `wanted` names, unpacked to at most `maxBytes` altogether, whatever their headers promise.
 * Undefined for what is no such archive, is broken or encrypted, or holds more.
 */
export function readZip(
  bytes: Buffer,
  wanted: (name: string) => boolean,
  maxBytes: number,
): Parts | undefined {
  try {
    return unpacked(bytes, wanted, maxBytes)
  } catch (error) {
    // Offsets beyond the end, streams that are none, and parts over the limit.
    if (error instanceof RangeError || (error instanceof Error && 'code' in error)) return undefined
    throw error
  }
}

function unpacked(bytes: Buffer, wanted: (name: string) => boolean, maxBytes: number): Parts | undefined {
  const end = bytes.lastIndexOf('PK\x05\x06')
  if (end < 0) return undefined
  const parts = new Map<string, Buffer>()
  let at = bytes.readUInt32LE(end + 16)
  let left = maxBytes
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count--) {
    if (bytes.readUInt32LE(at) !== 0x02014b50) return undefined
    const method = bytes.readUInt16LE(at + 10)
    const size = bytes.readUInt32LE(at + 20)
    const nameLength = bytes.readUInt16LE(at + 28)
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength)
    const local = bytes.readUInt32LE(at + 42)
    const crcAt = at + 16
    const isEncrypted = (bytes.readUInt16LE(at + 8) & 1) === 1
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
    if (!wanted(name)) continue
    if (isEncrypted || parts.has(name) || (method !== DEFLATE && method !== STORED)) return undefined
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const packed = bytes.subarray(start, start + size)
    const content =
      method === STORED ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(1, left) })
    left -= content.length
    if (left < 0 || crc32(content) !== bytes.readUInt32LE(crcAt)) return undefined
    parts.set(name, content)
  }
  return parts
}

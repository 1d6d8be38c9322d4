import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { readStruct, type ThriftList, type ThriftStruct, writeStruct } from './thrift.ts'

const MAGIC = Buffer.from('PAR1')
/** Length of the footer and the mark behind it. */
const TAIL_BYTES = 8
const CHUNK_BYTES = 1_048_576

/** Fields of Parquet's metadata, by the numbers its specification (apache/parquet-format, parquet.thrift) gives them. */
const FILE = { rows: 3, rowGroups: 4 }
const ROW_GROUP = { columns: 1, offset: 5, ordinal: 7 }
const COLUMN = { offset: 2, metadata: 3, offsetIndex: 4, columnIndex: 6 }
const METADATA = { data: 9, index: 10, dictionary: 11, bloomFilter: 14 }

/**
 * Joins Parquet files of one schema, as one program wrote them, into one of all their row groups: the data is copied as
 * it stands, only offsets in the footer move. So a sorted file can be written range by range, each joined while the next
 * is still made.
 */
export class ParquetJoin {
  readonly #output: FileHandle
  readonly #digest = createHash('sha256')
  #end = 0
  #whole: ThriftStruct | undefined

  private constructor(output: FileHandle) {
    this.#output = output
  }

  static async open(to: string): Promise<ParquetJoin> {
    return new ParquetJoin(await open(to, 'wx', 0o600))
  }

  /** Puts a part behind those before it, one at a time; the part itself stays. */
  async add(part: string): Promise<void> {
    const { footer, dataEnd } = await footerOf(part)
    if (this.#end === 0) await this.#write(MAGIC)
    moveOffsets(footer, BigInt(this.#end - MAGIC.length))
    if (dataEnd > MAGIC.length) {
      const data = { start: MAGIC.length, end: dataEnd - 1, highWaterMark: CHUNK_BYTES }
      for await (const chunk of createReadStream(part, data)) await this.#write(chunk as Buffer)
    }
    this.#whole = this.#whole === undefined ? footer : joined(this.#whole, footer)
  }

  /** Writes the footer. @returns the SHA-256 of the file, in hexadecimal digits */
  async end(): Promise<string> {
    if (this.#whole === undefined) throw new Error('there is nothing to join')
    for (const [at, group] of groupsOf(this.#whole).entries()) {
      const ordinal = group.get(ROW_GROUP.ordinal)
      if (ordinal) ordinal.value = BigInt(at)
    }
    const footer = writeStruct(this.#whole)
    const length = Buffer.alloc(4)
    length.writeUInt32LE(footer.length)
    await this.#write(Buffer.concat([footer, length, MAGIC]))
    return this.#digest.digest('hex')
  }

  close(): Promise<void> {
    return this.#output.close()
  }

  async #write(bytes: Buffer): Promise<void> {
    await this.#output.writeFile(bytes)
    this.#digest.update(bytes)
    this.#end += bytes.length
  }
}

async function footerOf(path: string): Promise<{ footer: ThriftStruct; dataEnd: number }> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const tail = await bytesOf(file, size - TAIL_BYTES, TAIL_BYTES)
    if (!tail.subarray(4).equals(MAGIC)) throw new Error('a part is no Parquet file')
    const length = tail.readUInt32LE(0)
    const dataEnd = size - TAIL_BYTES - length
    return { footer: readStruct(await bytesOf(file, dataEnd, length)), dataEnd }
  } finally {
    await file.close()
  }
}

async function bytesOf(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  if (bytesRead < length) throw new Error('a part is cut')
  return buffer
}

function moveOffsets(footer: ThriftStruct, by: bigint): void {
  for (const group of groupsOf(footer)) {
    move(group, ROW_GROUP.offset, by)
    for (const column of listIn(group, ROW_GROUP.columns).items as ThriftStruct[]) {
      for (const id of [COLUMN.offset, COLUMN.offsetIndex, COLUMN.columnIndex]) move(column, id, by)
      const metadata = column.get(COLUMN.metadata)?.value
      if (!(metadata instanceof Map)) throw new Error('a part names no place of a column')
      for (const id of Object.values(METADATA)) move(metadata, id, by)
    }
  }
}

/** An offset of zero stands for none. */
function move(struct: ThriftStruct, id: number, by: bigint): void {
  const field = struct.get(id)
  if (field !== undefined && typeof field.value === 'bigint' && field.value > 0n) field.value += by
}

function joined(whole: ThriftStruct, next: ThriftStruct): ThriftStruct {
  const rows = whole.get(FILE.rows)
  const more = next.get(FILE.rows)?.value
  if (typeof rows?.value !== 'bigint' || typeof more !== 'bigint') throw new Error('a part counts no rows')
  rows.value += more
  listIn(whole, FILE.rowGroups).items.push(...listIn(next, FILE.rowGroups).items)
  return whole
}

const groupsOf = (footer: ThriftStruct) => listIn(footer, FILE.rowGroups).items as ThriftStruct[]

function listIn(struct: ThriftStruct, id: number): ThriftList {
  const value = struct.get(id)?.value
  if (value === undefined || typeof value !== 'object' || !('items' in value))
    throw new Error(`a part lacks list ${id}`)
  return value
}

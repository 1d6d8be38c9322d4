// The compact protocol of Apache Thrift, in which the footer of a Parquet file is written: as much of it as is needed
// to read a footer, move its offsets and write it again, whatever fields it has.

/** The kinds of the protocol by their numbers; 1 and 2 are true and false. */
const BYTE = 3
const DOUBLE = 7
const BINARY = 8
const LIST = 9
const SET = 10
const MAP = 11
const STRUCT = 12

export interface ThriftList {
  readonly kind: number
  readonly items: ThriftValue[]
}

export interface ThriftField {
  readonly kind: number
  value: ThriftValue
}

/** Fields by their number, in ascending order. */
export type ThriftStruct = Map<number, ThriftField>

export type ThriftValue = bigint | boolean | Buffer | ThriftList | ThriftStruct

/** @throws Error where the bytes are no struct of the protocol, or hold a map, which no footer has */
export function readStruct(bytes: Buffer): ThriftStruct {
  return new Reader(bytes).struct()
}

export function writeStruct(struct: ThriftStruct): Buffer {
  const parts: Buffer[] = []
  putStruct(parts, struct)
  return Buffer.concat(parts)
}

class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  struct(): ThriftStruct {
    const fields: ThriftStruct = new Map()
    let id = 0
    for (;;) {
      const head = this.#byte()
      if (head === 0) return fields
      const kind = head & 0x0f
      id = head >> 4 === 0 ? Number(this.#zigzag()) : id + (head >> 4)
      fields.set(id, { kind, value: kind <= 2 ? kind === 1 : this.#value(kind) })
    }
  }

  #value(kind: number): ThriftValue {
    if (kind <= 2) return this.#byte() === 1
    if (kind === BYTE) return this.#take(1)
    if (kind === DOUBLE) return this.#take(8)
    if (kind === BINARY) return this.#take(Number(this.#varint()))
    if (kind === LIST || kind === SET) return this.#list()
    if (kind === STRUCT) return this.struct()
    if (kind < BINARY) return this.#zigzag()
    throw new Error(`a Parquet footer holds kind ${kind}${kind === MAP ? ', a map' : ''}`)
  }

  #list(): ThriftList {
    const head = this.#byte()
    const size = head >> 4 === 15 ? Number(this.#varint()) : head >> 4
    const kind = head & 0x0f
    return { kind, items: Array.from({ length: size }, () => this.#value(kind)) }
  }

  #byte(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) throw new Error('a Parquet footer is cut')
    this.#at += 1
    return byte
  }

  #take(length: number): Buffer {
    const end = this.#at + length
    if (end > this.#bytes.length) throw new Error('a Parquet footer is cut')
    const taken = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return taken
  }

  #varint(): bigint {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#byte()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }

  #zigzag(): bigint {
    const value = this.#varint()
    return (value >> 1n) ^ -(value & 1n)
  }
}

function putStruct(parts: Buffer[], struct: ThriftStruct): void {
  let last = 0
  for (const [id, { kind, value }] of struct) {
    const written = typeof value === 'boolean' ? (value ? 1 : 2) : kind
    const step = id - last
    parts.push(
      step > 0 && step <= 15
        ? byte((step << 4) | written)
        : Buffer.concat([byte(written), zigzag(BigInt(id))]),
    )
    if (typeof value !== 'boolean') put(parts, kind, value)
    last = id
  }
  parts.push(byte(0))
}

function put(parts: Buffer[], kind: number, value: ThriftValue): void {
  if (typeof value === 'boolean') parts.push(byte(value ? 1 : 2))
  else if (typeof value === 'bigint') parts.push(zigzag(value))
  else if (value instanceof Map) putStruct(parts, value)
  else if (Buffer.isBuffer(value))
    parts.push(...(kind === BINARY ? [varint(BigInt(value.length)), value] : [value]))
  else {
    const { items } = value
    parts.push(byte(((items.length < 15 ? items.length : 15) << 4) | value.kind))
    if (items.length >= 15) parts.push(varint(BigInt(items.length)))
    for (const item of items) put(parts, value.kind, item)
  }
}

const byte = (value: number) => Buffer.from([value])

const zigzag = (value: bigint) => varint(value >= 0n ? value << 1n : (-value << 1n) - 1n)

function varint(value: bigint): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  bytes.push(Number(rest))
  return Buffer.from(bytes)
}

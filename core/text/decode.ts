import type { Encoding } from './encoding.ts'

export interface Decoder {
  /** UTF-8 bytes of what is complete so far. */
  decode(chunk: Uint8Array): Buffer
  /** The rest; a sequence that the end cuts means nothing. */
  end(): Buffer
}

/**
 * Decodes a stream piece by piece to UTF-8, without its byte order mark. What means nothing becomes U+FFFD. UTF-8 itself
 * passes untouched: whether it is sound is for the reader of records to see, who refuses what is not by its row (5.2).
 */
export function decoderOf(encoding: Encoding): Decoder {
  if (encoding === 'utf-8') return utf8()
  const decoder = new TextDecoder(encoding)
  return {
    decode: (chunk) => Buffer.from(decoder.decode(chunk, { stream: true })),
    end: () => Buffer.from(decoder.decode()),
  }
}

const MARK = Buffer.from([0xef, 0xbb, 0xbf])

function utf8(): Decoder {
  let head: Buffer | undefined = Buffer.alloc(0)
  return {
    decode(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      if (head === undefined) return bytes
      head = Buffer.concat([head, bytes])
      if (head.length < MARK.length) return Buffer.alloc(0)
      const whole = head
      head = undefined
      return whole.subarray(0, MARK.length).equals(MARK) ? whole.subarray(MARK.length) : whole
    },
    end: () => head ?? Buffer.alloc(0),
  }
}

/** The whole of a small sample as text. */
export function decodeSample(bytes: Uint8Array, encoding: Encoding): string {
  return new TextDecoder(encoding).decode(bytes, { stream: true })
}

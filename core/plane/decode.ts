import { type Decoder, decoderOf } from '../text/decode.ts'
import type { Encoding } from '../text/encoding.ts'

/**
 * Turns a stream of bytes into UTF-8. What means nothing becomes U+FFFD, which the scanner refuses by row.
 * UTF-8 itself passes untouched, only without its byte order mark; the scanner looks at its validity.
 */
export function decoderFor(encoding: Encoding): Pick<Decoder, 'decode' | 'end'> {
  return encoding === 'utf-8' ? utf8() : decoderOf(encoding)
}

const MARK = Buffer.from([0xef, 0xbb, 0xbf])

function utf8(): Pick<Decoder, 'decode' | 'end'> {
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

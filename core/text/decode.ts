import type { Encoding } from './encoding.ts'

/** Where bytes meant nothing in the encoding; they read U+FFFD. */
export interface Replacements {
  readonly count: number
  /** Lines that hold one, from 1, the first thousand of them. */
  readonly lines: readonly number[]
}

export interface Decoder {
  /** UTF-8 bytes of what is complete so far. */
  decode(chunk: Uint8Array): Buffer
  /** The rest; a sequence that the end cuts is a replacement. */
  end(): Buffer
  replacements(): Replacements
}

const REPLACEMENT = '\ufffd'
const MAX_LINES = 1_000

/** Decodes a stream piece by piece to UTF-8, without its byte order mark, counting and locating what it must replace. */
export function decoderOf(encoding: Encoding): Decoder {
  const decoder = new TextDecoder(encoding)
  const lines: number[] = []
  let count = 0
  let line = 1

  function locate(text: string): Buffer {
    let from = 0
    for (let at = text.indexOf(REPLACEMENT); at >= 0; at = text.indexOf(REPLACEMENT, at + 1)) {
      line += lineEnds(text, from, at)
      from = at
      count += 1
      if (lines.at(-1) !== line && lines.length < MAX_LINES) lines.push(line)
    }
    line += lineEnds(text, from, text.length)
    return Buffer.from(text)
  }

  return {
    decode: (chunk) => locate(decoder.decode(chunk, { stream: true })),
    end: () => locate(decoder.decode()),
    replacements: () => ({ count, lines }),
  }
}

function lineEnds(text: string, from: number, to: number): number {
  let ends = 0
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) ends += 1
  return ends
}

/** The whole of a small sample as text. */
export function decodeSample(bytes: Uint8Array, encoding: Encoding): string {
  return new TextDecoder(encoding).decode(bytes, { stream: true })
}

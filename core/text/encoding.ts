import { commonShare, type Script } from './common-characters.ts'

export type Encoding =
  'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030' | 'big5' | 'shift_jis' | 'euc-jp' | 'windows-1252'

export interface EncodingGuess {
  readonly encoding: Encoding
  /** 0 to 1; 1 when the bytes prove it. */
  readonly score: number
}

/** Enough to judge by; more bytes change no verdict seen. */
export const SAMPLE_BYTES = 256 * 1024
/** A guess this far ahead of the next one may be preselected. */
const CLEAR_LEAD = 0.1
const LEAST_SCORE = 0.5

const LEGACY: readonly (readonly [Encoding, Script])[] = [
  ['gb18030', 'simplified'],
  ['big5', 'traditional'],
  ['shift_jis', 'japanese'],
  ['euc-jp', 'japanese'],
  ['windows-1252', 'latin'],
]

/**
 * The best guesses, at most two, best first (5.2): byte order mark, then strict UTF-8, then every legacy
 * decoder by illegal sequences, share of common characters and known header words. Decoding without error
 * proves nothing: GB18030 decodes any Big5.
 */
export function guessEncodings(sample: Uint8Array, headerWords: readonly string[] = []): EncodingGuess[] {
  const bytes = sample.subarray(0, SAMPLE_BYTES)
  const marked = byMark(bytes) ?? withoutMark(bytes)
  if (marked) return [{ encoding: marked, score: 1 }]
  if (isUtf8(bytes)) return [{ encoding: 'utf-8', score: 1 }]
  return [
    ...LEGACY.map(([encoding, script]) => judged(bytes, encoding, script, headerWords)),
    nearlyUtf8(bytes),
  ]
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, 2)
}

/** Whether the first guess may stand without a person's look. */
export function isClear(guesses: readonly EncodingGuess[]): boolean {
  const [first, second] = guesses
  if (!first || first.score < LEAST_SCORE) return false
  return second === undefined || first.score - second.score >= CLEAR_LEAD
}

/** Whether the bytes speak against an encoding that a person or an earlier batch confirmed. */
export function contradicts(
  sample: Uint8Array,
  confirmed: Encoding,
  headerWords: readonly string[] = [],
): boolean {
  const guesses = guessEncodings(sample, headerWords)
  const [first] = guesses
  if (!first || first.encoding === confirmed || isAscii(sample.subarray(0, SAMPLE_BYTES))) return false
  return isClear(guesses) || first.score === 1
}

function byMark(bytes: Uint8Array): Encoding | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return undefined
}

/** UTF-16 shows by the zero bytes of its commas, digits and line ends: all on one side. */
function withoutMark(bytes: Uint8Array): Encoding | undefined {
  const zeros = [0, 0]
  for (let index = 0; index < bytes.length; index++)
    if (bytes[index] === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  if (Math.max(even, odd) < bytes.length * 0.02 || Math.max(even, odd) === 0) return undefined
  if (odd > even * 20) return 'utf-16le'
  return even > odd * 20 ? 'utf-16be' : undefined
}

const isAscii = (bytes: Uint8Array) => bytes.every((byte) => byte < 0x80)

/** Strict, but for a sequence that the end of the sample cuts. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}

/** A UTF-8 file with a few spoiled bytes is still no Big5. */
function nearlyUtf8(bytes: Uint8Array): EncodingGuess {
  const text = new TextDecoder('utf-8').decode(bytes, { stream: true })
  const { foreign, illegal } = counted(text)
  const score = foreign === 0 ? 0 : Math.max(0, 1 - (illegal / foreign) * 20) * 0.95
  return { encoding: 'utf-8', score }
}

function judged(
  bytes: Uint8Array,
  encoding: Encoding,
  script: Script,
  headerWords: readonly string[],
): EncodingGuess {
  const text = new TextDecoder(encoding).decode(bytes, { stream: true })
  const { foreign, illegal } = counted(text)
  if (foreign === 0) return { encoding, score: 0 }
  const head = text.slice(0, 4096)
  const known = headerWords.some((word) => /[^\0-\x7f]/.test(word) && head.includes(word)) ? 0.2 : 0
  const score = commonShare(text, script) * 0.8 + known - (illegal / foreign) * 5
  return { encoding, score: Math.min(0.99, Math.max(0, score)) }
}

/** Characters beyond ASCII, and those of them that mean nothing: replacements, private use, stray controls. */
function counted(text: string): { foreign: number; illegal: number } {
  let foreign = 0
  let illegal = 0
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    if (point < 0x80) continue
    foreign += 1
    if (point === 0xfffd || (point >= 0x80 && point < 0xa0) || (point >= 0xe000 && point <= 0xf8ff))
      illegal += 1
  }
  return { foreign, illegal }
}

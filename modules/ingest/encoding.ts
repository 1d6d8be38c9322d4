import type { Calendar } from '../../core/text/column.ts'
import { decodeSample } from '../../core/text/decode.ts'
import {
  contradicts,
  type Encoding,
  type EncodingGuess,
  guessEncodings,
  isClear,
} from '../../core/text/encoding.ts'
import { errors } from './batch.ts'

export interface EncodingHints {
  /** Names the columns may have. */
  readonly words: readonly string[]
  /** By a person. */
  readonly encoding?: Encoding | undefined
  /** For an earlier batch. */
  readonly confirmed?: Encoding | undefined
}

/** The beginning of a file as it reads in one of the encodings it may have. */
export interface EncodingPreview extends EncodingGuess {
  readonly lines: readonly string[]
}

const PREVIEW_LINES = 10
const PREVIEW_CHARACTERS = 200

/** The first ten lines under each guess (5.2). */
export function previewsOf(sample: Uint8Array, guesses: readonly EncodingGuess[]): EncodingPreview[] {
  return guesses.map((guess) => ({
    ...guess,
    lines: decodeSample(sample, guess.encoding)
      .split(/\r?\n/)
      .slice(0, PREVIEW_LINES)
      .map((line) => [...line].slice(0, PREVIEW_CHARACTERS).join('')),
  }))
}

/**
 * Which encoding to read by: the steward's word, else what was confirmed for the dataset unless the bytes
 * contradict it, else the guess when it is clear.
 *
 * @throws INGEST_FILE_ENCODING_MISMATCH, INGEST_FILE_ENCODING_UNCLEAR with two previews
 */
export function encodingOf(
  sample: Uint8Array,
  { words: headerWords, encoding: named, confirmed }: EncodingHints,
): { readonly encoding: Encoding; readonly guesses: EncodingGuess[] } {
  const guesses = guessEncodings(sample, headerWords)
  const [first] = guesses
  if (named !== undefined) {
    // Bytes that prove another encoding outweigh a word; likeness does not.
    if (first?.score === 1 && contradicts(sample, named, headerWords))
      throw errors.FILE_ENCODING_MISMATCH({ confirmed: named, found: first.encoding })
    return { encoding: named, guesses }
  }
  if (confirmed !== undefined) {
    if (contradicts(sample, confirmed, headerWords))
      throw errors.FILE_ENCODING_MISMATCH({ confirmed, found: first?.encoding ?? '?' })
    return { encoding: confirmed, guesses }
  }
  if (first === undefined || !isClear(guesses)) {
    const params = {
      guesses: guesses.map(({ encoding }) => encoding).join(', ') || '?',
      /** For a person to compare: {@link EncodingPreview} as JSON. */
      previews: JSON.stringify(previewsOf(sample, guesses)),
    }
    throw errors.FILE_ENCODING_UNCLEAR(params)
  }
  return { encoding: first.encoding, guesses }
}

const ENCODINGS: readonly Encoding[] = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'gb18030',
  'big5',
  'shift_jis',
  'euc-jp',
  'windows-1252',
]
/** What people call them. */
const ENCODING_NAMES: Readonly<Record<string, Encoding>> = {
  utf8: 'utf-8',
  gbk: 'gb18030',
  gb2312: 'gb18030',
  sjis: 'shift_jis',
}

/** @throws INGEST_MAPPING_INVALID */
export function knownEncoding(name: string): Encoding {
  const lower = name.trim().toLowerCase()
  const known = ENCODING_NAMES[lower] ?? ENCODINGS.find((each) => each === lower)
  if (known === undefined) throw errors.MAPPING_INVALID({ reason: `encoding ${name}` })
  return known
}

const CALENDARS: readonly Calendar[] = ['gregorian', 'roc', 'japanese', 'day-first', 'auto']

/** @throws INGEST_MAPPING_INVALID */
export function knownCalendar(name: string | null | undefined): Calendar | undefined {
  if (name === null || name === undefined) return undefined
  const known = CALENDARS.find((each) => each === name)
  if (known === undefined) throw errors.MAPPING_INVALID({ reason: `calendar ${name}` })
  return known
}

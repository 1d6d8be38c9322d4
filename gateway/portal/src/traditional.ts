import { ConverterFactory } from 'opencc-js/core'
import cn from 'opencc-js/from/cn'
import twp from 'opencc-js/to/twp'
import { withWords } from './traditional.words.ts'
import words from './zh-TW.words.json'

const convert = withWords(words, ConverterFactory(cn, twp))
const known = new Map<string, string>()

/** Server texts for readers in Taiwan, by the same tables as the build; a chunk of its own, loaded on demand. */
export function toTraditional(text: string): string {
  const kept = known.get(text)
  if (kept !== undefined) return kept
  const converted = convert(text)
  known.set(text, converted)
  return converted
}

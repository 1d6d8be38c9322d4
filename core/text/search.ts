import { pinyin } from 'pinyin-pro'
import { runsOf } from './fold.ts'

/** Longest piece of initials or pinyin that a search may begin with, in characters of the name. */
const PINYIN_REACH = 8
/** A name is found by its pinyin, a long text is not worth it. */
const PINYIN_CHARACTERS = 60
/** tsvector holds positions up to 16,383; what comes after is not found by phrase anyway. */
const MAX_CHARACTERS = 4_000

/**
 * Words for `to_tsvector('simple', …)`: Chinese as bigrams in order (so that a phrase finds any part of two
 * characters or more), then its single characters, then full pinyin and initials from every character on,
 * and Latin words and numbers as they are.
 */
export function searchTokens(text: string): string {
  const runs = runsOf(text.slice(0, MAX_CHARACTERS))
  const inOrder = runs.flatMap((run) => (run.ideographic ? bigrams(run.text) : [run.text]))
  const singles = new Set(runs.flatMap((run) => (run.ideographic ? [...run.text] : [])))
  return [...inOrder, ...singles, ...sounds(runs.filter((run) => run.ideographic))].join(' ')
}

/** A word of so many bytes is none to PostgreSQL. */
const LONGEST_BYTES = 2_047
const LAST_POSITION = 16_383
/** Of one word; what comes after is left out. */
const MOST_POSITIONS = 255

/** A number with an exponent, `1e5`, is a word to PostgreSQL, and what follows it at once another. */
const EXPONENT = /^(\d+e\d+)(\D.*)$/

/**
 * The text of the tsvector that `to_tsvector('simple', …)` makes of {@link searchTokens}: where millions of rows are
 * written, the server need not parse the words that were just put together.
 */
export function searchVector(text: string): string {
  const places = new Map<string, number[]>()
  let position = 0
  const words = searchTokens(text)
    .split(' ')
    .flatMap((word) => EXPONENT.exec(word)?.slice(1) ?? word)
  for (const word of words) {
    if (word === '' || (word.length > LONGEST_BYTES / 4 && Buffer.byteLength(word) >= LONGEST_BYTES)) continue
    position = Math.min(position + 1, LAST_POSITION)
    const known = places.get(word)
    if (known === undefined) places.set(word, [position])
    else if (known.length < MOST_POSITIONS && known.at(-1) !== position) known.push(position)
  }
  return [...places].map(([word, at]) => `${word}:${at.join(',')}`).join(' ')
}

function sounds(runs: readonly { readonly text: string }[]): Set<string> {
  const found = new Set<string>()
  let left = PINYIN_CHARACTERS
  for (const { text } of runs) {
    const syllables = pinyin([...text].slice(0, left).join(''), {
      toneType: 'none',
      type: 'array',
      v: true,
    }).filter((syllable) => /^[a-z]+$/.test(syllable))
    left -= syllables.length
    for (let from = 0; from < syllables.length; from++) {
      const part = syllables.slice(from, from + PINYIN_REACH)
      found.add(part.join(''))
      if (part.length > 1) found.add(part.map((syllable) => syllable.charAt(0)).join(''))
    }
    if (left <= 0) break
  }
  return found
}

/** Every two neighbours; a single character stands for itself. */
export function bigrams(text: string): string[] {
  const characters = [...text]
  if (characters.length < 2) return characters
  return characters.slice(1).map((character, index) => `${String(characters[index])}${character}`)
}

/**
 * The query for `to_tsquery('simple', …)` that finds every text holding all runs of the search: Chinese as a
 * phrase of bigrams, Latin words, numbers and pinyin by their beginning. Undefined when nothing can be
 * searched for. `weight` asks for words of one part of the text only (setweight).
 */
export function searchQuery(search: string, weight: 'A' | 'B' | 'C' | '' = ''): string | undefined {
  const runs = runsOf(search.slice(0, 200))
  if (runs.length === 0) return undefined
  const label = weight && `:${weight}`
  const phrase = (text: string) => bigrams(text).map((word) => word + label)
  return runs
    .map(({ text, ideographic }) => (ideographic ? `(${phrase(text).join(' <-> ')})` : `${text}:*${weight}`))
    .join(' & ')
}

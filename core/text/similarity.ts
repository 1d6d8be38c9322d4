import { pinyin } from 'pinyin-pro'
import { fold, foldTight, runsOf } from './fold.ts'
import { bigrams } from './search.ts'

/** Dice coefficient of the bigrams of two texts after folding, 0 to 1. */
export function bigramDice(a: string, b: string): number {
  return dice(bigrams(foldTight(a)), bigrams(foldTight(b)))
}

function dice(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return 0
  const left = new Map<string, number>()
  for (const each of a) left.set(each, (left.get(each) ?? 0) + 1)
  let common = 0
  for (const each of b) {
    const count = left.get(each) ?? 0
    if (count === 0) continue
    left.set(each, count - 1)
    common += 1
  }
  return (2 * common) / (a.length + b.length)
}

export interface Named {
  /** Its own names in every language, and its short name. */
  readonly names: readonly string[]
  readonly synonyms: readonly string[]
}

export interface NameMatch {
  /** 0 to 1. */
  readonly score: number
  readonly reason: 'exact-name' | 'synonym' | 'similar-name' | 'initials' | 'words' | 'none'
}

const SYNONYM = 0.95
/** Initials alone are weak: many names share them. */
const INITIALS = 0.8

/** How well the name of a file's column fits a column or element (5.5): the best of several comparisons. */
export function nameSimilarity(header: string, { names, synonyms }: Named): NameMatch {
  const given = foldTight(header)
  if (given === '') return { score: 0, reason: 'none' }
  if (names.some((name) => foldTight(name) === given)) return { score: 1, reason: 'exact-name' }
  if (synonyms.some((synonym) => foldTight(synonym) === given)) return { score: SYNONYM, reason: 'synonym' }
  return [...names, ...synonyms]
    .flatMap((name): NameMatch[] => [
      { score: bigramDice(header, name) * 0.9, reason: 'similar-name' },
      { score: initials(name) === given ? INITIALS : 0, reason: 'initials' },
      { score: jaccard(words(header), words(name)) * 0.9, reason: 'words' },
    ])
    .reduce((best, match) => (match.score > best.score ? match : best), { score: 0, reason: 'none' })
}

/** `tyshxydm` for 统一社会信用代码; empty for what is not Chinese. */
function initials(name: string): string {
  const characters = runsOf(name).filter((run) => run.ideographic)
  if (characters.length === 0) return ''
  return pinyin(characters.map((run) => run.text).join(''), {
    pattern: 'first',
    toneType: 'none',
    type: 'array',
  })
    .join('')
    .toLowerCase()
}

/** English words, also inside `camelCase` and `snake_case`. */
function words(name: string): Set<string> {
  return new Set(fold(name.replace(/([a-z])([A-Z])/g, '$1 $2')).match(/[a-z]{2,}|\d+/g) ?? [])
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const common = [...a].filter((word) => b.has(word)).length
  return common === 0 ? 0 : common / (a.size + b.size - common)
}

import { foldTight } from '../../core/text/fold.ts'
import { searchTokens } from '../../core/text/search.ts'
import type { DataElement } from '../../standards/index.ts'
import type { EntryContent } from './entry.ts'

/** What an entry is found by: tokens for `to_tsvector`, the name's before the items', the summary's last. */
export interface EntryWords {
  readonly name: string
  readonly items: string
  readonly summary: string
}

type Named = Pick<DataElement, 'code' | 'name' | 'shortName' | 'synonyms'>

/**
 * Each name by itself, so that a phrase does not run from one into the next. An item is also found by all
 * names of its element; an entry whose own name holds one of them is about that element, and every other
 * name of it counts as its name too (信用代码 = USCC).
 */
export function entryWords(
  { name, summary, keywords, items }: Pick<EntryContent, 'name' | 'summary' | 'keywords' | 'items'>,
  elements: readonly Named[],
): EntryWords {
  const bound = new Set(items.map(({ elementCode }) => elementCode))
  const names = elements.filter(({ code }) => bound.has(code)).map(namesOf)
  const inName = (word: string) => foldTight(name).includes(foldTight(word))
  const subjects = names.filter((words) => words.some((word) => [...word].length > 1 && inName(word)))
  return {
    name: tokens([name, ...subjects.flat()]),
    items: tokens([...items.map((item) => item.name), ...names.flat()]),
    summary: tokens([summary, ...keywords]),
  }
}

const namesOf = ({ name, shortName, synonyms }: Named) => [name.zh, name.en, shortName, ...synonyms]

const tokens = (texts: readonly string[]) => [...new Set(texts)].map(searchTokens).join(' ')

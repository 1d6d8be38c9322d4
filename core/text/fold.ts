import { simplify } from './simplify.ts'

/** What is no letter and no digit of any script. */
const BETWEEN = /[^\p{L}\p{N}\p{M}]+/gu

/** What search and matching compare: NFKC, simplified, lower case. */
export function fold(text: string): string {
  return simplify(text.normalize('NFKC')).toLowerCase()
}

/** {@link fold} without anything but letters and digits. */
export function foldTight(text: string): string {
  return fold(text).replace(BETWEEN, '')
}

export interface Run {
  readonly text: string
  /** Written without blanks between words: Chinese, kana. */
  readonly ideographic: boolean
}

const RUNS =
  /([\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+)|([\p{L}\p{N}]+?(?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[^\p{L}\p{N}]|$))/gu

/** The folded text in runs of one kind; marks and blanks part them. */
export function runsOf(text: string): Run[] {
  return [...fold(text).matchAll(RUNS)].map(([run, ideographs]) => ({
    text: run,
    ideographic: ideographs !== undefined,
  }))
}

import { DomainError } from '../../core/errors.ts'
import { errors } from './refusals.ts'

const START = /[\p{L}\p{Nl}_?\p{So}\u{10000}-\u{EFFFF}]/u
const PART = /[\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}_?\p{So}\u{10000}-\u{EFFFF}]/u
/** Characters of a name. */
const MAX_NAME = 300
const BLANK = /[\s\u0085\u180e\u200b\ufeff]/u

export const normalised = (name: string) => name.trim().replace(/[\s\u0085\u200b\ufeff]+/gu, ' ')
export const isSimpleName = (name: string) =>
  name !== '' && [...name].every((char, index) => (index === 0 ? START : PART).test(char))

/** Names of more than one word, or with signs in them, by their first character, longest first. */
export class Vocabulary {
  readonly #names = new Map<string, string[]>()

  constructor(names: Iterable<string> = []) {
    for (const name of names) this.add(name)
  }

  add(name: string): void {
    const written = normalised(name)
    if (written === '' || isSimpleName(written)) return
    const first = written.charAt(0)
    const known = this.#names.get(first) ?? []
    if (known.includes(written)) return
    this.#names.set(
      first,
      [...known, written].sort((a, b) => b.length - a.length),
    )
  }

  startingWith(char: string): readonly string[] {
    return this.#names.get(char) ?? []
  }
}

/** Reads FEEL's words from a text. */
export class Scanner {
  readonly text: string
  readonly vocabulary: Vocabulary
  position = 0

  constructor(text: string, vocabulary: Vocabulary) {
    this.text = text
    this.vocabulary = vocabulary
  }

  skip(): void {
    for (;;) {
      const rest = this.text.slice(this.position, this.position + 2)
      if (rest === '') return
      if (BLANK.test(rest.charAt(0))) this.position += 1
      else if (rest === '//') {
        const end = this.text.indexOf('\n', this.position)
        this.position = end < 0 ? this.text.length : end + 1
      } else if (rest === '/*') {
        const end = this.text.indexOf('*/', this.position + 2)
        if (end < 0) throw this.wrong('*/', '*/')
        this.position = end + 2
      } else return
    }
  }

  get atEnd(): boolean {
    this.skip()
    return this.position >= this.text.length
  }

  /** Whether the sign comes next. */
  sees(sign: string): boolean {
    this.skip()
    return this.text.startsWith(sign, this.position)
  }

  /** Takes the sign when it comes next. */
  takes(sign: string): boolean {
    if (!this.sees(sign)) return false
    this.position += sign.length
    return true
  }

  needs(sign: string): void {
    if (!this.takes(sign)) throw this.wrong(`“${sign}”`, `“${sign}”`)
  }

  /** Whether the keyword comes next as a word of its own. */
  seesWord(word: string): boolean {
    if (!this.sees(word)) return false
    const next = String.fromCodePoint(this.text.codePointAt(this.position + word.length) ?? 32)
    return !PART.test(next)
  }

  takesWord(word: string): boolean {
    if (!this.seesWord(word)) return false
    this.position += word.length
    return true
  }

  needsWord(word: string): void {
    if (!this.takesWord(word)) throw this.wrong(`“${word}”`, `“${word}”`)
  }

  /** Takes what the sticky pattern matches here. */
  match(pattern: RegExp): RegExpExecArray | null {
    this.skip()
    pattern.lastIndex = this.position
    const found = pattern.exec(this.text)
    if (found) this.position += found[0].length
    return found
  }

  /** The longest name here: one of the vocabulary, else one word; undefined when there is none. */
  name(): string | undefined {
    this.skip()
    const simple = this.#simple()
    for (const known of this.vocabulary.startingWith(this.text.charAt(this.position))) {
      const end = this.#ends(known)
      if (end === undefined || end - this.position <= (simple?.length ?? 0)) continue
      this.position = end
      return known
    }
    if (simple !== undefined) this.position += simple.length
    return simple
  }

  /** The name that is all of the text up to the first match of `stop` (a global pattern). */
  nameUntil(stop: RegExp): string | undefined {
    this.skip()
    stop.lastIndex = this.position
    const end = stop.exec(this.text)?.index
    if (end === undefined || end - this.position > MAX_NAME) return undefined
    const name = this.text.slice(this.position, end)
    if (name.trim() === '' || /[,:()[\]{}"<>]/.test(name)) return undefined
    this.position = end
    return normalised(name)
  }

  #simple(): string | undefined {
    let end = this.position
    for (const char of this.text.slice(this.position)) {
      if (!(end === this.position ? START : PART).test(char)) break
      end += char.length
    }
    return end === this.position ? undefined : this.text.slice(this.position, end)
  }

  /** Where the known name ends when it is written here. */
  #ends(known: string): number | undefined {
    let at = this.position
    for (const char of known) {
      if (char === ' ') {
        const before = at
        while (BLANK.test(this.text.charAt(at))) at += 1
        if (at === before) return undefined
      } else if (this.text.startsWith(char, at)) at += char.length
      else return undefined
    }
    const last = known.at(-1) ?? ''
    const next = String.fromCodePoint(this.text.codePointAt(at) ?? 32)
    return PART.test(last) && PART.test(next) ? undefined : at
  }

  /** FEEL_SYNTAX_INVALID at this place. */
  wrong(expected: string, expectedZh: string): DomainError {
    const text = this.text.length > 80 ? `${this.text.slice(0, 80)}…` : this.text
    const position = this.position + 1
    return errors.SYNTAX_INVALID({ text, position, expected, expectedZh } as never)
  }
}

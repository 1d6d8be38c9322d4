import { MAX_ROW_CHARACTERS } from './table.ts'
import { errors } from '../refusals.ts'

/** Deeper than records of registers are nested. */
const MAX_DEPTH = 64

const QUOTE = 34
const COMMA = 44
const COLON = 58
const OPEN_LIST = 91
const BACKSLASH = 92
const CLOSE_LIST = 93
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125

/** Takes an element of a list that lies in no other list: the keys above it, and its text. */
export type ElementTaker = (path: string, text: string) => void

/**
 * Walks over a JSON document in pieces and hands out the elements of its outermost lists, each as text. What
 * stands outside of them is only counted through: brackets must pair and the document must end.
 */
export class JsonSplitter {
  readonly #take: ElementTaker
  /** Brackets that are open; the key each object is at. */
  readonly #open: { readonly close: number; key: string }[] = []
  /** Depth of the list whose elements are handed out; 0 outside of any. */
  #listDepth = 0
  #path = ''
  #isText = false
  #isEscaped = false
  /** Text of the element so far; undefined between elements. */
  #element: string | undefined
  /** A key being read, outside of lists. */
  #key: string | undefined
  #hasValue = false
  /** The document's last bracket is closed. */
  #isOver = false

  constructor(take: ElementTaker) {
    this.#take = take
  }

  push(text: string): void {
    let from = 0
    for (let at = 0; at < text.length; at += 1) {
      const character = text.charCodeAt(at)
      if (this.#isText) {
        at = this.#throughText(text, at)
        continue
      }
      if (character <= 32) continue
      if (this.#isOver) throw errors.FILE_UNREADABLE({ reason: 'JSON: more follows' })
      if (character === QUOTE) {
        if (this.#startElement()) from = at
        this.#isText = true
        if (this.#listDepth === 0) this.#key = ''
      } else if (character === OPEN_LIST || character === OPEN_OBJECT) {
        if (this.#startElement()) from = at
        this.#descend(character)
      } else if (character === CLOSE_LIST || character === CLOSE_OBJECT) {
        if (this.#isInList()) this.#finish(text.slice(from, at))
        this.#ascend(character)
      } else if (character === COMMA) {
        if (this.#isInList()) this.#finish(text.slice(from, at))
      } else if (character !== COLON) {
        this.#hasValue = true
        if (this.#startElement()) from = at
      }
    }
    if (this.#element !== undefined) this.#grow(text.slice(from))
  }

  /** @throws PLANE_FILE_UNREADABLE when the document is cut */
  end(): void {
    if (this.#isText || this.#open.length > 0 || !this.#hasValue)
      throw errors.FILE_UNREADABLE({ reason: 'JSON: truncated' })
  }

  /** Goes to the end of a text or of the piece; the place of the last character looked at. */
  #throughText(text: string, from: number): number {
    for (let at = from; at < text.length; at += 1) {
      const character = text.charCodeAt(at)
      if (this.#isEscaped) this.#isEscaped = false
      else if (character === BACKSLASH) this.#isEscaped = true
      else if (character === QUOTE) {
        this.#isText = false
        if (this.#key !== undefined) this.#endKey(this.#key + text.slice(from, at))
        return at
      }
    }
    if (this.#key !== undefined && this.#key.length < MAX_ROW_CHARACTERS) this.#key += text.slice(from)
    return text.length
  }

  /** Every text outside of lists is taken for a key until the next one: only those before a list matter. */
  #endKey(key: string): void {
    const top = this.#open.at(-1)
    if (top !== undefined) top.key = decoded(key)
    this.#key = undefined
    this.#hasValue = true
  }

  #descend(character: number): void {
    this.#hasValue = true
    if (this.#open.length >= MAX_DEPTH) throw errors.FILE_UNREADABLE({ reason: `JSON: ${MAX_DEPTH}` })
    if (character === OPEN_LIST && this.#listDepth === 0) {
      this.#path = this.#open.map(({ key }) => key).join('.')
      this.#listDepth = this.#open.length + 1
    }
    this.#open.push({ close: character === OPEN_LIST ? CLOSE_LIST : CLOSE_OBJECT, key: '' })
  }

  #ascend(character: number): void {
    if (this.#open.pop()?.close !== character) throw errors.FILE_UNREADABLE({ reason: 'JSON: brackets' })
    if (this.#open.length < this.#listDepth) this.#listDepth = 0
    this.#isOver = this.#open.length === 0
  }

  #isInList(): boolean {
    return this.#listDepth > 0 && this.#open.length === this.#listDepth
  }

  #startElement(): boolean {
    if (!this.#isInList() || this.#element !== undefined) return false
    this.#element = ''
    return true
  }

  #grow(more: string): void {
    this.#element = (this.#element ?? '') + more
    if (this.#element.length > MAX_ROW_CHARACTERS)
      throw errors.FILE_TOO_LARGE({ limit: `${MAX_ROW_CHARACTERS} characters a record` })
  }

  #finish(rest: string): void {
    if (this.#element === undefined) return
    this.#grow(rest)
    const element = this.#element
    this.#element = undefined
    this.#take(this.#path, element.trimEnd())
  }
}

function decoded(key: string): string {
  try {
    return JSON.parse(`"${key}"`) as string
  } catch (error) {
    if (error instanceof SyntaxError) throw errors.FILE_UNREADABLE({ reason: 'JSON: key' })
    throw error
  }
}

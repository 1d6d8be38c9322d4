import { classOf, escapeOf, type Takes } from './pattern-class.ts'

/** A parsed regular expression. */
export type PatternNode =
  | { readonly kind: 'one'; readonly takes: Takes }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'either'; readonly choices: readonly PatternNode[] }
  /** Without a number it catches nothing. */
  | { readonly kind: 'group'; readonly of: PatternNode; readonly number?: number }
  | { readonly kind: 'back'; readonly group: number }
  | {
      readonly kind: 'repeat'
      readonly of: PatternNode
      readonly min: number
      readonly max: number
      readonly isLazy: boolean
    }

/** A pattern that is none. */
export class PatternError extends Error {}

/** Undefined for a pattern that XPath refuses: look-around, unknown escapes, unbalanced brackets. */
export function parsePattern(
  pattern: string,
  flags: string,
): { readonly node: PatternNode; readonly groups: number } | undefined {
  try {
    const parser = new Parser([...pattern], flags)
    return flags.includes('q') ? parser.literal() : parser.parse()
  } catch (error) {
    if (error instanceof PatternError) return undefined
    throw error
  }
}

const MAX_DEPTH = 50
const MAX_REPEAT = 1_000

class Parser {
  readonly #chars: readonly string[]
  readonly #flags: string
  #at = 0
  #groups = 0
  readonly #closed = new Set<number>()

  constructor(chars: readonly string[], flags: string) {
    this.#chars = flags.includes('x') ? chars.filter((char) => !/\s/.test(char)) : chars
    this.#flags = flags
  }

  literal() {
    return {
      node: { kind: 'sequence' as const, parts: this.#chars.map((char) => this.#plain(char)) },
      groups: 0,
    }
  }

  parse() {
    const node = this.#either(0)
    if (this.#at < this.#chars.length) throw new PatternError('unbalanced')
    return { node, groups: this.#groups }
  }

  #either(depth: number): PatternNode {
    if (depth > MAX_DEPTH) throw new PatternError('too deep')
    const choices = [this.#sequence(depth)]
    while (this.#chars[this.#at] === '|') {
      this.#at += 1
      choices.push(this.#sequence(depth))
    }
    return choices.length === 1 && choices[0] ? choices[0] : { kind: 'either', choices }
  }

  #sequence(depth: number): PatternNode {
    const parts: PatternNode[] = []
    for (let char = this.#chars[this.#at]; char !== undefined; char = this.#chars[this.#at]) {
      if (char === '|' || char === ')') break
      parts.push(this.#repeated(this.#atom(char, depth)))
    }
    return { kind: 'sequence', parts }
  }

  #atom(char: string, depth: number): PatternNode {
    this.#at += 1
    switch (char) {
      case '^':
        return { kind: 'start' }
      case '$':
        return { kind: 'end' }
      case '.':
        return { kind: 'one', takes: this.#flags.includes('s') ? () => true : (one) => !/[\n\r]/.test(one) }
      case '(':
        return this.#group(depth)
      case '[': {
        const { takes, next } = classOf(this.#chars, this.#at)
        this.#at = next
        return { kind: 'one', takes: this.#folded(takes) }
      }
      case '\\':
        return this.#escape()
      case '*':
      case '+':
      case '?':
      case '{':
      case '}':
      case ']':
        throw new PatternError(char)
      default:
        return this.#plain(char)
    }
  }

  #plain(char: string): PatternNode {
    return { kind: 'one', takes: this.#folded((one) => one === char) }
  }

  #folded(takes: Takes): Takes {
    if (!this.#flags.includes('i')) return takes
    return (one) => takes(one) || takes(one.toLowerCase()) || takes(one.toUpperCase())
  }

  #group(depth: number): PatternNode {
    const isPlain = this.#chars[this.#at] === '?' && this.#chars[this.#at + 1] === ':'
    if (isPlain) this.#at += 2
    else this.#groups += 1
    const number = this.#groups
    const of = this.#either(depth + 1)
    if (this.#chars[this.#at] !== ')') throw new PatternError('unclosed')
    this.#at += 1
    if (isPlain) return { kind: 'group', of }
    this.#closed.add(number)
    return { kind: 'group', of, number }
  }

  #escape(): PatternNode {
    const digit = Number(this.#chars[this.#at])
    if (digit > 0) {
      if (!this.#closed.has(digit)) throw new PatternError('no such group')
      this.#at += 1
      return { kind: 'back', group: digit }
    }
    const { takes, next } = escapeOf(this.#chars, this.#at)
    this.#at = next
    return { kind: 'one', takes: this.#folded(takes) }
  }

  #repeated(of: PatternNode): PatternNode {
    const counted = this.#counts()
    if (!counted) return of
    if (of.kind === 'start' || of.kind === 'end') throw new PatternError('nothing to repeat')
    const isLazy = this.#chars[this.#at] === '?'
    if (isLazy) this.#at += 1
    if (['*', '+', '?', '{'].includes(this.#chars[this.#at] ?? '')) throw new PatternError('repeated twice')
    return { kind: 'repeat', of, min: counted[0], max: counted[1], isLazy }
  }

  #counts(): [number, number] | undefined {
    const char = this.#chars[this.#at]
    if (char === '*' || char === '+' || char === '?') {
      this.#at += 1
      return char === '*' ? [0, Infinity] : char === '+' ? [1, Infinity] : [0, 1]
    }
    if (char !== '{') return undefined
    const end = this.#chars.indexOf('}', this.#at)
    const written = this.#chars.slice(this.#at + 1, end).join('')
    const found = end < 0 ? null : /^(\d{1,4})(,(\d{1,4})?)?$/.exec(written)
    if (!found) throw new PatternError('quantifier')
    const min = Number(found[1])
    const max = found[3] === undefined ? (found[2] === undefined ? min : Infinity) : Number(found[3])
    if (max < min || min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT))
      throw new PatternError('quantifier')
    this.#at = end + 1
    return [min, max]
  }
}

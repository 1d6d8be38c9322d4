import { PatternError } from './pattern-parser.ts'

/** Whether a character fits. */
export type Takes = (char: string) => boolean
interface Read {
  readonly takes: Takes
  readonly next: number
}

const NAMED: Readonly<Record<string, Takes>> = {
  d: (char) => /\p{Nd}/u.test(char),
  s: (char) => /[ \t\n\r]/.test(char),
  w: (char) => !/[\p{P}\p{Z}\p{C}]/u.test(char),
  i: (char) => /[\p{L}_:]/u.test(char),
  c: (char) => /[\p{L}\p{Nd}\p{M}._:-]/u.test(char),
}
const SIGNS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }
/** Unicode's general categories: the only properties a pattern may name. */
const CATEGORY = /^(?:L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?)$/

/** The escape after a backslash at `at`. */
export function escapeOf(chars: readonly string[], at: number): Read {
  const char = chars[at]
  if (char === undefined) throw new PatternError('escape')
  if (char === 'p' || char === 'P') return property(chars, at)
  const named = NAMED[char.toLowerCase()]
  if (named) return { takes: /[A-Z]/.test(char) ? (one) => !named(one) : named, next: at + 1 }
  const sign = SIGNS[char] ?? (/[\\|.?*+(){}$\-[\]^]/.test(char) ? char : undefined)
  if (sign === undefined) throw new PatternError('escape')
  return { takes: (one) => one === sign, next: at + 1 }
}

function property(chars: readonly string[], at: number): Read {
  const end = chars.indexOf('}', at)
  const name = chars.slice(at + 2, end).join('')
  if (chars[at + 1] !== '{' || end < 0) throw new PatternError('category')
  const takes = name === 'IsBasicLatin' ? (one: string) => one <= '\u007f' : ofCategory(name)
  return { takes: chars[at] === 'P' ? (one) => !takes(one) : takes, next: end + 1 }
}

function ofCategory(name: string): Takes {
  if (!CATEGORY.test(name)) throw new PatternError('category')
  const pattern = new RegExp(`\\p{${name}}`, 'u')
  return (one) => pattern.test(one)
}

/** The class after `[` at `at`, to behind its `]`; with ranges, escapes and subtraction. */
export function classOf(chars: readonly string[], at: number, depth = 0): Read {
  if (depth > 10) throw new PatternError('too deep')
  const isNegative = chars[at] === '^'
  let next = isNegative ? at + 1 : at
  const parts: Takes[] = []
  let without: Takes | undefined
  while (chars[next] !== ']' || parts.length === 0) {
    const char = chars[next]
    if (char === undefined || char === ']') throw new PatternError('class')
    if (char === '-' && chars[next + 1] === '[') {
      const inner = classOf(chars, next + 2, depth + 1)
      without = inner.takes
      next = inner.next
      if (chars[next] !== ']') throw new PatternError('class')
      break
    }
    if (char === '[') throw new PatternError('class')
    const read = char === '\\' ? escapeOf(chars, next + 1) : single(chars, next)
    parts.push(read.takes)
    next = read.next
  }
  const takes: Takes = (one) => parts.some((part) => part(one)) !== isNegative && without?.(one) !== true
  return { takes, next: next + 1 }
}

function single(chars: readonly string[], at: number): Read {
  const low = chars[at] ?? ''
  const last = chars[at + 2]
  const isRange = chars[at + 1] === '-' && last !== undefined && last !== ']' && last !== '['
  if (!isRange) return { takes: (one) => one === low, next: at + 1 }
  const [high, next] = last === '\\' ? [chars[at + 3] ?? '', at + 4] : [last, at + 3]
  const [from, to] = [low.codePointAt(0) ?? 0, high.codePointAt(0) ?? 0]
  if (to < from) throw new PatternError('range')
  return {
    takes: (one) => {
      const code = one.codePointAt(0) ?? -1
      return code >= from && code <= to
    },
    next,
  }
}

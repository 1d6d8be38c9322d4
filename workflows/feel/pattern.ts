import { parsePattern, type PatternNode } from './pattern-parser.ts'
import type { Run } from './run.ts'
import type { Value } from './value.ts'

/** Where the pattern was found, from and to by character, with its groups. */
export interface Found {
  readonly from: number
  readonly to: number
  readonly groups: readonly (readonly [number, number] | undefined)[]
}

/** The first place at or after `start` (by character) where the pattern is found. */
export type Matcher = (text: string, start: number, run: Run) => Found | undefined

const MAX_KEPT = 500
const kept = new Map<string, Matcher | undefined>()

/**
 * The regular expression of XPath 3.1 (as DMN 1.5, 10.3.4.3 asks), run by our own matcher, which counts its work:
 * JavaScript's cannot be stopped once it goes back without end. Undefined for a pattern that is none.
 */
export function matcherOf(pattern: string, flags: string): Matcher | undefined {
  const key = `${flags}/${pattern}`
  if (kept.has(key)) return kept.get(key)
  const matcher = compile(pattern, flags)
  if (kept.size >= MAX_KEPT) kept.clear()
  kept.set(key, matcher)
  return matcher
}

function compile(pattern: string, flags: string): Matcher | undefined {
  if (!/^[smixq]*$/.test(flags) || pattern.length > 2_000) return undefined
  const parsed = parsePattern(pattern, flags)
  if (!parsed) return undefined
  return (text, start, run) => {
    const characters = [...text]
    for (let from = start; from <= characters.length; from += 1) {
      const search = new Search(characters, flags, run, parsed.groups)
      const to = search.run(parsed.node, from)
      if (to !== undefined) return { from, to, groups: search.groups }
    }
    return undefined
  }
}

/** How deep groups may repeat inside one another's ends before it is too much. */
const MAX_NESTED = 1_500

class Search {
  readonly #text: readonly string[]
  readonly #isMultiline: boolean
  readonly #ignoresCase: boolean
  readonly #run: Run
  #nested = 0
  groups: (readonly [number, number] | undefined)[]

  constructor(text: readonly string[], flags: string, run: Run, groups: number) {
    this.#text = text
    this.#isMultiline = flags.includes('m')
    this.#ignoresCase = flags.includes('i')
    this.#run = run
    this.groups = Array.from({ length: groups + 1 }, () => undefined)
  }

  run(node: PatternNode, from: number): number | undefined {
    return this.#match(node, from, (at) => at)
  }

  #match(node: PatternNode, at: number, then: (at: number) => number | undefined): number | undefined {
    this.#run.tick()
    switch (node.kind) {
      case 'one': {
        const char = this.#text[at]
        return char !== undefined && node.takes(char) ? then(at + 1) : undefined
      }
      case 'start':
        return at === 0 || (this.#isMultiline && this.#text[at - 1] === '\n') ? then(at) : undefined
      case 'end':
        return at === this.#text.length || (this.#isMultiline && this.#text[at] === '\n')
          ? then(at)
          : undefined
      case 'sequence':
        return this.#sequence(node.parts, 0, at, then)
      case 'either':
        for (const choice of node.choices) {
          const found = this.#match(choice, at, then)
          if (found !== undefined) return found
        }
        return undefined
      case 'group':
        return this.#group(node, at, then)
      case 'back':
        return this.#back(node.group, at, then)
      case 'repeat':
        return node.of.kind === 'one' ? this.#repeatOne(node, at, then) : this.#repeat(node, 0, at, then)
    }
  }

  #sequence(
    parts: readonly PatternNode[],
    index: number,
    at: number,
    then: (at: number) => number | undefined,
  ): number | undefined {
    const part = parts[index]
    if (!part) return then(at)
    return this.#match(part, at, (next) => this.#sequence(parts, index + 1, next, then))
  }

  #group(
    node: Extract<PatternNode, { kind: 'group' }>,
    at: number,
    then: (at: number) => number | undefined,
  ): number | undefined {
    const { number } = node
    if (number === undefined) return this.#match(node.of, at, then)
    const before = this.groups[number]
    const found = this.#match(node.of, at, (to) => {
      const inner = this.groups[number]
      this.groups[number] = [at, to]
      const end = then(to)
      if (end === undefined) this.groups[number] = inner
      return end
    })
    if (found === undefined) this.groups[number] = before
    return found
  }

  #back(group: number, at: number, then: (at: number) => number | undefined): number | undefined {
    const [from, to] = this.groups[group] ?? [0, 0]
    const fold = (char: string | undefined) => (this.#ignoresCase ? char?.toLowerCase() : char)
    for (let index = 0; index < to - from; index += 1)
      if (fold(this.#text[from + index]) !== fold(this.#text[at + index])) return undefined
    return then(at + to - from)
  }

  /** A single character repeated needs no nested calls. */
  #repeatOne(
    node: Extract<PatternNode, { kind: 'repeat' }>,
    at: number,
    then: (at: number) => number | undefined,
  ): number | undefined {
    const takes = node.of.kind === 'one' ? node.of.takes : () => false
    const fits = (count: number) => {
      const char = this.#text[at + count]
      this.#run.tick()
      return count < node.max && char !== undefined && takes(char)
    }
    if (node.isLazy) {
      for (let count = 0; ; count += 1) {
        const found = count >= node.min ? then(at + count) : undefined
        if (found !== undefined || !fits(count)) return found
      }
    }
    let count = 0
    while (fits(count)) count += 1
    for (; count >= node.min; count -= 1) {
      const found = then(at + count)
      if (found !== undefined) return found
    }
    return undefined
  }

  #repeat(
    node: Extract<PatternNode, { kind: 'repeat' }>,
    count: number,
    at: number,
    then: (at: number) => number | undefined,
  ): number | undefined {
    this.#nested += 1
    if (this.#nested > MAX_NESTED) this.#run.tick(Number.MAX_SAFE_INTEGER)
    try {
      const again = () =>
        count < node.max
          ? this.#match(node.of, at, (next) =>
              next === at && count >= node.min ? undefined : this.#repeat(node, count + 1, next, then),
            )
          : undefined
      if (count < node.min) return again()
      return node.isLazy ? (then(at) ?? again()) : (again() ?? then(at))
    } finally {
      this.#nested -= 1
    }
  }
}

/** All places replaced; `$1` is a group, `$0` all of it. Undefined for a replacement or pattern XPath refuses. */
export function replaced(text: string, matcher: Matcher, replacement: string, run: Run): Value | undefined {
  const characters = [...text]
  const parts: string[] = []
  let at = 0
  for (const found of allIn(text, matcher, run)) {
    if (found.to === found.from) return undefined
    parts.push(characters.slice(at, found.from).join(''))
    const written = filled(replacement, characters, found)
    if (written === undefined) return undefined
    parts.push(written)
    at = found.to
  }
  return parts.join('') + characters.slice(at).join('')
}

function filled(replacement: string, characters: readonly string[], found: Found): string | undefined {
  if (/\$(?!\d)|\\(?![\\$])/.test(replacement.replace(/\\[\\$]/g, ''))) return undefined
  return replacement.replace(
    /\\([\\$])|\$(\d)/g,
    (_, escaped: string | undefined, digit: string | undefined) => {
      if (escaped !== undefined) return escaped
      const [from, to] = digit === '0' ? [found.from, found.to] : (found.groups[Number(digit)] ?? [0, 0])
      return characters.slice(from, to).join('')
    },
  )
}

export function splitBy(text: string, matcher: Matcher, run: Run): Value | undefined {
  const characters = [...text]
  const parts: string[] = []
  let at = 0
  for (const found of allIn(text, matcher, run)) {
    if (found.to === found.from) return undefined
    parts.push(characters.slice(at, found.from).join(''))
    at = found.to
  }
  return [...parts, characters.slice(at).join('')]
}

function* allIn(text: string, matcher: Matcher, run: Run): Generator<Found> {
  let at = 0
  for (let found = matcher(text, at, run); found; found = matcher(text, at, run)) {
    run.tick(1 + (text.length >> 6))
    yield found
    at = Math.max(found.to, found.from + 1)
  }
}

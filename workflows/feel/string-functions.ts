import { decimalOf, whole } from './decimal.ts'
import { matcherOf, replaced, splitBy } from './pattern.ts'
import { overload, type Overload } from './signature.ts'
import { textOf } from './text.ts'
import { isList } from './value.ts'

const two = (first: string, second: string, body: (a: string, b: string) => boolean | string) => [
  overload(
    [
      [first, 'string'],
      [second, 'string'],
    ],
    (_, a, b) => body(a, b),
  ),
]

export const functions: Readonly<Record<string, readonly Overload[]>> = {
  string: [overload([['from', 'any']], (_, from) => (from === null ? null : textOf(from)))],
  number: [
    overload([['from', 'string']], (_, from) => decimalOf(from) ?? undefined),
    overload(
      [
        ['from', 'string'],
        ['grouping separator', 'string?'],
        ['decimal separator', 'string?'],
      ],
      (_, from, grouping, decimal) => {
        if (grouping !== null && !/^[ ,.]$/.test(grouping)) return undefined
        if (decimal !== null && !/^[,.]$/.test(decimal)) return undefined
        if (grouping !== null && grouping === decimal) return undefined
        const plain = grouping === null ? from : from.replaceAll(grouping, '')
        if (decimal !== null && decimal !== '.' && plain.includes('.')) return undefined
        return decimalOf(decimal === null ? plain : plain.replace(decimal, '.')) ?? undefined
      },
    ),
  ],
  substring: [
    overload(
      [
        ['string', 'string'],
        ['start position', 'number'],
        ['length', 'number?'],
      ],
      (_, text, position, length) => {
        const [start, size] = [
          whole(position.truncated()),
          length === null ? Infinity : whole(length.truncated()),
        ]
        const characters = [...text]
        if (start === undefined || start === 0 || size === undefined || size < 1) return undefined
        if (Math.abs(start) > characters.length) return undefined
        const from = start > 0 ? start - 1 : characters.length + start
        return characters.slice(from, from + size).join('')
      },
    ),
  ],
  'string length': [overload([['string', 'string']], (_, text) => decimalOf(String([...text].length)))],
  'upper case': [overload([['string', 'string']], (_, text) => text.toUpperCase())],
  'lower case': [overload([['string', 'string']], (_, text) => text.toLowerCase())],
  'substring before': two('string', 'match', (text, match) => {
    const at = text.indexOf(match)
    return at < 0 ? '' : text.slice(0, at)
  }),
  'substring after': two('string', 'match', (text, match) => {
    const at = text.indexOf(match)
    return at < 0 ? '' : text.slice(at + match.length)
  }),
  contains: two('string', 'match', (text, match) => text.includes(match)),
  'starts with': two('string', 'match', (text, match) => text.startsWith(match)),
  'ends with': two('string', 'match', (text, match) => text.endsWith(match)),
  matches: [
    overload(
      [
        ['input', 'string'],
        ['pattern', 'string'],
        ['flags', 'string?'],
      ],
      (run, input, pattern, flags) => {
        const matcher = matcherOf(pattern, flags ?? '')
        return matcher && matcher(input, 0, run) !== undefined
      },
    ),
  ],
  replace: [
    overload(
      [
        ['input', 'string'],
        ['pattern', 'string'],
        ['replacement', 'string'],
        ['flags', 'string?'],
      ],
      (run, input, pattern, replacement, flags) => {
        const matcher = matcherOf(pattern, flags ?? '')
        return matcher && replaced(input, matcher, replacement, run)
      },
    ),
  ],
  split: [
    overload(
      [
        ['string', 'string'],
        ['delimiter', 'string'],
      ],
      (run, input, delimiter) => {
        const matcher = matcherOf(delimiter, '')
        return matcher && splitBy(input, matcher, run)
      },
    ),
  ],
  'string join': [
    overload(
      [
        ['list', 'list'],
        ['delimiter', 'string?'],
      ],
      (_, list, delimiter) => {
        const texts = list.filter((member) => member !== null)
        if (!isList(texts) || !texts.every((member) => typeof member === 'string')) return undefined
        return texts.join(delimiter ?? '')
      },
    ),
  ],
}

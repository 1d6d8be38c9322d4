import { decimalOf } from './decimal.ts'
import { readDate } from './date.ts'
import { readDuration } from './duration.ts'
import type { Scanner } from './scanner.ts'
import { readDateTime, readTime } from './time.ts'
import type { Value } from './value.ts'

/** The number, text or `@` literal that comes next, taken; undefined when there is none. */
export function literalOf(scanner: Scanner): Value | undefined {
  const number = scanner.match(/(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?/uy)
  if (number) return decimalOf(number[0])
  if (scanner.sees('@"')) {
    scanner.needs('@')
    const text = textOf(scanner) ?? ''
    const value = temporalOf(text)
    if (value === null) throw scanner.wrong('a date, time or duration', '日期、时间或时长')
    return value
  }
  return textOf(scanner)
}

/** What an `@` literal says. */
export function temporalOf(text: string): Value {
  return (
    readDate(text) ?? readTime(text) ?? readDuration(text) ?? (text.includes('T') ? readDateTime(text) : null)
  )
}

function textOf(scanner: Scanner): string | undefined {
  const found = scanner.match(/"((?:[^"\\]|\\[^])*)"/uy)
  if (found) return unescaped(found[1] ?? '')
  if (scanner.sees('"')) throw scanner.wrong('a closing "', '右引号')
  return undefined
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '"': '"',
  "'": "'",
  '\\': '\\',
}

/** FEEL's escapes; a backslash before anything else stays, so that regular expressions are written plainly. */
const unescaped = (text: string) =>
  text.replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|([nrt"'\\]))/g, (all, four, six, sign) => {
    if (typeof sign === 'string') return ESCAPES[sign] ?? all
    const code = Number.parseInt(String(four ?? six), 16)
    return code > 0x10ffff ? all : four ? String.fromCharCode(code) : String.fromCodePoint(code)
  })

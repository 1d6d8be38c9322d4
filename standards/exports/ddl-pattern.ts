const OUTSIDE: Readonly<Record<string, string>> = {
  d: '[0-9]',
  D: '[^0-9]',
  w: '[A-Za-z0-9_]',
  W: '[^A-Za-z0-9_]',
  b: '\\y',
  B: '\\Y',
}
const INSIDE: Readonly<Record<string, string>> = { d: '0-9', w: 'A-Za-z0-9_', b: '\\b' }

/**
 * A pattern of the safe subset as PostgreSQL reads it; undefined where it has no words for it: classes of Unicode,
 * and what is no digit or letter within brackets.
 */
export function postgresPattern(pattern: string): string | undefined {
  let inBrackets = false
  let result = ''
  for (let at = 0; at < pattern.length; at++) {
    const letter = pattern.charAt(at)
    if (letter !== '\\') {
      // An opening bracket within brackets would begin a class of PostgreSQL's own.
      if (inBrackets && letter === '[') result += '\\['
      else result += letter
      if (letter === '[') inBrackets = true
      if (letter === ']') inBrackets = false
      continue
    }
    at += 1
    const escaped = pattern.charAt(at)
    if (escaped === 'p' || escaped === 'P') return undefined
    if (inBrackets && (escaped === 'D' || escaped === 'W' || escaped === 'B')) return undefined
    if (escaped === 'x') {
      result += `\\u00${pattern.slice(at + 1, at + 3)}`
      at += 2
    } else result += (inBrackets ? INSIDE : OUTSIDE)[escaped] ?? `\\${escaped}`
  }
  return result
}

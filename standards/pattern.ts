/** Longest pattern, and the most repetition it may count to (RE2 takes no more). */
const MAX_LENGTH = 300
const MAX_COUNT = 200
/** Every way to match is a combination of these; with so few, trying all of them stays cheap. */
const MAX_VARIABLE = 4
const MAX_OPTIONAL = 8
const MAX_UNBOUNDED = 1

interface Group {
  variable: boolean
}

/**
 * Why a pattern lies outside the subset that JavaScript and RE2 read alike and match in bounded time;
 * undefined when it is safe. Refused: look-around, back-references, `.`, `\s`, script classes, and a
 * repeated group that itself repeats or chooses.
 */
export function patternFault(pattern: string): string | undefined {
  if (pattern.length > MAX_LENGTH) return `longer than ${MAX_LENGTH}`
  try {
    new RegExp(pattern, 'u')
  } catch {
    // The engine's own message is in no language of ours.
    return 'not a pattern'
  }
  return scan(pattern)
}

const ESCAPES = /^\\(?:[dDwWbBtnrfv^$\\.*+?()[\]{}|/-]|x[0-9a-fA-F]{2}|[pP]\{(?:L|Lu|Ll|N|Nd|P|S|Z)\})/
const QUANTIFIER = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/

function scan(pattern: string): string | undefined {
  const open: Group[] = [{ variable: false }]
  const counts = { variable: 0, optional: 0, unbounded: 0 }
  let last: Group | undefined
  for (let at = 0; at < pattern.length;) {
    const rest = pattern.slice(at)
    const group = open.at(-1)
    if (group === undefined) return 'brackets that do not match'
    if (rest.startsWith('(')) {
      if (rest.startsWith('(?') && !rest.startsWith('(?:')) return `${rest.slice(0, 3)} is not allowed`
      open.push({ variable: false })
      last = undefined
      at += rest.startsWith('(?:') ? 3 : 1
    } else if (rest.startsWith(')')) {
      open.pop()
      const outer = open.at(-1)
      if (outer && group.variable) outer.variable = true
      last = group
      at += 1
    } else if (rest.startsWith('|')) {
      group.variable = true
      last = undefined
      at += 1
    } else {
      const quantifier = QUANTIFIER.exec(rest)
      const length = quantifier ? quantifier[0].length : atomLength(rest)
      if (typeof length === 'string') return length
      if (quantifier) {
        const fault = repeat(quantifier, last, group, counts)
        if (fault !== undefined) return fault
        last = undefined
      } else last = { variable: false }
      at += length
    }
  }
  return undefined
}

function repeat(
  [text, least, comma, most]: RegExpExecArray,
  repeated: Group | undefined,
  group: Group,
  counts: { variable: number; optional: number; unbounded: number },
): string | undefined {
  const optional = text.startsWith('?') || (least === '0' && most === '1')
  const unbounded = text.startsWith('*') || text.startsWith('+') || (comma !== undefined && most === '')
  const variable = unbounded || (comma !== undefined && least !== most)
  if (Number(least ?? 0) > MAX_COUNT || Number(most ?? 0) > MAX_COUNT)
    return `more than ${MAX_COUNT} repetitions`
  if (!optional && repeated?.variable === true) return 'a repeated group that itself repeats or chooses'
  if (optional) counts.optional += 1
  else if (variable) counts.variable += 1
  if (unbounded) counts.unbounded += 1
  if (optional || variable) group.variable = true
  if (counts.unbounded > MAX_UNBOUNDED) return 'more than one unbounded repetition'
  return counts.variable > MAX_VARIABLE || counts.optional > MAX_OPTIONAL ? 'too many repetitions' : undefined
}

/** How long the next single thing to match is, or why it is refused. */
function atomLength(rest: string): number | string {
  if (rest.startsWith('\\')) {
    const escape = ESCAPES.exec(rest)
    return escape ? escape[0].length : `${rest.slice(0, 2)} is not allowed`
  }
  if (rest.startsWith('[')) return classLength(rest)
  return rest.startsWith('.')
    ? '. is not allowed; name a class'
    : String.fromCodePoint(rest.codePointAt(0) ?? 0).length
}

function classLength(rest: string): number | string {
  if (rest.startsWith('[[:')) return 'named classes are not allowed'
  for (let at = 1; at < rest.length;) {
    const inner = rest.slice(at)
    if (inner.startsWith(']')) return at + 1
    const length = inner.startsWith('\\') ? atomLength(inner) : 1
    if (typeof length === 'string') return length
    at += length
  }
  return 'a class that does not end'
}

import TRADITIONAL from 'opencc-js/dict/TSCharacters'

/**
 * Each traditional character with the simplified one it is matched as, followed to the end, so that
 * simplifying twice changes nothing. By characters and not by phrases: both sides of a comparison are
 * folded the same way, and 乾隆 must meet 乾 however it was cut.
 */
const SIMPLE = closed(
  new Map(
    TRADITIONAL.split('|').map((entry): [string, string] => {
      const [from = '', to = ''] = entry.split(' ')
      return [from, to]
    }),
  ),
)

function closed(pairs: ReadonlyMap<string, string>): Map<string, string> {
  const end = (from: string, seen: readonly string[] = []): string => {
    const to = pairs.get(from)
    return to === undefined || to === from || seen.includes(to) ? from : end(to, [...seen, from])
  }
  return new Map([...pairs.keys()].map((from) => [from, end(from)]))
}

/** Whether a UTF-16 unit may be or begin a traditional character: most texts have none, and none is looked up. */
const MAY_CHANGE = new Uint8Array(0x10000)
for (const from of SIMPLE.keys()) MAY_CHANGE[from.charCodeAt(0)] = 1

/** Simplified characters for matching and search; never stored over the source's own. */
export function simplify(text: string): string {
  if (!mayChange(text)) return text
  let result = ''
  for (const character of text) result += SIMPLE.get(character) ?? character
  return result
}

function mayChange(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (MAY_CHANGE[text.charCodeAt(at)] === 1) return true
  return false
}

/** Unified ideographs, U+4E00 to U+9FFF, that {@link simplify} leaves alone: what stands in a class of a regular expression. */
export function simpleIdeographs(): string {
  const [first, last] = [0x4e00, 0x9fff]
  const ranges: string[] = []
  let from = first
  for (let at = first; at <= last + 1; at++) {
    if (at <= last && MAY_CHANGE[at] === 0) continue
    if (at > from) ranges.push(`${String.fromCharCode(from)}-${String.fromCharCode(at - 1)}`)
    from = at + 1
  }
  return ranges.join('')
}

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

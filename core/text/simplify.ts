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

/** Simplified characters for matching and search; never stored over the source's own. */
export function simplify(text: string): string {
  let result = ''
  for (const character of text) result += SIMPLE.get(character) ?? character
  return result
}

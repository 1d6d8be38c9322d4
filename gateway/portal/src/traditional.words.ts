/** First of the private-use characters that stand for our words while the tables convert the rest. */
const HELD = 0xe000

/**
 * Puts our reviewed words above a converter's tables: `words` leads from the simplified word to the one that stays
 * whatever the tables would make of it.
 */
export function withWords(
  words: Readonly<Record<string, string>>,
  convert: (text: string) => string,
): (text: string) => string {
  const known = Object.keys(words).sort((a, b) => b.length - a.length)
  const wanted = new RegExp(known.join('|'), 'g')
  const held = /[\ue000-\uf8ff]/g
  return (text) =>
    convert(text.replace(wanted, (word) => String.fromCharCode(HELD + known.indexOf(word)))).replace(
      held,
      (mark) => words[known[mark.charCodeAt(0) - HELD] ?? ''] ?? mark,
    )
}

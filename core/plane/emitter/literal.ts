/** A name in double quotes. */
export function name(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`
}

/** A text literal. Only for what we made ourselves (paths, patterns and lists of a published standard); values are bound. */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

export function textList(values: readonly string[]): string {
  return `[${values.map(text).join(', ')}]`
}

/** Longer lists are compared by a hash join: DuckDB goes through a written list one by one. */
const LONGEST_WRITTEN = 30

/**
 * Whether `x`, not null, is one of a few words. Unlike `in`, DuckDB never makes a join of it, which would compute `x`
 * for every row, whatever condition stands before it.
 */
export function isWord(x: string, words: readonly string[]): string {
  return words.length === 1 ? `${x} = ${text(words[0] ?? '')}` : `list_contains(${textList(words)}, ${x})`
}

/** A list of many texts as one text that is parted once: an element each would be planned one by one, 20 ms for 3,000. */
function longList(values: readonly string[]): string {
  if (values.some((value) => value.includes(SEPARATOR))) return textList(values)
  return `string_split(${text(values.join(SEPARATOR))}, chr(${SEPARATOR.charCodeAt(0)}))`
}

const SEPARATOR = '\u001f'

/** Whether `x` is one of the values; may stand where a subquery may. */
export function isOneOf(x: string, values: readonly string[]): string {
  if (values.length === 0) return `(${x} is null)`
  if (values.length <= LONGEST_WRITTEN) return `${x} in (${values.map(text).join(', ')})`
  return `${x} in (select unnest(${longList(values)}))`
}

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

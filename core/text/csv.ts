/** One line of text of cells (RFC 4180, UTF-8); nothing and empty are the same there. */
export function csvLine(row: readonly (string | null)[]): string {
  const line = row.map((cell) => (cell === null ? '' : /[",\r\n]/.test(cell) ? quoted(cell) : cell)).join(',')
  // A blank line would not count as a row.
  return `${line === '' ? '""' : line}\n`
}

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`

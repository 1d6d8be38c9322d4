import type { TableKind } from './table.ts'

/** What a file is by its content; its name says nothing. */
export interface FileForm {
  readonly isGzip: boolean
  readonly kind: TableKind | 'delimited' | 'foreign'
}

/** Zip, Parquet, the older binary office formats (also of an encrypted workbook). */
const ZIP = Buffer.from('PK\x03\x04', 'latin1')
const PARQUET = Buffer.from('PAR1', 'latin1')
const COMPOUND = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
const GZIP = Buffer.from([0x1f, 0x8b])
const MARK = '\uFEFF'

export const isGzip = (head: Buffer) => startsWith(head, GZIP)

/** The kind of an unpacked file, by its first bytes. */
export function kindOf(head: Buffer): FileForm['kind'] {
  if (startsWith(head, ZIP)) return 'workbook'
  if (startsWith(head, PARQUET)) return 'parquet'
  if (startsWith(head, COMPOUND) || startsWith(head, GZIP)) return 'foreign'
  const text = head.toString('utf8').replace(MARK, '').trimStart()
  if (/^\[\s*(\{|\]|$)/.test(text)) return 'json'
  if (!/^\{\s*("|\}|$)/.test(text)) return 'delimited'
  const [first = '', ...others] = text.split('\n').filter((line) => line.trim() !== '')
  // One object alone is a document with its records somewhere inside.
  return isObject(first) && /^\s*\{/.test(others[0] ?? '') ? 'ndjson' : 'json'
}

function startsWith(bytes: Buffer, magic: Buffer): boolean {
  return bytes.subarray(0, magic.length).equals(magic)
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

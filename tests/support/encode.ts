import type { Encoding } from '../../core/text/encoding.ts'

const tables = new Map<Encoding, ReadonlyMap<string, Buffer>>()

/** The bytes of a text in an encoding that Node only decodes; for characters of one or two bytes. */
export function encode(text: string, encoding: Encoding): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text)
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le')
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16()
  const table = tables.get(encoding) ?? tableOf(encoding)
  tables.set(encoding, table)
  return Buffer.concat(
    [...text].map((character) => {
      const bytes = table.get(character)
      if (!bytes) throw new Error(`${character} is not in ${encoding}`)
      return bytes
    }),
  )
}

function tableOf(encoding: Encoding): Map<string, Buffer> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  const table = new Map<string, Buffer>()
  const add = (...bytes: number[]) => {
    const text = decoded(decoder, Buffer.from(bytes))
    if (text !== undefined && [...text].length === 1 && !table.has(text)) table.set(text, Buffer.from(bytes))
  }
  for (let first = 0; first < 256; first++) add(first)
  for (let first = 0x81; first < 0xff; first++)
    for (let second = 0x40; second < 0xff; second++) add(first, second)
  return table
}

function decoded(decoder: InstanceType<typeof TextDecoder>, bytes: Buffer): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

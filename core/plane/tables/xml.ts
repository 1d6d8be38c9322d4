import type { Readable } from 'node:stream'
import { SaxesParser } from 'saxes'
import { unreadable } from './unpack.ts'

export type Attributes = Readonly<Record<string, string>>

/** What a reader of one part listens to; names are without their prefixes. */
export interface XmlListener<Item> {
  opened(name: string, attributes: Attributes, put: (item: Item) => void): void
  closed?(name: string, put: (item: Item) => void): void
  text?(text: string): void
}

/**
 * Reads a part piece by piece and yields what the listener puts. Document types are refused: entities of a
 * stranger's making are never expanded.
 *
 * @throws PLANE_FILE_UNREADABLE
 */
export async function* readXml<Item>(stream: Readable, listener: XmlListener<Item>): AsyncGenerator<Item[]> {
  const parser = new SaxesParser()
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let items: Item[] = []
  const put = (item: Item) => void items.push(item)
  const fail = (message: string) => {
    throw new Error(message)
  }
  parser.on('error', ({ message }) => fail(message))
  parser.on('doctype', () => fail('a document type'))
  parser.on('opentag', ({ name, attributes }) => listener.opened(local(name), named(attributes), put))
  parser.on('closetag', ({ name }) => listener.closed?.(local(name), put))
  parser.on('text', (text) => listener.text?.(text))
  parser.on('cdata', (text) => listener.text?.(text))
  try {
    for await (const chunk of stream) {
      parser.write(decoder.decode(chunk as Buffer, { stream: true }))
      if (items.length === 0) continue
      yield items
      items = []
    }
    parser.write(decoder.decode())
    parser.close()
  } catch (error) {
    throw unreadable('XLSX', error)
  } finally {
    stream.destroy()
  }
  if (items.length > 0) yield items
}

/** All of a small part. */
export async function readAll<Item>(stream: Readable, listener: XmlListener<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const items of readXml(stream, listener)) all.push(...items)
  return all
}

const local = (name: string) => name.slice(name.indexOf(':') + 1)

function named(attributes: Readonly<Record<string, string>>): Attributes {
  const result: Record<string, string> = {}
  for (const name in attributes) {
    const value = attributes[name]
    // A prefixed name stands behind a plain one: `r:id` beside `id`.
    if (value !== undefined && !(local(name) in result)) result[local(name)] = value
  }
  return result
}

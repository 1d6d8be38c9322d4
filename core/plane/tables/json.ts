import { createReadStream } from 'node:fs'
import { errors } from '../refusals.ts'
import { JsonSplitter } from './json-text.ts'
import { fieldsOf } from './record.ts'
import { MAX_FIELDS, MAX_ROW_CHARACTERS, MEANINGLESS, type Table, type TableRow } from './table.ts'
import { unreadable } from './unpack.ts'

const CHUNK_BYTES = 1_048_576
/** How far a document is read for the names of its fields; a record behind it with others is refused as a row. */
const LOOKED_AT_CHARACTERS = 64 * 1_048_576

/** A record's place, from 1, and its text. */
interface Element {
  readonly path: string
  readonly line: number
  readonly text: string
}

type Elements = () => AsyncGenerator<Element[]>

/**
 * Opens the records of a JSON document: the list `named`, or the first list of objects.
 *
 * @param known the fields an outline found; null to find them
 * @throws PLANE_FILE_UNREADABLE, PLANE_FILE_TOO_LARGE, PLANE_TABLE_UNKNOWN
 */
export async function openJson(
  path: string,
  named: string | null,
  known: readonly string[] | null,
): Promise<Table> {
  const elements = () => documentElements(path)
  if (named !== null && known !== null) return table([named], named, known, elements)
  const names = new Map<string, Set<string>>()
  await look(elements, ({ path, text }) => {
    if (text.startsWith('{')) collect(setOf(names, path), text)
  })
  const name = named ?? [...names.keys()][0] ?? ''
  if (named !== null && !names.has(named)) throw errors.TABLE_UNKNOWN({ table: named.slice(0, 100) })
  return table([...names.keys()], name, [...(names.get(name) ?? [])], elements)
}

/** Opens a file with a JSON object on each line. @throws as openJson */
export async function openNdjson(path: string, known: readonly string[] | null): Promise<Table> {
  const elements = () => lineElements(path)
  if (known !== null) return table([''], '', known, elements)
  const fields = new Set<string>()
  await look(elements, ({ text }) => collect(fields, text))
  return table([''], '', [...fields], elements)
}

async function look(elements: Elements, see: (element: Element) => void): Promise<void> {
  let characters = 0
  for await (const piece of elements())
    for (const element of piece) {
      see(element)
      characters += element.text.length
      if (characters > LOOKED_AT_CHARACTERS) return
    }
}

function setOf(sets: Map<string, Set<string>>, path: string): Set<string> {
  const known = sets.get(path) ?? new Set<string>()
  sets.set(path, known)
  return known
}

function collect(fields: Set<string>, text: string): void {
  for (const name of fieldsOf(text)?.keys() ?? []) fields.add(name)
  if (fields.size > MAX_FIELDS) throw errors.FILE_TOO_LARGE({ limit: `${MAX_FIELDS} columns` })
}

function table(names: readonly string[], name: string, fields: readonly string[], elements: Elements): Table {
  return {
    tables: names.map((each) => ({ name: each, isEmpty: false })),
    name,
    fields,
    hiddenRows: 0,
    async *rows() {
      for await (const piece of elements())
        yield piece.flatMap((element) => (element.path === name ? [rowOf(element, fields)] : []))
    },
    close: () => undefined,
  }
}

function rowOf({ line, text: raw }: Element, fields: readonly string[]): TableRow {
  const record = fieldsOf(raw)
  if (record === undefined) return { line, cells: [], raw, fault: 'record' }
  const cells = fields.map((name) => record.get(name) ?? '')
  const known = fields.filter((name) => record.has(name)).length
  if (known < record.size) return { line, cells: [], raw, fault: 'width' }
  return { line, cells, raw, ...(cells.some((cell) => MEANINGLESS.test(cell)) && { fault: 'bytes' }) }
}

async function* documentElements(path: string): AsyncGenerator<Element[]> {
  let elements: Element[] = []
  const lines = new Map<string, number>()
  const splitter = new JsonSplitter((path, text) => {
    const line = (lines.get(path) ?? 0) + 1
    lines.set(path, line)
    elements.push({ path, line, text })
  })
  for await (const text of texts(path)) {
    splitter.push(text)
    yield elements
    elements = []
  }
  splitter.end()
}

async function* lineElements(path: string): AsyncGenerator<Element[]> {
  let rest = ''
  let line = 0
  const element = (text: string): Element[] => {
    line += 1
    return text.trim() === '' ? [] : [{ path: '', line, text: text.trim() }]
  }
  for await (const text of texts(path)) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > MAX_ROW_CHARACTERS)
      throw errors.FILE_TOO_LARGE({ limit: `${MAX_ROW_CHARACTERS} characters a record` })
    yield lines.flatMap(element)
  }
  yield element(rest)
}

/** JSON is UTF-8 (RFC 8259, 8.1). */
async function* texts(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const stream = createReadStream(path, { highWaterMark: CHUNK_BYTES })
  try {
    for await (const chunk of stream) yield decoder.decode(chunk as Buffer, { stream: true })
    yield decoder.decode()
  } catch (error) {
    throw unreadable('JSON: UTF-8', error)
  } finally {
    stream.destroy()
  }
}

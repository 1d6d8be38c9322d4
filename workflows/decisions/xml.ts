import { DmnModdle } from 'dmn-moddle'
import { SaxesParser } from 'saxes'
import type { ModelElement } from '../compile/model.ts'
import { dmn, inOneNamespace } from './descriptor.ts'
import { errors } from './refusals.ts'

const MAX_BYTES = 1_048_576
const MAX_DEPTH = 60
const MAX_ELEMENTS = 60_000

/**
 * The root element of a DMN file.
 *
 * @throws DECISION_FILE_TOO_LARGE, DECISION_DOCTYPE_FORBIDDEN, DECISION_FILE_INVALID
 */
export async function readXml(xml: string): Promise<ModelElement> {
  if (Buffer.byteLength(xml) > MAX_BYTES) throw errors.FILE_TOO_LARGE({ limit: '1 MB' })
  inspect(xml)
  try {
    const { rootElement, warnings } = await new DmnModdle({ dmn }).fromXML(inOneNamespace(xml))
    const foreign = warnings
      .map(({ message }) => message)
      .find((message) => /<dmn:|duplicate ID/.test(message))
    if (foreign !== undefined) throw errors.FILE_INVALID({ reason: firstLine(foreign) })
    return rootElement as unknown as ModelElement
  } catch (error) {
    if (error instanceof Error && error.name !== 'DomainError')
      throw errors.FILE_INVALID({ reason: firstLine(error.message) })
    throw error
  }
}

/** Looks through the file before anything is built of it. */
function inspect(xml: string): void {
  const parser = new SaxesParser()
  let [depth, elements] = [0, 0]
  parser.on('doctype', () => {
    throw errors.DOCTYPE_FORBIDDEN()
  })
  parser.on('error', (error) => {
    throw errors.FILE_INVALID({ reason: firstLine(error.message) })
  })
  parser.on('opentag', () => {
    depth += 1
    elements += 1
    if (depth > MAX_DEPTH) throw errors.FILE_TOO_LARGE({ limit: `depth ${MAX_DEPTH}` })
    if (elements > MAX_ELEMENTS) throw errors.FILE_TOO_LARGE({ limit: `${MAX_ELEMENTS} elements` })
  })
  parser.on('closetag', () => {
    depth -= 1
  })
  parser.write(xml).close()
}

const firstLine = (text: string) => (text.split('\n')[0] ?? '').trim().slice(0, 200)

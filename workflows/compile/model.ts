import { BpmnModdle } from 'bpmn-moddle'
import { gdbos } from './extension.ts'
import type { Findings } from './finding.ts'

/** An element of the parsed file, read with care: its types are what the file says, not what we wish. */
export interface ModelElement {
  readonly $type: string
  readonly $attrs?: Readonly<Record<string, unknown>>
  readonly $descriptor?: {
    readonly properties?: readonly { readonly name: string; readonly isReference?: boolean }[]
  }
  readonly $children?: readonly ModelElement[]
  readonly [property: string]: unknown
}

const MAX_BYTES = 1_048_576

/** Reads the file; what cannot be read at all is the only finding. */
export async function readModel(xml: string, findings: Findings): Promise<ModelElement | undefined> {
  if (Buffer.byteLength(xml) > MAX_BYTES) {
    findings.add('limit-size', '', '文件超过1 MB', 'The file is larger than 1 MB')
    return undefined
  }
  if (/<!\s*(?:DOCTYPE|ENTITY)/i.test(xml)) {
    findings.add(
      'doctype-forbidden',
      '',
      '不允许DOCTYPE或实体声明',
      'A DOCTYPE or entity declaration is not allowed',
    )
    return undefined
  }
  try {
    const { rootElement, warnings } = await new BpmnModdle({ gdbos }).fromXML(xml)
    for (const warning of warnings) report(warning, findings)
    return rootElement as unknown as ModelElement
  } catch (error) {
    const reason = firstLine(error instanceof Error ? error.message : String(error))
    findings.add('xml-invalid', '', `文件不是有效的BPMN：${reason}`, `The file is not valid BPMN: ${reason}`)
    return undefined
  }
}

interface Warning {
  readonly message: string
  readonly element?: { readonly id?: string; readonly $type?: string }
  readonly property?: string
  readonly value?: string
}

function report(warning: Warning, findings: Findings): void {
  const { message, element, property = '', value = '' } = warning
  const duplicate = /duplicate ID <([^>]*)>/.exec(message)?.[1]
  if (duplicate !== undefined) {
    findings.add('id-duplicate', duplicate, `标识“${duplicate}”重复`, `The id “${duplicate}” is used twice`)
  } else if (message.startsWith('unresolved reference')) {
    const drawing = property.startsWith('bpmndi:') || element?.$type?.startsWith('bpmndi:') === true
    const [zh, en] = [`引用的“${value}”不存在`, `“${value}”, which ${property} refers to, does not exist`]
    if (drawing) findings.warn('reference-unresolved', element?.id ?? '', zh, en)
    else findings.add('reference-unresolved', element?.id ?? '', zh, en)
  } else {
    const unknown = /unknown type <([^>]*)>/.exec(message)?.[1]
    const what = unknown ?? /<([^>\s]*)/.exec(message)?.[1] ?? firstLine(message)
    findings.add(
      'element-unknown',
      '',
      `文件含有BPMN没有的内容“${what}”`,
      `The file holds “${what}”, which BPMN does not have`,
    )
  }
}

const firstLine = (text: string) => (text.split('\n')[0] ?? '').trim().slice(0, 200)

export const isElement = (value: unknown): value is ModelElement =>
  typeof value === 'object' && value !== null && '$type' in value

/** The elements in a property that holds one or many. */
export function elementsIn(element: ModelElement, property: string): ModelElement[] {
  const value = element[property]
  const all: unknown[] = Array.isArray(value) ? value : [value]
  return all.filter(isElement)
}

export const elementIn = (element: ModelElement, property: string) => elementsIn(element, property)[0]

/** A non-blank text, trimmed. */
export function textIn(element: ModelElement, property: string): string | undefined {
  const value = element[property]
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const text = String(value).trim()
  return text === '' ? undefined : text
}

export const idOf = (element: ModelElement) => textIn(element, 'id') ?? ''

export interface Visited {
  readonly element: ModelElement
  /** Id of the nearest element, itself included, that has one. */
  readonly near: string
  /** How many sub-processes it lies in. */
  readonly depth: number
}

/** All elements contained in `top`, which is one of them. */
export function* walk(top: ModelElement): Generator<Visited> {
  const open: Visited[] = [{ element: top, near: idOf(top), depth: 0 }]
  for (let visited = open.pop(); visited; visited = open.pop()) {
    yield visited
    const { element, near, depth } = visited
    const deeper = depth + (/SubProcess$|Transaction$/.test(element.$type) ? 1 : 0)
    for (const child of contained(element))
      open.push({ element: child, near: idOf(child) || near, depth: deeper })
  }
}

function contained(element: ModelElement): ModelElement[] {
  const references = new Set(
    (element.$descriptor?.properties ?? []).filter((one) => one.isReference === true).map(({ name }) => name),
  )
  const names = Object.keys(element).filter(
    (name) =>
      !references.has(name) &&
      !references.has(`bpmn:${name}`) &&
      !name.startsWith('$') &&
      name !== 'diagrams',
  )
  return [
    ...names.flatMap((name) => elementsIn(element, name)),
    ...(element.$children ?? []).filter(isElement),
  ]
}

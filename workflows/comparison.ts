import { BpmnModdle } from 'bpmn-moddle'
import { gdbos } from './compile/extension.ts'
import { idOf, isElement, type ModelElement } from './compile/model.ts'
import type { Files } from './draft.ts'
import { bpmnOf } from './pack.files.ts'

/** An attribute or a part of an element in both versions; null where it has none. */
export interface AttributeChange {
  readonly name: string
  readonly before: string | null
  readonly after: string | null
}

export interface ElementChange {
  readonly id: string
  /** Such as `userTask`. */
  readonly type: string
  readonly change: 'added' | 'removed' | 'changed'
  /** Empty for an element of one version only. */
  readonly attributes: readonly AttributeChange[]
}

export interface FileDifference {
  readonly path: string
  readonly change: 'added' | 'removed' | 'changed'
}

/** What distinguishes two versions of a process; where elements are drawn does not count. */
export interface Comparison {
  readonly elements: readonly ElementChange[]
  /** Files other than the model. */
  readonly files: readonly FileDifference[]
}

/** Compares by id: an element that was given another id was removed and added. A model that cannot be read has none. */
export async function compare(before: Files, after: Files): Promise<Comparison> {
  const [old, young] = [await elementsOf(before), await elementsOf(after)]
  const elements = [...new Set([...old.keys(), ...young.keys()])].flatMap((id) => {
    const change = changeOf(id, old.get(id), young.get(id))
    return change ? [change] : []
  })
  return { elements, files: filesChanged(before, after) }
}

interface Described {
  readonly type: string
  readonly attributes: ReadonlyMap<string, string>
}

function changeOf(
  id: string,
  before: Described | undefined,
  after: Described | undefined,
): ElementChange | undefined {
  if (!before && after) return { id, type: after.type, change: 'added', attributes: [] }
  if (before && !after) return { id, type: before.type, change: 'removed', attributes: [] }
  if (!before || !after) return undefined
  const names = new Set([...before.attributes.keys(), ...after.attributes.keys()])
  const attributes = [...names].flatMap((name) => {
    const [was, is] = [before.attributes.get(name) ?? null, after.attributes.get(name) ?? null]
    return was === is ? [] : [{ name, before: was, after: is }]
  })
  if (before.type !== after.type) attributes.unshift({ name: 'type', before: before.type, after: after.type })
  return attributes.length === 0 ? undefined : { id, type: after.type, change: 'changed', attributes }
}

async function elementsOf(files: Files): Promise<Map<string, Described>> {
  const path = bpmnOf(files)
  const xml = path === undefined ? undefined : files[path]
  const found = new Map<string, Described>()
  if (xml === undefined || /<!\s*(?:DOCTYPE|ENTITY)/i.test(xml)) return found
  try {
    const { rootElement } = await new BpmnModdle({ gdbos }).fromXML(xml)
    const root = rootElement as unknown as ModelElement
    for (const element of childrenOf(root, 'rootElements')) describe(element, found)
  } catch {
    // A draft may be broken; then every element of the other version is new or gone.
  }
  return found
}

/** Properties that say again what another element says, or how it is drawn. */
const REPEATED = new Set(['incoming', 'outgoing', 'flowNodeRef', 'di'])

/** Enters `element` under its id, with all that has no id of its own as its attributes. */
function describe(element: ModelElement, found: Map<string, Described>): void {
  const attributes = new Map<string, string>()
  gather(element, '', attributes, found)
  found.set(idOf(element), { type: typeOf(element), attributes })
}

function gather(
  element: ModelElement,
  at: string,
  attributes: Map<string, string>,
  found: Map<string, Described>,
): void {
  for (const { name, isReference } of element.$descriptor?.properties ?? []) {
    const property = name.replace(/^bpmn:/, '')
    const value = element[property] ?? element[name]
    if (value === undefined || REPEATED.has(property) || (at === '' && property === 'id')) continue
    const place = at === '' ? property : `${at}.${property}`
    const values: readonly unknown[] = Array.isArray(value) ? value : [value]
    const said: string[] = []
    for (const [index, one] of values.entries()) {
      if (!isElement(one)) said.push(String(one))
      else if (isReference === true) said.push(idOf(one))
      else if (idOf(one) !== '' && !one.$type.endsWith('EventDefinition')) describe(one, found)
      else gather(one, values.length > 1 ? `${place}[${nameOf(one) ?? index}]` : place, attributes, found)
    }
    if (said.length > 0) attributes.set(place, said.join(', '))
  }
  // What an event waits for is said by the kind of its definition, even one without properties.
  if (at !== '' && element.$type.endsWith('EventDefinition')) attributes.set(`${at}.kind`, typeOf(element))
}

const nameOf = (element: ModelElement) => (typeof element['name'] === 'string' ? element['name'] : undefined)
const typeOf = ({ $type }: ModelElement) =>
  $type.replace(/^\w+:/, '').replace(/^./, (first) => first.toLowerCase())

const childrenOf = (element: ModelElement, property: string) => {
  const value = element[property]
  return (Array.isArray(value) ? value : []).filter(isElement)
}

function filesChanged(before: Files, after: Files): FileDifference[] {
  const models = new Set([bpmnOf(before), bpmnOf(after)])
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((path) => !models.has(path))
    .sort()
  return paths.flatMap((path) => {
    const [was, is] = [plain(before[path]), plain(after[path])]
    if (was === is) return []
    const change = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed'
    return [{ path, change } as const]
  })
}

/** JSON without its spaces and the order of its members, so that only what it says counts. */
function plain(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  try {
    return JSON.stringify(sorted(JSON.parse(text)))
  } catch {
    return text
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]))
}

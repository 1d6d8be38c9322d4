import type { BusinessObject, Shape } from './diagram.ts'

/** One element in hand, and the modeler that changes it. */
export interface Editing {
  readonly element: Shape
  /** What its properties are of: what is drawn, or the process that lies in a pool. */
  readonly object: BusinessObject
  readonly modeler: ModelerServices
}

interface ModelerServices {
  get(name: 'modeling'): Modeling
  get(name: 'bpmnFactory'): { create(type: string, attributes?: object): BusinessObject }
  getDefinitions(): BusinessObject
}

interface Modeling {
  updateProperties(element: Shape, properties: object): void
  updateModdleProperties(element: Shape, object: BusinessObject, properties: object): void
}

const isObject = (value: unknown): value is BusinessObject =>
  typeof value === 'object' && value !== null && '$type' in value

export const objectsIn = (object: BusinessObject, name: string): BusinessObject[] => {
  const value = object.get(name)
  return Array.isArray(value) ? value.filter(isObject) : []
}

export const objectIn = (object: BusinessObject, name: string): BusinessObject | undefined => {
  const value = object.get(name)
  return isObject(value) ? value : undefined
}

export const textOf = (object: BusinessObject | undefined, name: string): string => {
  const value = object?.get(name)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** Sets a property of the element; an empty text takes it away. */
export function setText({ element, object, modeler }: Editing, name: string, text: string): void {
  const properties = { [name]: text === '' ? undefined : text }
  if (object === element.businessObject) modeler.get('modeling').updateProperties(element, properties)
  else modeler.get('modeling').updateModdleProperties(element, object, properties)
}

/** Sets a property of something inside the element, such as its event definition. */
export function setInside(
  { element, modeler }: Editing,
  object: BusinessObject,
  name: string,
  value: unknown,
): void {
  modeler
    .get('modeling')
    .updateModdleProperties(element, object, { [name]: value === '' ? undefined : value })
}

/** A new object of the model inside `parent`. */
export function created(
  { modeler }: Editing,
  type: string,
  parent: BusinessObject,
  attributes: object = {},
): BusinessObject {
  const made = modeler.get('bpmnFactory').create(type, attributes)
  Object.assign(made, { $parent: parent })
  return made
}

/** Sets an expression inside `object`, as an element of its own; an empty text takes it away. */
export function setExpression(editing: Editing, object: BusinessObject, name: string, body: string): void {
  const made = body === '' ? undefined : created(editing, 'bpmn:FormalExpression', object, { body })
  setInside(editing, object, name, made)
}

/** The messages or errors the file declares. */
export const rootsOf = ({ modeler }: Editing, type: string): BusinessObject[] =>
  objectsIn(modeler.getDefinitions(), 'rootElements').filter(({ $type }) => $type === type)

/**
 * Lets `object` refer to the message or error whose `by` property is `text`: one the file declares, else a new one.
 * An empty text takes the reference away.
 */
export function setReference(
  editing: Editing,
  object: BusinessObject,
  reference: { readonly property: string; readonly type: string; readonly by: string },
  text: string,
): void {
  const { property, type, by } = reference
  if (text === '') return setInside(editing, object, property, undefined)
  const definitions = editing.modeler.getDefinitions()
  let root = rootsOf(editing, type).find((one) => textOf(one, by) === text)
  if (!root) {
    root = created(editing, type, definitions, { [by]: text, ...(by === 'name' ? {} : { name: text }) })
    const { modeler, element } = editing
    const rootElements = [...objectsIn(definitions, 'rootElements'), root]
    modeler.get('modeling').updateModdleProperties(element, definitions, { rootElements })
  }
  setInside(editing, object, property, root)
}

/** What an event waits for or throws. */
export const eventDefinition = ({ object }: Editing) => objectsIn(object, 'eventDefinitions')[0]

/** Where nothing is chosen, the process: drawn itself, or the executable one in a pool. */
export function processIn(definitions: BusinessObject): BusinessObject | undefined {
  const processes = objectsIn(definitions, 'rootElements').filter(({ $type }) => $type === 'bpmn:Process')
  return processes.find((process) => process.get('isExecutable') === true) ?? processes[0]
}

/** Names of our own attributes the element may carry, without their prefix, in the order of the descriptor. */
export const ownAttributes = ({ $descriptor }: BusinessObject): string[] =>
  $descriptor.properties.flatMap(({ name, ns, isAttr }) =>
    ns.prefix === 'gdbos' && isAttr === true ? [name.replace(/^gdbos:/, '')] : [],
  )

/** The extension elements of the object, and the way to put others in their place. */
export function extensionOf(editing: Editing): {
  readonly all: readonly BusinessObject[]
  readonly put: (values: readonly BusinessObject[]) => void
  readonly make: (type: string, attributes: object) => BusinessObject
} {
  const { object } = editing
  const extension = objectIn(object, 'extensionElements')
  return {
    all: extension ? objectsIn(extension, 'values') : [],
    put(values) {
      if (extension) return setInside(editing, extension, 'values', values)
      const made = created(editing, 'bpmn:ExtensionElements', object, { values })
      for (const value of values) Object.assign(value, { $parent: made })
      setInside(editing, object, 'extensionElements', made)
    },
    // An element of an extension is made by the model itself: BPMN's factory would give it an id.
    make: (type, attributes) =>
      Object.assign(object.$model.create(type, attributes), { $parent: extension ?? object }),
  }
}

import type { Mapping, Variable } from '../definition.ts'
import { isVariableName } from './draft.ts'
import type { Findings } from './finding.ts'
import { elementIn, elementsIn, idOf, isElement, type ModelElement, textIn } from './model.ts'

/**
 * Data objects and properties that activities read or write (BPMN 2.0.2, 10.4): each is a variable of the
 * process or sub-process it is drawn in, list or any, unless it is declared there.
 */
export class Items {
  /** By id of the process or sub-process. */
  readonly used = new Map<string, Map<string, Variable>>()
  readonly #findings: Findings

  constructor(findings: Findings) {
    this.#findings = findings
  }

  /** The variable an item-aware element stands for. */
  nameOf(item: ModelElement, near: string): string {
    const object = elementIn(item, 'dataObjectRef') ?? item
    const name = textIn(object, 'name') ?? textIn(item, 'name') ?? idOf(object)
    if (!isVariableName(name)) {
      const en = `“${name}” cannot name a variable: give the data object or input a one-word name`
      this.#findings.add(
        'data-name-invalid',
        near,
        `“${name}”不能作为变量名：请给数据对象起一个不含空格的名称`,
        en,
      )
    }
    const isData = object.$type === 'bpmn:DataObject' || object.$type === 'bpmn:Property'
    const holder = object['$parent']
    if (isData && isElement(holder)) {
      const known = this.used.get(idOf(holder)) ?? new Map<string, Variable>()
      const type = object['isCollection'] === true ? 'list' : 'any'
      this.used.set(idOf(holder), known.set(name, { name, type }))
    }
    return name
  }

  /** Declared variables of a level with those its data objects make. */
  with(declared: readonly Variable[], holder: string): Variable[] {
    const added = [...(this.used.get(holder)?.values() ?? [])]
    return [...declared, ...added.filter(({ name }) => !declared.some((one) => one.name === name))]
  }
}

export interface Mappings {
  readonly inputs?: readonly Mapping[]
  readonly outputs?: readonly Mapping[]
}

/** What goes into an activity and what comes out: by data associations, and by `gdbos:input` and `gdbos:output`. */
export function mappingsOf(element: ModelElement, items: Items, without: ReadonlySet<string>): Mappings {
  const id = idOf(element)
  const written = (type: string): Mapping[] => {
    const extension = elementIn(element, 'extensionElements')
    const own = extension ? elementsIn(extension, 'values').filter(({ $type }) => $type === type) : []
    return own.map((one) => ({ from: textIn(one, 'from') ?? '', to: textIn(one, 'to') ?? '' }))
  }
  const associated = (property: string) =>
    elementsIn(element, property).flatMap((one) => mappingsIn(one, id, items, without))
  const inputs = [...associated('dataInputAssociations'), ...written('gdbos:Input')]
  const outputs = [...associated('dataOutputAssociations'), ...written('gdbos:Output')]
  return { ...(inputs.length > 0 && { inputs }), ...(outputs.length > 0 && { outputs }) }
}

function mappingsIn(
  association: ModelElement,
  near: string,
  items: Items,
  without: ReadonlySet<string>,
): Mapping[] {
  const assigned = elementsIn(association, 'assignment').map((assignment) => {
    const [from, to] = ['from', 'to'].map((end) => elementIn(assignment, end))
    return { from: (from && textIn(from, 'body')) ?? '', to: (to && textIn(to, 'body')) ?? '' }
  })
  if (assigned.length > 0) return assigned
  const [source] = elementsIn(association, 'sourceRef')
  const target = elementIn(association, 'targetRef')
  if (!source || !target || without.has(idOf(source)) || without.has(idOf(target))) return []
  const transformation = elementIn(association, 'transformation')
  const from = (transformation && textIn(transformation, 'body')) ?? items.nameOf(source, near)
  return [{ from, to: items.nameOf(target, near) }]
}

const MODEL = 'http://www.omg.org/spec/BPMN/20100524/MODEL'

const NODE = /(?:[tT]ask|Event|Gateway|[sS]ubProcess|callActivity|transaction)$/

export interface ProcessNode {
  /** Such as `userTask`. */
  readonly kind: string
  readonly id: string
  /** Empty where the model names none. */
  readonly name: string
}

/** The nodes of a BPMN file in its order. */
export function nodesOf(xml: string): readonly ProcessNode[] {
  return elementsOf(xml).filter(({ kind }) => NODE.test(kind))
}

/** What can be chosen in an editor without a pointer: nodes and flows, in the order of the file. */
export const choosable = (xml: string): readonly ProcessNode[] =>
  elementsOf(xml).filter(({ kind }) => NODE.test(kind) || kind === 'sequenceFlow' || kind === 'participant')

/** What the elements of a BPMN file are called, flows too; the id of what has no name. */
export function namesOf(xml: string): (id: string) => string {
  const names = new Map(elementsOf(xml).map(({ id, name }) => [id, name]))
  return (id) => names.get(id) || id
}

function elementsOf(xml: string): ProcessNode[] {
  const elements = new DOMParser().parseFromString(xml, 'application/xml').getElementsByTagNameNS(MODEL, '*')
  return [...elements].flatMap((element) => {
    const id = element.getAttribute('id')
    return id ? [{ kind: element.localName, id, name: element.getAttribute('name') ?? '' }] : []
  })
}

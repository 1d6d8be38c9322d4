const KINDS = [
  'startEvent',
  'userTask',
  'serviceTask',
  'sendTask',
  'receiveTask',
  'exclusiveGateway',
  'parallelGateway',
  'intermediateCatchEvent',
  'boundaryEvent',
  'endEvent',
] as const

interface ProcessNode {
  readonly kind: (typeof KINDS)[number]
  readonly id: string
  /** Empty where the model names none. */
  readonly name: string
}

/** The nodes of a BPMN file in its order. */
export function nodesOf(xml: string): readonly ProcessNode[] {
  const elements = new DOMParser().parseFromString(xml, 'application/xml').getElementsByTagName('*')
  return [...elements].flatMap((element) => {
    const kind = KINDS.find((kind) => kind === element.localName)
    return kind
      ? [{ kind, id: element.getAttribute('id') ?? '', name: element.getAttribute('name') ?? '' }]
      : []
  })
}

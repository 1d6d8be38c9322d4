import type { Flow } from '../definition.ts'
import { flowOf } from './draft.ts'
import { TOLERATED } from './elements.ts'
import type { Findings } from './finding.ts'
import { elementIn, elementsIn, idOf, type ModelElement } from './model.ts'
import { isFlowNode } from './nodes.ts'

/** The process, or a sub-process, with what is drawn directly in it. */
export interface DrawnLevel {
  readonly holder: ModelElement
  /** Id of the sub-process; absent for the process. */
  readonly within?: string
  /** Its flow nodes. */
  readonly elements: readonly ModelElement[]
  readonly flows: readonly Flow[]
  /** Associations, by id of what they lead from. */
  readonly associations: ReadonlyMap<string, readonly string[]>
}

const SCOPES = new Set(['bpmn:SubProcess', 'bpmn:Transaction', 'bpmn:AdHocSubProcess'])

/** The process first, then every sub-process in it, however deep. */
export function levelsOf(process: ModelElement, findings: Findings): DrawnLevel[] {
  const levels: DrawnLevel[] = []
  const open: ModelElement[] = [process]
  for (let holder = open.shift(); holder; holder = open.shift()) {
    const all = elementsIn(holder, 'flowElements')
    const elements = all.filter(({ $type }) => $type !== 'bpmn:SequenceFlow' && !TOLERATED.has($type))
    for (const element of elements)
      if (idOf(element) === '') {
        const en = `An element ${element.$type} has no id`
        findings.add('id-missing', idOf(holder), `元素${element.$type}没有标识`, en)
      }
    levels.push({
      holder,
      ...(holder !== process && { within: idOf(holder) }),
      elements,
      flows: flowsOf(all, findings),
      associations: associationsOf(holder),
    })
    open.push(...elements.filter(({ $type }) => SCOPES.has($type)))
  }
  return levels
}

function flowsOf(elements: readonly ModelElement[], findings: Findings): Flow[] {
  const nodes = new Set(elements.filter(isFlowNode).map(idOf))
  const flows = elements.filter(({ $type }) => $type === 'bpmn:SequenceFlow').map(flowOf)
  for (const { id, source, target } of flows) {
    if (nodes.has(source) && nodes.has(target)) continue
    const en = `The flow “${id}” lacks one of its two ends on this level`
    findings.add('flow-incomplete', id, `连线“${id}”在本层级缺少起点或终点`, en)
  }
  return flows
}

function associationsOf(holder: ModelElement): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const artifact of elementsIn(holder, 'artifacts')) {
    if (artifact.$type !== 'bpmn:Association') continue
    const [source, target] = [elementIn(artifact, 'sourceRef'), elementIn(artifact, 'targetRef')]
    if (source && target) found.set(idOf(source), [...(found.get(idOf(source)) ?? []), idOf(target)])
  }
  return found
}

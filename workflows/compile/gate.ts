import {
  DEFINITION_FORMAT,
  type Flow,
  type Node,
  type ProcessDefinition,
  type Variable,
} from '../definition.ts'
import { checkDecisions } from './decisions.ts'
import { flowOf, isFlowNode, nameOf, nodeFrom, variablesOf } from './draft.ts'
import { unsupported } from './unsupported.ts'
import { TOLERATED } from './elements.ts'
import { type Finding, Findings } from './finding.ts'
import { checkCircles, checkReach, type Graph } from './graph.ts'
import { checkJoins } from './joins.ts'
import { elementIn, elementsIn, idOf, isElement, type ModelElement, readModel, walk } from './model.ts'
import { checkNodes, type Known } from './nodes.ts'
import { refuseScripts } from './scripts.ts'

export type { Known } from './nodes.ts'

/** What the gate says of a file: all findings in one answer, and the definition when there are none. */
export interface Report {
  readonly valid: boolean
  readonly findings: readonly Finding[]
  readonly warnings: readonly Finding[]
  readonly definition?: ProcessDefinition
}

/** Findings a run in memory can live with: the script answers every task, and an untaken gateway shows as an incident. */
const TOLERATED_IN_MEMORY = new Set([
  'task-unknown',
  'task-missing',
  'command-unknown',
  'gateway-default-missing',
])

const MAX_ELEMENTS = 500
const MAX_NESTING = 5

export interface GateOptions {
  /** Names the platform offers. */
  readonly known: Known
  /** The definition is only run in memory, with its tasks answered by a script. */
  readonly inMemory?: boolean
}

/**
 * Checks a BPMN file and compiles it (workflow.md, reliability K5 and K7). The file is data: nothing in it
 * is evaluated here but the syntax and types of its FEEL.
 */
export async function gate(xml: string, { known, inMemory = false }: GateOptions): Promise<Report> {
  const findings = new Findings()
  const model = await readModel(xml, findings)
  const definition = model && compile(model, known, findings)
  const found = inMemory
    ? findings.errors.filter(({ rule }) => !TOLERATED_IN_MEMORY.has(rule))
    : findings.errors
  const valid = found.length === 0 && definition !== undefined
  return { valid, findings: found, warnings: findings.warnings, ...(valid && { definition }) }
}

function compile(model: ModelElement, known: Known, findings: Findings): ProcessDefinition | undefined {
  refuseScripts(model, findings)
  const process = executable(model, findings)
  if (!process || !withinLimits(process, findings)) return undefined
  const variables = variablesOf(process, findings)
  const elements = elementsIn(process, 'flowElements')
  const flows = flowsOf(elements, findings)
  const nodes = nodesOf(process, elements, flows, findings)
  const graph = graphOf(elements, nodes, flows)
  checkStarts(process, graph, findings)
  checkReach(graph, findings)
  checkCircles(graph, findings)
  checkNodes({ nodes, flows, variables, elements }, known, findings)
  checkDecisions(known.decisions ?? [], findings)
  const sound = !findings.errors.some(({ rule }) => !TOLERATED_IN_MEMORY.has(rule))
  if (sound) checkJoins(graph, findings)
  const { decisions = [] } = known
  return {
    ...definitionOf(process, variables, nodes, flows),
    ...(decisions.length > 0 && { decisions }),
  }
}

function executable(model: ModelElement, findings: Findings): ModelElement | undefined {
  const processes = elementsIn(model, 'rootElements').filter(({ $type }) => $type === 'bpmn:Process')
  const marked = processes.filter((process) => process['isExecutable'] === true)
  const [first] = marked
  if (!first) {
    const en = 'No process is marked isExecutable="true"'
    findings.add(
      'process-not-executable',
      processes[0] ? idOf(processes[0]) : '',
      '没有标为可执行（isExecutable）的流程',
      en,
    )
  }
  if (marked.length > 1) {
    const en = 'Only one process of a file may be executable; draw the others as black boxes'
    findings.add(
      'process-several',
      marked.map(idOf).join(', '),
      '一个文件只能有一个可执行流程，其他参与方请画成黑盒',
      en,
    )
  }
  for (const type of ['bpmn:Choreography', 'bpmn:GlobalTask', 'bpmn:GlobalUserTask'])
    for (const foreign of elementsIn(model, 'rootElements').filter(({ $type }) => $type === type))
      unsupported(findings, idOf(foreign), type)
  return first ?? processes[0]
}

function withinLimits(process: ModelElement, findings: Findings): boolean {
  let count = 0
  let deepest = 0
  for (const { element, depth } of walk(process)) {
    if (
      isFlowNode(element) &&
      !element.$type.endsWith('Definition') &&
      !element.$type.endsWith('Characteristics')
    )
      count += 1
    if (element.$type === 'bpmn:SequenceFlow') count += 1
    deepest = Math.max(deepest, depth)
  }
  if (count > MAX_ELEMENTS) {
    const en = `The process has ${count} elements; ${MAX_ELEMENTS} are allowed`
    findings.add('limit-elements', idOf(process), `流程有${count}个元素，上限为${MAX_ELEMENTS}`, en)
  }
  if (deepest > MAX_NESTING) {
    const en = `Sub-processes are nested ${deepest} deep; ${MAX_NESTING} are allowed`
    findings.add('limit-nesting', idOf(process), `子流程嵌套${deepest}层，上限为${MAX_NESTING}`, en)
  }
  return count <= MAX_ELEMENTS && deepest <= MAX_NESTING
}

function flowsOf(elements: readonly ModelElement[], findings: Findings): Flow[] {
  const nodes = new Set(elements.filter(isFlowNode).map(idOf))
  const flows = elements.filter(({ $type }) => $type === 'bpmn:SequenceFlow').map(flowOf)
  for (const { id, source, target } of flows) {
    if (nodes.has(source) && nodes.has(target)) continue
    const [zh, en] = [
      `连线“${id}”缺少起点或终点`,
      `The flow “${id}” lacks one of its two ends in this process`,
    ]
    findings.add('flow-incomplete', id, zh, en)
  }
  return flows
}

function nodesOf(
  process: ModelElement,
  elements: readonly ModelElement[],
  flows: readonly Flow[],
  findings: Findings,
): Map<string, Node> {
  const nodes = new Map<string, Node>()
  for (const element of elements) {
    const id = idOf(element)
    if (id === '') {
      const en = `An element ${element.$type} has no id`
      findings.add('id-missing', idOf(process), `元素${element.$type}没有标识`, en)
    }
    if (element.$type === 'bpmn:SequenceFlow' || TOLERATED.has(element.$type)) continue
    const attached = elements.filter((other) => {
      const host = elementIn(other, 'attachedToRef')
      return host !== undefined && idOf(host) === id
    })
    const around = {
      incoming: flows.filter(({ target }) => target === id).map((flow) => flow.id),
      outgoing: flows.filter(({ source }) => source === id).map((flow) => flow.id),
      boundaries: attached.map(idOf),
    }
    const node = nodeFrom(element, around, findings)
    if (node) nodes.set(id, node)
  }
  return nodes
}

function graphOf(elements: readonly ModelElement[], nodes: Map<string, Node>, flows: readonly Flow[]): Graph {
  const drawn = elements.filter(isFlowNode).map((element) => {
    const id = idOf(element)
    const node = nodes.get(id)
    const host = isElement(element['attachedToRef']) ? idOf(element['attachedToRef']) : undefined
    return [id, { type: element.$type, ...(node && { node }), ...(host !== undefined && { host }) }] as const
  })
  return { nodes: new Map(drawn), flows }
}

function checkStarts(process: ModelElement, graph: Graph, findings: Findings): void {
  const drawn = [...graph.nodes.values()].filter(({ type }) => type === 'bpmn:StartEvent')
  const plain = drawn.filter(({ node }) => node?.kind === 'startEvent' && node.message === undefined)
  if (drawn.length === 0)
    findings.add('start-missing', idOf(process), '流程没有开始事件', 'The process has no start event')
  if (plain.length > 1) {
    const en = 'A process has at most one start event without a message'
    findings.add('start-several', idOf(process), '无消息的开始事件最多一个', en)
  }
}

function definitionOf(
  process: ModelElement,
  variables: readonly Variable[],
  nodes: ReadonlyMap<string, Node>,
  flows: readonly Flow[],
): ProcessDefinition {
  return {
    format: DEFINITION_FORMAT,
    key: idOf(process),
    name: nameOf(process),
    variables,
    nodes: Object.fromEntries(nodes),
    flows: Object.fromEntries(flows.map((flow) => [flow.id, flow])),
  }
}

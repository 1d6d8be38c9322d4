import { DEFINITION_FORMAT, type InclusiveGateway, type Node, type ProcessDefinition } from '../definition.ts'
import { upstreamOf } from '../outline.ts'
import { checkConditions } from './conditions.ts'
import { checkBusinessRuleTasks, checkDecisions } from './decisions.ts'
import { nameOf, variablesOf } from './draft.ts'
import { checkExpressions } from './expressions.ts'
import { type Finding, Findings } from './finding.ts'
import { checkCircles, checkReach, graphOf } from './graph.ts'
import { Items } from './items.ts'
import { checkJoins } from './joins.ts'
import { type DrawnLevel, levelsOf } from './levels.ts'
import { elementsIn, idOf, type ModelElement, readModel, walk } from './model.ts'
import { checkNames, type Known } from './names.ts'
import { isFlowNode, nodeFrom, type Reading } from './nodes.ts'
import { checkPlaces } from './places.ts'
import { refuseScripts } from './scripts.ts'
import { unsupported } from './unsupported.ts'
import { reportVendors } from './vendors.ts'

export type { Known } from './names.ts'

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

const MAX_NODES = 500
/** Two for each node: a model with more is a mesh that nobody reads. All else in a file its size bounds. */
const MAX_FLOWS = 1_000
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
  reportVendors(model, findings)
  const process = executable(model, findings)
  if (!process || !withinLimits(process, findings)) return undefined
  const levels = levelsOf(process, findings)
  const items = new Items(findings)
  const nodes = nodesOf(levels, { findings, items, process, definitions: model })
  const drawn = definitionOf(process, levels, nodes, findings, items)
  const { decisions = [] } = known
  const definition = decisions.length > 0 ? { ...drawn, decisions } : drawn
  const graphs = levels.map((level) => graphOf(level, nodes))
  const byLevel = new Map(
    graphs.flatMap((graph) => (graph.within === undefined ? [] : [[graph.within, graph]])),
  )
  checkPlaces(definition, findings)
  for (const graph of graphs) {
    if (isAdHoc(nodes.get(graph.within ?? ''))) continue
    checkReach(graph, findings)
    checkCircles(graph, byLevel, findings)
  }
  checkNames(nodes.values(), definition.key, known, findings)
  checkDecisions(decisions, findings)
  checkBusinessRuleTasks(definition, findings)
  checkConditions(definition, findings)
  checkExpressions(definition, findings)
  const sound = !findings.errors.some(({ rule }) => !TOLERATED_IN_MEMORY.has(rule))
  if (!sound) return definition
  const complete = withUpstream(definition)
  for (const level of levels)
    if (!isAdHoc(nodes.get(level.within ?? '')))
      checkJoins(graphOf(level, new Map(Object.entries(complete.nodes))), findings)
  return complete
}

const isAdHoc = (node: Node | undefined) => node?.kind === 'adHocSubProcess'

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
  let flows = 0
  let deepest = 0
  for (const { element, depth } of walk(process)) {
    if (
      isFlowNode(element) &&
      !element.$type.endsWith('Definition') &&
      !element.$type.endsWith('Characteristics')
    )
      count += 1
    if (element.$type === 'bpmn:SequenceFlow') flows += 1
    deepest = Math.max(deepest, depth)
  }
  if (count > MAX_NODES) {
    const en = `The process has ${count} nodes; ${MAX_NODES} are allowed`
    findings.add('limit-elements', idOf(process), `流程有${count}个节点，上限为${MAX_NODES}`, en)
  }
  if (flows > MAX_FLOWS) {
    const en = `The process has ${flows} sequence flows; ${MAX_FLOWS} are allowed`
    findings.add('limit-flows', idOf(process), `流程有${flows}条顺序流，上限为${MAX_FLOWS}`, en)
  }
  if (deepest > MAX_NESTING) {
    const en = `Sub-processes are nested ${deepest} deep; ${MAX_NESTING} are allowed`
    findings.add('limit-nesting', idOf(process), `子流程嵌套${deepest}层，上限为${MAX_NESTING}`, en)
  }
  return count <= MAX_NODES && flows <= MAX_FLOWS && deepest <= MAX_NESTING
}

function nodesOf(levels: readonly DrawnLevel[], reading: Omit<Reading, 'level'>): Map<string, Node> {
  const nodes = new Map<string, Node>()
  // The innermost first: what a sub-process's data objects are used for is known before it is read.
  for (const level of [...levels].reverse())
    for (const element of level.elements) {
      const node = nodeFrom(element, { ...reading, level })
      if (node) nodes.set(node.id, node)
    }
  // In the order of the file, level by level.
  const ids = levels.flatMap(({ elements }) => elements.map(idOf))
  return new Map(ids.flatMap((id) => [...(nodes.has(id) ? [[id, nodes.get(id) as Node] as const] : [])]))
}

function definitionOf(
  process: ModelElement,
  levels: readonly DrawnLevel[],
  nodes: ReadonlyMap<string, Node>,
  findings: Findings,
  items: Items,
): ProcessDefinition {
  return {
    format: DEFINITION_FORMAT,
    key: idOf(process),
    name: nameOf(process),
    variables: items.with(variablesOf(process, findings), idOf(process)),
    nodes: Object.fromEntries(nodes),
    flows: Object.fromEntries(levels.flatMap(({ flows }) => flows.map((flow) => [flow.id, flow]))),
  }
}

/** What an inclusive join waits for is worked out once, here. */
function withUpstream(definition: ProcessDefinition): ProcessDefinition {
  const upstream = ({ id, incoming }: InclusiveGateway) =>
    Object.fromEntries(incoming.map((flow) => [flow, upstreamOf(definition, id, flow)]))
  const nodes = Object.entries(definition.nodes).map(([id, node]) => [
    id,
    node.kind === 'inclusiveGateway' && node.incoming.length > 1
      ? { ...node, upstream: upstream(node) }
      : node,
  ])
  return { ...definition, nodes: Object.fromEntries(nodes) as ProcessDefinition['nodes'] }
}

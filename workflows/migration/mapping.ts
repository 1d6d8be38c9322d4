import type { Texts } from '../../core/errors.ts'
import type { Finding } from '../compile/finding.ts'
import { isOutside, isScope, isWaitState, type Node, type ProcessDefinition } from '../definition.ts'
import { KIND_ZH } from '../node.words.ts'
import { mappedBy, type NodeMapping } from '../runtime/step/migration.ts'

export type Basis = 'same-id' | 'name-alike' | 'by-hand'

/** What could become of a node. */
export interface Suggestion {
  readonly node: Node
  /** Null: to be mapped by hand. */
  readonly to: string | null
  readonly basis: Basis
  readonly explanation: Texts
  /** Nodes of the new version it may be mapped to, the likeliest first. */
  readonly candidates: readonly Node[]
}

/** Whether a token can rest at it, or its event is waited for while one rests elsewhere. */
export function isHeld(node: Node): boolean {
  if (isWaitState(node) || isScope(node)) return true
  if (node.kind === 'parallelGateway' || node.kind === 'inclusiveGateway') return node.incoming.length > 1
  if (node.kind === 'boundaryEvent' || node.kind === 'startEvent')
    return node.awaits !== undefined && isOutside(node.awaits) && isAround(node)
  return false
}

/** Not the start of the process itself, which no running instance waits for. */
const isAround = (node: Node) => node.kind === 'boundaryEvent' || node.within !== undefined

/** Names that share less than this of their pairs of signs are not alike (Sørensen–Dice coefficient). */
const ALIKE = 0.6

/**
 * What the ids and names of two versions suggest: a node keeps its id where the new version has one of its kind;
 * else it becomes the one free node of its kind whose name is alike; the rest is for a person.
 */
export function suggest(from: ProcessDefinition, to: ProcessDefinition): Suggestion[] {
  const held = Object.values(from.nodes).filter(isHeld)
  const isKept = (node: Node) => Object.hasOwn(to.nodes, node.id) && to.nodes[node.id]?.kind === node.kind
  const taken = new Set(held.filter(isKept).map(({ id }) => id))
  return held.map((node) => {
    const fitting = Object.values(to.nodes)
      .filter((one) => one.kind === node.kind)
      .map((one) => ({ one, likeness: likeness(node, one) }))
      .sort((a, b) => b.likeness - a.likeness)
    const candidates = fitting.map(({ one }) => one)
    if (isKept(node)) return suggestion(node, node.id, 'same-id', candidates)
    const [best, next] = fitting.filter(({ one, likeness }) => likeness >= ALIKE && !taken.has(one.id))
    if (!best || best.likeness === next?.likeness) return suggestion(node, null, 'by-hand', candidates)
    taken.add(best.one.id)
    return suggestion(node, best.one.id, 'name-alike', candidates)
  })
}

function suggestion(node: Node, to: string | null, basis: Basis, candidates: readonly Node[]): Suggestion {
  return { node, to, basis, explanation: explained(node, to, basis, candidates.length), candidates }
}

function explained({ id, kind }: Node, to: string | null, basis: Basis, fitting: number): Texts {
  if (basis === 'same-id')
    return { zh: '新版本中编号和类型都相同', en: 'The new version has it by the same id and kind' }
  if (basis === 'name-alike')
    return { zh: `名称与“${String(to)}”相近`, en: `Its name is like that of “${String(to)}”` }
  if (fitting === 0)
    return {
      zh: `新版本中没有同类节点（${KIND_ZH[kind]}），停在“${id}”的实例须先办完、移走或终止`,
      en: `The new version has no ${kind}: instances at “${id}” are to be finished, moved or ended first`,
    }
  return {
    zh: `没有同号或名称相近的节点，请从${fitting}个同类节点中选定`,
    en: `Nothing has its id or a name like it: choose among ${fitting} nodes of its kind`,
  }
}

function likeness(a: Node, b: Node): number {
  return Math.max(dice(a.name.zh, b.name.zh), dice(a.name.en, b.name.en))
}

/** How many of their pairs of neighbouring signs two texts share, 0 to 1. */
function dice(a: string, b: string): number {
  const [left, right] = [plain(a), plain(b)]
  if (left === '' || right === '') return 0
  if (left === right) return 1
  const [first, second] = [pairsOf(left), pairsOf(right)]
  const rest = [...second]
  const shared = first.filter((pair) => {
    const place = rest.indexOf(pair)
    if (place >= 0) rest.splice(place, 1)
    return place >= 0
  })
  return (2 * shared.length) / (first.length + second.length || 1)
}

const plain = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s\p{P}]/gu, '')
const pairsOf = (text: string) => [...text].slice(1).map((sign, index) => `${[...text][index]}${sign}`)

export type Severity = 'error' | 'warning'

export interface MappingFinding extends Finding {
  readonly severity: Severity
}

/**
 * What is wrong with a mapping (an error) and what is to be known of it: a node that can hold a token and that
 * nothing in the new version can take its tokens of is a warning, for perhaps no instance stands there.
 */
export function checkMapping(
  from: ProcessDefinition,
  to: ProcessDefinition,
  mapping: NodeMapping,
): MappingFinding[] {
  const named = Object.entries(mapping).flatMap(([source, target]) => ofPair(from, to, source, target))
  const mapped = mappedBy(mapping)
  const unmapped = Object.values(from.nodes).flatMap((node): MappingFinding[] => {
    const target = mapped(node.id)
    const after = Object.hasOwn(to.nodes, target) ? to.nodes[target] : undefined
    if (!isHeld(node) || Object.hasOwn(mapping, node.id) || after?.kind === node.kind) return []
    const isEvent = node.kind === 'boundaryEvent' || node.kind === 'startEvent'
    if (isEvent && !after)
      return [
        warning(
          'event-removed',
          node.id,
          '新版本没有此事件，不再等待',
          'Waited for no longer: not in the new version',
        ),
      ]
    return [
      warning(
        'node-unmapped',
        node.id,
        '新版本中没有可承接的节点；停在此处的实例不能迁移',
        'Nothing in the new version takes its tokens: instances that stand here cannot be taken over',
      ),
    ]
  })
  return [...named, ...unmapped]
}

function ofPair(
  from: ProcessDefinition,
  to: ProcessDefinition,
  source: string,
  target: string,
): MappingFinding[] {
  if (Object.hasOwn(from.flows, source) && Object.hasOwn(to.flows, target)) return []
  const before = Object.hasOwn(from.nodes, source) ? from.nodes[source] : undefined
  const after = Object.hasOwn(to.nodes, target) ? to.nodes[target] : undefined
  if (!before)
    return [error('source-unknown', source, '原版本没有此节点', 'The old version has no such node')]
  if (!after)
    return [error('target-unknown', source, `新版本没有“${target}”`, `The new version has no “${target}”`)]
  if (before.kind !== after.kind)
    return [
      error(
        'kind-differs',
        source,
        `类型不同：${KIND_ZH[before.kind]}不能变为${KIND_ZH[after.kind]}`,
        `A ${before.kind} cannot become a ${after.kind}`,
      ),
    ]
  return []
}

const finding = (severity: Severity) => (rule: string, element: string, zh: string, en: string) => ({
  ...{ severity, rule, element, zh, en },
})
const error = finding('error')
const warning = finding('warning')

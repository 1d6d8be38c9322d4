import {
  flowOf,
  isActivity,
  isBoundary,
  isScope,
  type Node,
  type ProcessDefinition,
  type Scope,
} from '../definition.ts'
import { levelOf } from '../outline.ts'
import type { Findings } from './finding.ts'

/** Whether each node may stand where it stands, with the flows it has (BPMN 2.0.2, 10.3 to 10.6). */
export function checkPlaces(definition: ProcessDefinition, findings: Findings): void {
  const place = new Places(definition, findings)
  place.starts(undefined, definition.key)
  for (const node of Object.values(definition.nodes)) place.check(node)
}

class Places {
  readonly #definition: ProcessDefinition
  readonly #findings: Findings

  constructor(definition: ProcessDefinition, findings: Findings) {
    this.#definition = definition
    this.#findings = findings
  }

  check(node: Node): void {
    this.#flows(node)
    if (isScope(node)) this.#scope(node)
    if (isBoundary(node)) this.#boundary(node)
    if (node.kind === 'eventBasedGateway') this.#eventGateway(node)
    if (isActivity(node) && node.compensates) this.#handler(node)
    if (
      node.kind === 'receiveTask' &&
      node.instantiates &&
      (node.within !== undefined || node.incoming.length > 0)
    )
      this.#add(
        'instantiate-misplaced',
        node.id,
        '启动流程的接收任务须在流程层级，且没有进入的连线',
        'A receive task that starts the process stands on its level, with no flow leading in',
      )
    const throws = 'throws' in node ? node.throws : undefined
    if (throws?.kind === 'compensation') this.#target(node, throws.activity)
    if (throws?.kind === 'cancel' && this.#holder(node)?.kind !== 'transaction')
      this.#add(
        'cancel-misplaced',
        node.id,
        '取消结束事件只用于事务子流程之中',
        'A cancel end event stands only in a transaction',
      )
  }

  /** The start events of the process, or of a sub-process. */
  starts(within: string | undefined, id: string): void {
    const { starts, nodes } = levelOf(this.#definition, within)
    const plain = starts.filter(({ awaits }) => !awaits)
    const instantiating = nodes.some((node) => 'instantiates' in node)
    if (starts.length === 0 && !instantiating)
      this.#add('start-missing', id, '没有开始事件', 'There is no start event')
    if (plain.length > 1)
      this.#add(
        'start-several',
        id,
        '无触发的开始事件最多一个',
        'There is at most one start event without a trigger',
      )
    for (const { id, awaits } of starts) {
      const isOutside = awaits && !['error', 'escalation', 'compensation'].includes(awaits.kind)
      if (awaits && (within !== undefined || !isOutside))
        this.#add(
          'start-trigger-misplaced',
          id,
          within === undefined ? '此触发只用于事件子流程的开始事件' : '子流程只能有无触发的开始事件',
          within === undefined
            ? 'This trigger starts only an event sub-process'
            : 'A sub-process has a start event without a trigger',
        )
    }
  }

  #add(rule: string, id: string, zh: string, en: string): void {
    this.#findings.add(rule, id, zh, en)
  }

  #holder(node: Node): Node | undefined {
    return node.within === undefined ? undefined : this.#definition.nodes[node.within]
  }

  #flows(node: Node): void {
    const { id, kind, incoming, outgoing } = node
    if (kind === 'startEvent' && incoming.length > 0)
      this.#add('start-incoming', id, '开始事件不能有进入的连线', 'A flow leads into a start event')
    if (kind === 'endEvent' && outgoing.length > 0)
      this.#add('end-outgoing', id, '结束事件不能有离开的连线', 'A flow leaves an end event')
    if (kind === 'boundaryEvent' && incoming.length > 0)
      this.#add('boundary-incoming', id, '边界事件不能有进入的连线', 'A flow leads into a boundary event')
    if (kind === 'intermediateThrowEvent' && node.throws?.kind === 'link' && outgoing.length > 0)
      this.#add('link-flow', id, '抛出链接不能有离开的连线', 'A flow leaves a throwing link')
    if (kind === 'intermediateCatchEvent' && node.awaits.kind === 'link' && incoming.length > 0)
      this.#add('link-flow', id, '捕获链接不能有进入的连线', 'A flow leads into a catching link')
  }

  #scope(node: Scope): void {
    const { id } = node
    if (node.kind === 'adHocSubProcess') return this.#adHoc(node)
    if (node.kind !== 'subProcess' || !node.triggeredByEvent) return this.starts(id, id)
    const { starts } = levelOf(this.#definition, id)
    if (starts.length !== 1 || !starts[0]?.awaits)
      this.#add(
        'event-sub-process-start',
        id,
        '事件子流程须有且只有一个带触发的开始事件',
        'An event sub-process has exactly one start event, with a trigger',
      )
    if (node.incoming.length > 0 || node.outgoing.length > 0 || node.boundaries.length > 0 || node.loop)
      this.#add(
        'event-sub-process-flow',
        id,
        '事件子流程不能有连线、边界事件或循环',
        'An event sub-process has no flows, boundary events or loop',
      )
  }

  #adHoc({ id }: Scope): void {
    const { nodes } = levelOf(this.#definition, id)
    for (const inner of nodes)
      if (inner.kind === 'startEvent' || inner.kind === 'endEvent')
        this.#add(
          'ad-hoc-content',
          inner.id,
          '即席子流程中没有开始和结束事件',
          'An ad-hoc sub-process holds no start and end events',
        )
    if (!nodes.some((inner) => isActivity(inner) && inner.incoming.length === 0 && !inner.compensates))
      this.#add(
        'ad-hoc-empty',
        id,
        '即席子流程中没有可由人开始的活动',
        'Nothing in the ad-hoc sub-process can be begun',
      )
  }

  #boundary(node: Extract<Node, { kind: 'boundaryEvent' }>): void {
    const host = this.#definition.nodes[node.attachedTo]
    const { awaits, id } = node
    if (awaits.kind === 'cancel' && host?.kind !== 'transaction')
      return this.#add(
        'cancel-misplaced',
        id,
        '取消边界事件只用于事务子流程',
        'A cancel event stands only on a transaction',
      )
    if (host?.kind === 'transaction' && awaits.kind === 'cancel') return
    if (awaits.kind === 'compensation' && node.outgoing.length > 0)
      this.#add(
        'compensation-flow',
        id,
        '补偿事件以关联而不以连线指向处理活动',
        'A compensation event leads to its handler by an association, not by a flow',
      )
    if (host && isActivity(host) && accepts(host, awaits.kind)) return
    const byError = awaits.kind === 'error' || awaits.kind === 'escalation'
    this.#add(
      'boundary-host',
      id,
      byError ? '错误或升级事件只用于服务任务、子流程和调用活动的边界' : '边界事件须附在会等待的活动上',
      byError
        ? 'An error or escalation event stands on a service task, sub-process or call activity'
        : 'A boundary event stands on an activity that waits',
    )
  }

  #eventGateway({
    id,
    outgoing,
    instantiates,
    incoming,
    within,
  }: Extract<Node, { kind: 'eventBasedGateway' }>): void {
    const targets = outgoing.flatMap(
      (flow) => this.#definition.nodes[flowOf(this.#definition, flow).target] ?? [],
    )
    if (outgoing.length < 2)
      this.#add(
        'event-gateway-target',
        id,
        '事件网关至少有两条出路',
        'An event-based gateway has at least two ways out',
      )
    for (const target of targets) {
      const waits =
        (target.kind === 'intermediateCatchEvent' && target.awaits.kind !== 'link') ||
        (target.kind === 'receiveTask' && target.boundaries.length === 0 && !target.loop)
      const isMessage = 'awaits' in target && target.awaits?.kind === 'message'
      if (!waits || target.incoming.length > 1 || (instantiates && !isMessage))
        this.#add(
          'event-gateway-target',
          target.id,
          instantiates
            ? '启动流程的事件网关之后只能是消息'
            : '事件网关之后须是只由它进入的捕获事件或接收任务',
          instantiates
            ? 'After an event-based gateway that starts the process stand messages alone'
            : 'After an event-based gateway stand catch events or receive tasks that nothing else leads to',
        )
    }
    if (instantiates && (incoming.length > 0 || within !== undefined))
      this.#add(
        'instantiate-misplaced',
        id,
        '启动流程的事件网关须在流程层级，且没有进入的连线',
        'An event-based gateway that starts the process stands on its level, with no flow leading in',
      )
  }

  #handler({ id, incoming, outgoing, boundaries }: Node): void {
    if (incoming.length > 0 || outgoing.length > 0 || boundaries.length > 0)
      this.#add(
        'compensation-flow',
        id,
        '补偿活动不能有连线和边界事件',
        'A compensation activity has no flows and boundary events',
      )
    const isUsed = Object.values(this.#definition.nodes).some(
      (node) => isBoundary(node) && node.handler === id,
    )
    if (!isUsed)
      this.#add(
        'compensation-unused',
        id,
        '没有补偿事件指向此活动',
        'No compensation event leads to this activity',
      )
  }

  #target(node: Node, activity: string | undefined): void {
    if (activity === undefined) return
    const levels = new Set<string | undefined>([node.within])
    for (let at = this.#holder(node); at; at = this.#holder(at)) {
      const isHandler = at.kind === 'subProcess' && at.triggeredByEvent
      if (!isHandler) break
      levels.add(at.within)
    }
    const target = this.#definition.nodes[activity]
    if (target && isActivity(target) && levels.has(target.within)) return
    this.#add(
      'compensation-target',
      node.id,
      `“${activity}”不是同层级的活动，不能在此补偿`,
      `“${activity}” is no activity of this level: it cannot be compensated here`,
    )
  }
}

/** What may happen on the boundary of an activity. */
function accepts(host: Node, kind: string): boolean {
  if (kind === 'compensation') return true
  if (isScope(host) || host.kind === 'callActivity') return true
  const isJob = host.kind === 'serviceTask' || (host.kind === 'sendTask' && host.task !== undefined)
  if (kind === 'error' || kind === 'escalation') return isJob && kind === 'error'
  return isJob || ['userTask', 'manualTask', 'receiveTask'].includes(host.kind)
}

import { DomainError } from '../../core/errors.ts'
import type { Flow, MessageTrigger, Node, TimerTrigger, Variable } from '../definition.ts'
import type { DecisionModel } from '../decisions/index.ts'
import { check } from '../expressions/index.ts'
import { faultOf } from '../timer.ts'
import { checkBusinessRuleTask } from './decisions.ts'
import type { Findings } from './finding.ts'
import type { ModelElement } from './model.ts'

/** Names the platform offers to a model. */
export interface Known {
  /** Service tasks of all manifests. */
  readonly tasks: ReadonlySet<string>
  readonly commands: ReadonlySet<string>
  /** Forms of the pack; absent when the file is looked at alone. */
  readonly forms?: ReadonlySet<string>
  /** Decision models of the pack. */
  readonly decisions?: readonly DecisionModel[]
}

export interface Drawn {
  readonly nodes: ReadonlyMap<string, Node>
  readonly flows: readonly Flow[]
  readonly variables: readonly Variable[]
  readonly elements: readonly ModelElement[]
}

/** What each node must have of its own: conditions, names of tasks and forms, expressions, timers, hosts. */
export function checkNodes(drawn: Drawn, known: Known, findings: Findings): void {
  for (const node of drawn.nodes.values()) {
    checkPlace(node, drawn, findings)
    checkTriggers(node, drawn, findings)
    if (node.kind === 'userTask') checkUserTask(node, drawn, known, findings)
    if (node.kind === 'serviceTask' || node.kind === 'sendTask') checkService(node, known, findings)
    if (node.kind === 'businessRuleTask')
      checkBusinessRuleTask(node, drawn.variables, known.decisions ?? [], findings)
    checkConditions(node, drawn, findings)
  }
}

function checkPlace(node: Node, { nodes }: Drawn, findings: Findings): void {
  const { id } = node
  if (node.kind === 'startEvent' && node.incoming.length > 0)
    findings.add('start-incoming', id, '开始事件不能有进入的连线', 'A flow leads into a start event')
  if (node.kind === 'endEvent' && node.outgoing.length > 0)
    findings.add('end-outgoing', id, '结束事件不能有离开的连线', 'A flow leaves an end event')
  if (node.kind !== 'boundaryEvent') return
  if (node.incoming.length > 0)
    findings.add('boundary-incoming', id, '边界事件不能有进入的连线', 'A flow leads into a boundary event')
  const host = nodes.get(node.attachedTo)
  const byError = node.awaits.kind === 'error'
  const waits =
    host !== undefined &&
    (host.kind === 'serviceTask' ||
      (host.kind === 'sendTask' && host.task !== undefined) ||
      (!byError && (host.kind === 'userTask' || host.kind === 'receiveTask')))
  if (waits) return
  const en = byError
    ? 'An error event stands only on the boundary of a service task'
    : 'A boundary event stands on a user, service or receive task'
  findings.add(
    'boundary-host',
    id,
    byError ? '错误事件只用于服务任务的边界' : '边界事件须附在用户、服务或接收任务上',
    en,
  )
}

function checkTriggers(node: Node, { variables }: Drawn, findings: Findings): void {
  const trigger = 'awaits' in node ? node.awaits : 'throws' in node ? node.throws : undefined
  if (trigger?.kind === 'timer') checkTimer(node.id, trigger, variables, findings)
  if (trigger?.kind === 'message') checkKey(node.id, trigger, variables, findings)
}

const FAULTS = {
  'not-iso': ['不是有效的ISO 8601时间', 'is no ISO 8601 time and no FEEL date or duration'],
  negative: ['为负', 'is negative'],
  'too-far': ['超过50年', 'is more than 50 years'],
} as const

function checkTimer(
  id: string,
  timer: TimerTrigger,
  variables: readonly Variable[],
  findings: Findings,
): void {
  let fault
  try {
    fault = faultOf(timer, variables)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    // Neither ISO 8601 nor FEEL: the author meant one of them, so both are named.
    fault = 'not-iso' as const
  }
  if (!fault) return
  const [zh, en] = FAULTS[fault]
  findings.add('timer-invalid', id, `定时“${timer.text}”${zh}`, `The timer “${timer.text}” ${en}`)
}

function checkKey(
  id: string,
  trigger: MessageTrigger,
  variables: readonly Variable[],
  findings: Findings,
): void {
  const { correlationKey } = trigger
  if (correlationKey !== undefined)
    checkExpression(id, correlationKey, variables, ['string', 'number'], findings)
}

function checkUserTask(
  node: Extract<Node, { kind: 'userTask' }>,
  { variables }: Drawn,
  known: Known,
  findings: Findings,
): void {
  const { id, formKey, command, candidateRole, organisation } = node
  if (organisation !== undefined) checkExpression(id, organisation, variables, ['string'], findings)
  if (formKey !== undefined && known.forms && !known.forms.has(formKey))
    findings.add('form-unknown', id, `流程包中没有表单“${formKey}”`, `The pack has no form “${formKey}”`)
  if (command !== undefined && !known.commands.has(command))
    findings.add(
      'command-unknown',
      id,
      `没有名为“${command}”的操作`,
      `No module offers a command “${command}”`,
    )
  if (candidateRole !== undefined && !/^[a-z][a-z0-9-]{1,62}$/.test(candidateRole))
    findings.add('role-invalid', id, `角色“${candidateRole}”无效`, `“${candidateRole}” is no role`)
}

function checkService(
  node: Extract<Node, { kind: 'serviceTask' | 'sendTask' }>,
  known: Known,
  findings: Findings,
): void {
  const { id, task } = node
  if (task === null) {
    const en = 'The service task does not say which task it runs: add an implementation'
    findings.add('task-missing', id, '服务任务未指明由哪个模块任务执行（implementation）', en)
  } else if (task !== undefined && !known.tasks.has(task))
    findings.add('task-unknown', id, `没有名为“${task}”的模块任务`, `No module offers a task “${task}”`)
}

function checkConditions(node: Node, { flows, variables }: Drawn, findings: Findings): void {
  const out = flows.filter(({ source }) => source === node.id)
  const fallback = node.kind === 'exclusiveGateway' ? node.defaultFlow : undefined
  if (fallback !== undefined && !out.some(({ id }) => id === fallback))
    findings.add(
      'gateway-default-foreign',
      node.id,
      `默认连线“${fallback}”不从此网关出发`,
      `The default flow “${fallback}” does not leave this gateway`,
    )
  for (const { id, condition } of out) {
    if (condition === undefined) continue
    if (node.kind !== 'exclusiveGateway')
      findings.add(
        'condition-misplaced',
        id,
        '条件只能写在独占网关之后',
        'A condition stands only after an exclusive gateway',
      )
    else if (id === fallback)
      findings.add('condition-misplaced', id, '默认连线不写条件', 'The default flow has no condition')
    checkExpression(id, condition, variables, ['boolean'], findings)
  }
  if (node.kind !== 'exclusiveGateway' || out.length < 2) return
  for (const { id, condition } of out) {
    if (condition !== undefined || id === fallback) continue
    const en = 'This way out has no condition and is not the default: it would never or always be taken'
    findings.add('gateway-condition-missing', id, '此连线既无条件又非默认', en)
  }
  if (fallback === undefined) {
    const en = 'No default flow: when no condition holds the process stands still'
    findings.add('gateway-default-missing', node.id, '没有默认连线：条件都不成立时流程无法继续', en)
  }
}

function checkExpression(
  id: string,
  text: string,
  variables: readonly Variable[],
  wanted: readonly string[],
  findings: Findings,
): void {
  try {
    const { type } = check(text, variables)
    if (type === 'any' || wanted.includes(type)) return
    const en = `The expression “${text}” gives ${type}; ${wanted.join(' or ')} is needed`
    findings.add('expression-type', id, `表达式“${text}”的结果是${type}，应为${wanted.join('或')}`, en)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const rule = RULES[error.code] ?? 'expression-invalid'
    findings.add(rule, id, error.messages.zh, error.messages.en)
  }
}

const RULES: Readonly<Record<string, string>> = {
  EXPRESSION_FUNCTION_FORBIDDEN: 'expression-function-forbidden',
  EXPRESSION_TEXT_TOO_COMPLEX: 'expression-too-complex',
}

import { DomainError } from '../../core/errors.ts'
import {
  type Activity,
  isActivity,
  isWaitState,
  type MultiInstance,
  type Node,
  type ProcessDefinition,
  type StandardLoop,
  type TimerTrigger,
  type Variable,
} from '../definition.ts'
import { check } from '../expressions/index.ts'
import { LOOP_COUNTS, outlineOf, over } from '../outline.ts'
import { faultOf } from '../timer.ts'
import type { Findings } from './finding.ts'

/** Parses and type-checks every expression where it stands, over the variables declared there. */
export function checkExpressions(definition: ProcessDefinition, findings: Findings): void {
  const { visible } = outlineOf(definition)
  for (const node of Object.values(definition.nodes)) {
    const inside = visible.get(node.id) ?? definition.variables
    const outside = (node.within === undefined ? undefined : visible.get(node.within)) ?? definition.variables
    const checker = new Checker(node.id, findings)
    checkTrigger(node, isActivity(node) ? inside : outside, checker, findings)
    if (isActivity(node)) checkActivity(node, inside, outside, checker, findings)
  }
  for (const { id, source, condition } of Object.values(definition.flows))
    if (condition !== undefined)
      new Checker(id, findings).check(condition, visible.get(source) ?? definition.variables, ['boolean'])
}

class Checker {
  readonly #id: string
  readonly #findings: Findings

  constructor(id: string, findings: Findings) {
    this.#id = id
    this.#findings = findings
  }

  check(text: string, variables: readonly Variable[], wanted: readonly string[]): void {
    try {
      const { type } = check(text, variables)
      if (type === 'any' || wanted.length === 0 || wanted.includes(type)) return
      const en = `The expression “${text}” gives ${type}; ${wanted.join(' or ')} is needed`
      this.#findings.add(
        'expression-type',
        this.#id,
        `表达式“${text}”的结果是${type}，应为${wanted.join('或')}`,
        en,
      )
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      const rule = RULES[error.code] ?? 'expression-invalid'
      this.#findings.add(rule, this.#id, error.messages.zh, error.messages.en)
    }
  }
}

const RULES: Readonly<Record<string, string>> = {
  EXPRESSION_FUNCTION_FORBIDDEN: 'expression-function-forbidden',
  EXPRESSION_TEXT_TOO_COMPLEX: 'expression-too-complex',
}

function checkTrigger(
  node: Node,
  variables: readonly Variable[],
  checker: Checker,
  findings: Findings,
): void {
  const trigger = 'awaits' in node ? node.awaits : 'throws' in node ? node.throws : undefined
  if (trigger?.kind === 'timer') checkTimer(node.id, trigger, variables, findings)
  if (trigger?.kind === 'condition') checker.check(trigger.condition, variables, ['boolean'])
  if (trigger?.kind === 'message' && trigger.correlationKey !== undefined)
    checker.check(trigger.correlationKey, variables, ['string', 'number'])
}

const FAULTS = {
  'not-iso': ['不是有效的ISO 8601时间', 'is no ISO 8601 time and no FEEL date or duration'],
  negative: ['为负', 'is negative'],
  'too-far': ['超过50年', 'is more than 50 years'],
  'too-fast': ['间隔不足1分钟', 'repeats faster than once a minute'],
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

function checkActivity(
  node: Activity,
  inside: readonly Variable[],
  outside: readonly Variable[],
  checker: Checker,
  findings: Findings,
): void {
  if ('organisation' in node && node.organisation !== undefined)
    checker.check(node.organisation, inside, ['string'])
  if (node.kind === 'adHocSubProcess' && node.until !== undefined)
    checker.check(node.until, inside, ['boolean'])
  for (const { from, to } of node.inputs ?? []) {
    checker.check(from, inside, [])
    if (to === '') mappingMissing(node.id, findings)
  }
  for (const { from, to } of node.outputs ?? []) {
    checker.check(from, inside, [])
    if (to === '') mappingMissing(node.id, findings)
  }
  if (node.loop?.kind === 'multi') checkMulti(node, node.loop, inside, outside, checker, findings)
  if (node.loop?.kind === 'standard') checkLoop(node, node.loop, inside, checker, findings)
}

function mappingMissing(id: string, findings: Findings): void {
  const en = 'A mapping names no variable to give the value to'
  findings.add('mapping-invalid', id, '输入或输出映射没有写明目标变量', en)
}

function checkMulti(
  node: Node,
  loop: MultiInstance,
  inside: readonly Variable[],
  outside: readonly Variable[],
  checker: Checker,
  findings: Findings,
): void {
  const { id } = node
  if (loop.cardinality === undefined && loop.collection === undefined) {
    const en =
      'The multi-instance activity names neither a loopCardinality nor a collection (loopDataInputRef)'
    findings.add(
      'loop-source-missing',
      id,
      '多实例活动既没有loopCardinality也没有集合（loopDataInputRef）',
      en,
    )
  }
  if (loop.cardinality !== undefined) {
    checker.check(loop.cardinality, outside, ['number'])
    if (/^\d+$/.test(loop.cardinality) && Number(loop.cardinality) > MAX_INSTANCES) tooMany(id, findings)
  }
  if (loop.collection !== undefined) checker.check(loop.collection, outside, ['list'])
  if (loop.output) checker.check(loop.output.element, inside, [])
  if (loop.until === undefined) return
  const collected: Variable[] = loop.output ? [{ name: loop.output.collection, type: 'list' }] : []
  checker.check(loop.until, over(over(inside, LOOP_COUNTS), collected), ['boolean'])
}

const MAX_INSTANCES = 1_000

function tooMany(id: string, findings: Findings): void {
  findings.add(
    'loop-limit',
    id,
    `不得超过${MAX_INSTANCES}次`,
    `More than ${MAX_INSTANCES} instances or rounds`,
  )
}

function checkLoop(
  node: Node,
  { maximum, condition }: StandardLoop,
  inside: readonly Variable[],
  checker: Checker,
  findings: Findings,
): void {
  const { id } = node
  if (condition !== undefined) checker.check(condition, inside, ['boolean'])
  if (maximum !== undefined && !(Number.isInteger(maximum) && maximum > 0 && maximum <= MAX_INSTANCES))
    tooMany(id, findings)
  if (condition === undefined && maximum === undefined) {
    const en = 'The loop has neither a loopCondition nor a loopMaximum: it would never end'
    findings.add('loop-endless', id, '循环既没有loopCondition也没有loopMaximum，不会结束', en)
  }
  const isQuick =
    isActivity(node) && !isWaitState(node) && node.kind !== 'subProcess' && node.kind !== 'transaction'
  if (maximum === undefined && isQuick) {
    const en = `Nothing waits in this loop: give “${id}” a loopMaximum`
    findings.add('cycle-without-wait', id, `循环中没有任何等待：请给“${id}”写loopMaximum`, en)
  }
}

import type { Texts } from '../../core/errors.ts'
import type { ErrorTrigger, Flow, MessageTrigger, Node, TimerTrigger, Variable } from '../definition.ts'
import { VARIABLE_TYPES, type VariableType } from '../definition.ts'
import { check } from '../expressions/index.ts'
import { UNSUPPORTED } from './elements.ts'
import type { Findings } from './finding.ts'
import { elementIn, elementsIn, idOf, type ModelElement, textIn } from './model.ts'

export const nameOf = (element: ModelElement): Texts => {
  const zh = textIn(element, 'name') ?? idOf(element)
  return { zh, en: textIn(element, 'nameEn') ?? zh }
}

export function unsupported(findings: Findings, id: string, type: string): void {
  const known = UNSUPPORTED[type]
  const plain = type
    .replace(/^bpmn:/, '')
    .replace(/EventDefinition$/, 'Event')
    .replace(/^./, (first) => first.toLowerCase())
  findings.add(
    'element-unsupported',
    id,
    known ? `不支持${known.name.zh}（${plain}）：${known.instead.zh}` : `不支持${plain}`,
    known ? `${plain} (${known.name.en}) is not executed: ${known.instead.en}` : `${plain} is not executed`,
  )
}

/** The declared variables, each name once and usable in FEEL. */
export function variablesOf(process: ModelElement, findings: Findings): Variable[] {
  const extension = elementIn(process, 'extensionElements')
  const declared = extension
    ? elementsIn(extension, 'values').filter(({ $type }) => $type === 'gdbos:Variable')
    : []
  const variables = new Map<string, Variable>()
  for (const element of declared) {
    const name = textIn(element, 'name') ?? ''
    const type = textIn(element, 'type') ?? ''
    if (variables.has(name))
      findings.add(
        'variable-duplicate',
        idOf(process),
        `变量“${name}”重复声明`,
        `The variable “${name}” is declared twice`,
      )
    else if (!isVariableName(name))
      findings.add(
        'variable-invalid',
        idOf(process),
        `变量名“${name}”不可用`,
        `“${name}” cannot name a variable`,
      )
    else if (!isVariableType(type))
      findings.add(
        'variable-invalid',
        idOf(process),
        `变量“${name}”的类型“${type}”无效，可用：${VARIABLE_TYPES.join('、')}`,
        `The type “${type}” of “${name}” is not one of ${VARIABLE_TYPES.join(', ')}`,
      )
    else variables.set(name, { name, type })
  }
  return [...variables.values()]
}

const isVariableType = (type: string): type is VariableType =>
  (VARIABLE_TYPES as readonly string[]).includes(type)

/** One word that FEEL reads as a name and JSON as an ordinary member. */
function isVariableName(name: string): boolean {
  if (!/^[\p{L}_][\p{L}\p{N}_]{0,62}$/u.test(name) || name === '__proto__' || name === 'item') return false
  try {
    return check(name, [{ name, type: 'any' }]).reads[0] === name
  } catch {
    // A keyword of FEEL does not parse as a name.
    return false
  }
}

export function flowOf(element: ModelElement): Flow {
  const source = elementIn(element, 'sourceRef')
  const target = elementIn(element, 'targetRef')
  const written = elementIn(element, 'conditionExpression')
  const condition = written && textIn(written, 'body')
  return {
    id: idOf(element),
    source: source ? idOf(source) : '',
    target: target ? idOf(target) : '',
    ...(written && { condition: condition ?? '' }),
  }
}

export interface Surroundings {
  readonly incoming: readonly string[]
  readonly outgoing: readonly string[]
  readonly boundaries: readonly string[]
}

type Read = (element: ModelElement, around: Surroundings, findings: Findings) => Node | undefined

/** The node an element becomes; undefined, with findings, when the runtime cannot execute it. */
export function nodeFrom(element: ModelElement, around: Surroundings, findings: Findings): Node | undefined {
  const read = READERS[element.$type]
  if (!read) {
    unsupported(findings, idOf(element), element.$type)
    return undefined
  }
  const loop = elementIn(element, 'loopCharacteristics')
  if (loop) unsupported(findings, idOf(element), loop.$type)
  if (element['isForCompensation'] === true)
    unsupported(findings, idOf(element), 'bpmn:CompensateEventDefinition')
  return read(element, around, findings)
}

const base = (element: ModelElement, around: Surroundings) => ({
  id: idOf(element),
  name: nameOf(element),
  ...around,
})

const READERS: Readonly<Record<string, Read>> = {
  'bpmn:StartEvent'(element, around, findings) {
    const definition = eventOf(element, ['bpmn:MessageEventDefinition'], findings)
    if (definition === 'refused') return undefined
    const node = { kind: 'startEvent' as const, ...base(element, around) }
    if (!definition) return node
    const awaits = messageOf(element, definition, findings)
    return awaits && { ...node, message: awaits.message }
  },
  'bpmn:EndEvent'(element, around, findings) {
    const definition = eventOf(element, ['bpmn:MessageEventDefinition'], findings)
    if (definition === 'refused') return undefined
    const node = { kind: 'endEvent' as const, ...base(element, around) }
    if (!definition) return node
    const throws = messageOf(element, definition, findings)
    return throws && { ...node, throws }
  },
  'bpmn:UserTask'(element, around, findings) {
    const days = limitDaysOf(element, findings)
    return {
      kind: 'userTask',
      ...base(element, around),
      ...texts(element, ['candidateRole', 'organisation', 'formKey', 'command']),
      ...(days !== undefined && { limitDays: days }),
    }
  },
  'bpmn:ServiceTask': (element, around) => ({
    kind: 'serviceTask',
    ...base(element, around),
    task: implementationOf(element) ?? null,
  }),
  'bpmn:SendTask'(element, around, findings) {
    const node = { kind: 'sendTask' as const, ...base(element, around) }
    const task = implementationOf(element)
    if (task !== undefined) return { ...node, task }
    const throws = messageOf(element, element, findings)
    return throws && { ...node, throws }
  },
  'bpmn:ReceiveTask'(element, around, findings) {
    if (element['instantiate'] === true) {
      const zh = '接收任务不能启动流程，请改用消息开始事件'
      findings.add(
        'element-unsupported',
        idOf(element),
        zh,
        'A receive task cannot start a process: use a message start event',
      )
    }
    const awaits = messageOf(element, element, findings)
    return awaits && { kind: 'receiveTask', ...base(element, around), awaits }
  },
  'bpmn:IntermediateCatchEvent'(element, around, findings) {
    const definition = eventOf(
      element,
      ['bpmn:MessageEventDefinition', 'bpmn:TimerEventDefinition'],
      findings,
    )
    if (definition === 'refused') return undefined
    if (!definition) return missingTrigger(element, findings)
    const awaits = triggerOf(element, definition, findings)
    return awaits && { kind: 'intermediateCatchEvent', ...base(element, around), awaits }
  },
  'bpmn:BoundaryEvent'(element, around, findings) {
    if (element['cancelActivity'] === false) {
      const zh = '不支持非中断边界事件：改为中断，或以并行网关画出另一分支'
      const en =
        'A non-interrupting boundary event is not executed: let it interrupt, or draw a parallel branch'
      findings.add('element-unsupported', idOf(element), zh, en)
    }
    const definition = eventOf(
      element,
      ['bpmn:MessageEventDefinition', 'bpmn:TimerEventDefinition', 'bpmn:ErrorEventDefinition'],
      findings,
    )
    if (definition === 'refused') return undefined
    if (!definition) return missingTrigger(element, findings)
    const host = elementIn(element, 'attachedToRef')
    const awaits =
      definition.$type === 'bpmn:ErrorEventDefinition'
        ? errorOf(definition)
        : triggerOf(element, definition, findings)
    return (
      awaits && {
        kind: 'boundaryEvent',
        ...base(element, around),
        attachedTo: host ? idOf(host) : '',
        awaits,
      }
    )
  },
  'bpmn:ExclusiveGateway'(element, around) {
    const flow = elementIn(element, 'default')
    return { kind: 'exclusiveGateway', ...base(element, around), ...(flow && { defaultFlow: idOf(flow) }) }
  },
  'bpmn:ParallelGateway': (element, around) => ({ kind: 'parallelGateway', ...base(element, around) }),
}

export const isFlowNode = ({ $type }: ModelElement) => $type in READERS || $type in UNSUPPORTED

function texts<Name extends string>(element: ModelElement, names: readonly Name[]): { [K in Name]?: string } {
  const found = names.flatMap((name) => {
    const text = textIn(element, name)
    return text === undefined ? [] : [[name, text]]
  })
  return Object.fromEntries(found) as { [K in Name]?: string }
}

function limitDaysOf(element: ModelElement, findings: Findings): number | undefined {
  const text = textIn(element, 'limitDays')
  if (text === undefined) return undefined
  const days = Number(text)
  if (Number.isInteger(days) && days > 0 && days <= 3650) return days
  findings.add('limit-days-invalid', idOf(element), `办理期限“${text}”无效`, `“${text}” is no number of days`)
  return undefined
}

/** The name of a manifest's task; BPMN's `##unspecified` and `##WebService` say nothing. */
export function implementationOf(element: ModelElement): string | undefined {
  const text = textIn(element, 'implementation')
  return text?.startsWith('##') ? undefined : text
}

/** The one event definition, `'refused'` with a finding, or undefined for a none event. */
function eventOf(element: ModelElement, allowed: readonly string[], findings: Findings) {
  const definitions = elementsIn(element, 'eventDefinitions')
  const foreign = definitions.find(({ $type }) => !allowed.includes($type))
  if (foreign) {
    unsupported(findings, idOf(element), foreign.$type)
    return 'refused'
  }
  if (definitions.length > 1 || elementsIn(element, 'eventDefinitionRef').length > 0) {
    const en = 'An event has exactly one event definition, written inside it'
    findings.add('event-definition-several', idOf(element), '一个事件只能有一个直接写出的事件定义', en)
    return 'refused'
  }
  return definitions[0]
}

function missingTrigger(element: ModelElement, findings: Findings): undefined {
  const en = 'The event does not say what it waits for: add a message or timer definition'
  findings.add('event-definition-missing', idOf(element), '事件未说明等待什么：请加消息或定时定义', en)
  return undefined
}

const triggerOf = (element: ModelElement, definition: ModelElement, findings: Findings) =>
  definition.$type === 'bpmn:TimerEventDefinition'
    ? timerOf(element, definition, findings)
    : messageOf(element, definition, findings)

function messageOf(
  element: ModelElement,
  holder: ModelElement,
  findings: Findings,
): MessageTrigger | undefined {
  const message = elementIn(holder, 'messageRef')
  if (!message) {
    const en = 'The message is not named: add a messageRef'
    findings.add('message-missing', idOf(element), '未指明消息（messageRef）', en)
    return undefined
  }
  const correlationKey = textIn(holder, 'correlationKey')
  return {
    kind: 'message',
    message: textIn(message, 'name') ?? idOf(message),
    ...(correlationKey !== undefined && { correlationKey }),
  }
}

function timerOf(
  element: ModelElement,
  definition: ModelElement,
  findings: Findings,
): TimerTrigger | undefined {
  if (elementIn(definition, 'timeCycle')) {
    const zh = '不支持重复定时（timeCycle）：以循环画出，每轮用timeDuration'
    const en = 'timeCycle (repeating timer) is not executed: draw a loop with timeDuration'
    findings.add('element-unsupported', idOf(element), zh, en)
    return undefined
  }
  const date = elementIn(definition, 'timeDate')
  const duration = elementIn(definition, 'timeDuration')
  const text = date ? textIn(date, 'body') : duration && textIn(duration, 'body')
  if (text !== undefined && !(date && duration))
    return { kind: 'timer', timer: date ? 'date' : 'duration', text }
  const en = 'A timer has exactly one timeDate or timeDuration'
  findings.add('timer-invalid', idOf(element), '定时器须且只能有一个timeDate或timeDuration', en)
  return undefined
}

function errorOf(definition: ModelElement): ErrorTrigger {
  const error = elementIn(definition, 'errorRef')
  const code = error && (textIn(error, 'errorCode') ?? textIn(error, 'name'))
  return { kind: 'error', ...(code !== undefined && { code }) }
}

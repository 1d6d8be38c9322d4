import type { ErrorTrigger, MessageTrigger, TimerTrigger } from '../definition.ts'
import type { Findings } from './finding.ts'
import { elementIn, elementsIn, idOf, type ModelElement, textIn } from './model.ts'
import { unsupported } from './unsupported.ts'

/** The one event definition, `'refused'` with a finding, or undefined for a none event. */
export function eventOf(element: ModelElement, allowed: readonly string[], findings: Findings) {
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

export function missingTrigger(element: ModelElement, findings: Findings): undefined {
  const en = 'The event does not say what it waits for: add a message or timer definition'
  findings.add('event-definition-missing', idOf(element), '事件未说明等待什么：请加消息或定时定义', en)
  return undefined
}

export const triggerOf = (element: ModelElement, definition: ModelElement, findings: Findings) =>
  definition.$type === 'bpmn:TimerEventDefinition'
    ? timerOf(element, definition, findings)
    : messageOf(element, definition, findings)

export function messageOf(
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

export function errorOf(definition: ModelElement): ErrorTrigger {
  const error = elementIn(definition, 'errorRef')
  const code = error && (textIn(error, 'errorCode') ?? textIn(error, 'name'))
  return { kind: 'error', ...(code !== undefined && { code }) }
}

import type { MessageTrigger, TimerTrigger, Trigger } from '../definition.ts'
import * as correlation from './correlation.ts'
import type { Findings } from './finding.ts'
import { elementIn, elementsIn, idOf, type ModelElement, textIn } from './model.ts'
import type { Reading } from './nodes.ts'
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
  const en = 'The event does not say what it waits for: add an event definition'
  findings.add('event-definition-missing', idOf(element), '事件未说明等待什么：请加事件定义', en)
  return undefined
}

/** Whether the event waits for what its definition says, or brings it about. */
export type Side = 'awaits' | 'throws'

/** The trigger of an event definition of a kind its event may have; undefined with a finding. */
export function triggerOf<Wanted extends Trigger>(
  element: ModelElement,
  definition: ModelElement,
  reading: Reading,
  side: Side,
): Wanted | undefined {
  const read = READERS[definition.$type]
  return read?.(element, definition, reading, side) as Wanted | undefined
}

type Read = (
  element: ModelElement,
  definition: ModelElement,
  reading: Reading,
  side: Side,
) => Trigger | undefined

const READERS: Readonly<Record<string, Read>> = {
  'bpmn:MessageEventDefinition': messageOf,
  'bpmn:TimerEventDefinition': (element, definition, { findings }) => timerOf(element, definition, findings),
  'bpmn:SignalEventDefinition'(element, definition, { findings }) {
    const signal = elementIn(definition, 'signalRef')
    if (signal) return { kind: 'signal', signal: textIn(signal, 'name') ?? idOf(signal) }
    const en = 'The signal is not named: add a signalRef'
    findings.add('signal-missing', idOf(element), '未指明信号（signalRef）', en)
    return undefined
  },
  'bpmn:ConditionalEventDefinition'(element, definition, { findings }) {
    const written = elementIn(definition, 'condition')
    const condition = written && textIn(written, 'body')
    if (condition !== undefined) return { kind: 'condition', condition }
    const en = 'The conditional event has no condition'
    findings.add('condition-missing', idOf(element), '条件事件没有条件', en)
    return undefined
  },
  'bpmn:ErrorEventDefinition'(element, definition, { findings }, side) {
    const code = codeOf(definition, 'errorRef', 'errorCode')
    if (side === 'throws' && code === undefined) {
      const en = 'The error has no code: add an errorRef to an error with an errorCode'
      findings.add('error-undeclared', idOf(element), '错误没有代码：请引用带errorCode的错误', en)
    }
    return { kind: 'error', ...(code !== undefined && { code }) }
  },
  'bpmn:EscalationEventDefinition'(element, definition, { findings }, side) {
    const code = codeOf(definition, 'escalationRef', 'escalationCode')
    if (side === 'throws' && code === undefined) {
      const en = 'The escalation has no code: add an escalationRef to an escalation with an escalationCode'
      findings.add('escalation-undeclared', idOf(element), '升级没有代码：请引用带escalationCode的升级', en)
    }
    return { kind: 'escalation', ...(code !== undefined && { code }) }
  },
  'bpmn:CompensateEventDefinition'(_, definition, __, side) {
    const activity = elementIn(definition, 'activityRef')
    return {
      kind: 'compensation',
      ...(activity && { activity: idOf(activity) }),
      ...(side === 'throws' && definition['waitForCompletion'] === false && { detached: true }),
    }
  },
  'bpmn:CancelEventDefinition': () => ({ kind: 'cancel' }),
  'bpmn:TerminateEventDefinition': () => ({ kind: 'terminate' }),
  'bpmn:LinkEventDefinition'(element, definition, { level, findings }, side) {
    const name = textIn(definition, 'name') ?? ''
    const others = level.elements.filter(
      (other) =>
        (other.$type === 'bpmn:IntermediateCatchEvent') === (side === 'throws') &&
        elementsIn(other, 'eventDefinitions').some(
          (one) => one.$type === 'bpmn:LinkEventDefinition' && (textIn(one, 'name') ?? '') === name,
        ),
    )
    if (others.length === 0 || (side === 'throws' && others.length > 1)) {
      const en = `The link “${name}” needs exactly one catching and at least one throwing event on its level`
      findings.add(
        'link-unpaired',
        idOf(element),
        `链接“${name}”在本层级须有且只有一个捕获事件，并至少有一个抛出事件`,
        en,
      )
    }
    const [target] = others
    return { kind: 'link', name, ...(side === 'throws' && target && { target: idOf(target) }) }
  },
}

function codeOf(definition: ModelElement, ref: string, code: string): string | undefined {
  const declared = elementIn(definition, ref)
  return declared && (textIn(declared, code) ?? textIn(declared, 'name'))
}

export function messageOf(
  element: ModelElement,
  holder: ModelElement,
  reading: Reading,
  side: Side,
): MessageTrigger | undefined {
  const message = elementIn(holder, 'messageRef')
  if (!message) {
    const en = 'The message is not named: add a messageRef'
    reading.findings.add('message-missing', idOf(element), '未指明消息（messageRef）', en)
    return undefined
  }
  const correlationKey = correlation.keyOf(message, reading, side) ?? textIn(holder, 'correlationKey')
  return {
    kind: 'message',
    message: textIn(message, 'name') ?? idOf(message),
    ...(correlationKey !== undefined && { correlationKey }),
  }
}

const TIMERS = { timeDate: 'date', timeDuration: 'duration', timeCycle: 'cycle' } as const

function timerOf(
  element: ModelElement,
  definition: ModelElement,
  findings: Findings,
): TimerTrigger | undefined {
  const written = (['timeDate', 'timeDuration', 'timeCycle'] as const).flatMap((property) => {
    const expression = elementIn(definition, property)
    return expression ? [{ timer: TIMERS[property], text: textIn(expression, 'body') }] : []
  })
  const [one] = written
  if (one?.text !== undefined && written.length === 1)
    return { kind: 'timer', timer: one.timer, text: one.text }
  const en = 'A timer has exactly one timeDate, timeDuration or timeCycle'
  findings.add('timer-invalid', idOf(element), '定时器须且只能有一个timeDate、timeDuration或timeCycle', en)
  return undefined
}

import type { BoundaryTrigger, CatchTrigger, EndTrigger, StartTrigger, ThrowTrigger } from '../definition.ts'
import { elementIn, idOf } from './model.ts'
import type { Read, Reading } from './nodes.ts'
import { eventOf, missingTrigger, triggerOf } from './trigger.ts'

const of = (...kinds: readonly string[]) => kinds.map((kind) => `bpmn:${kind}EventDefinition`)

const START = of('Message', 'Signal', 'Timer', 'Conditional', 'Error', 'Escalation', 'Compensate')
const CATCH = of('Message', 'Signal', 'Timer', 'Conditional', 'Link')
const THROW = of('Message', 'Signal', 'Escalation', 'Compensate', 'Link')
const END = of('Message', 'Signal', 'Error', 'Escalation', 'Compensate', 'Cancel', 'Terminate')
const BOUNDARY = of(
  ...['Message', 'Signal', 'Timer', 'Conditional', 'Error', 'Escalation', 'Compensate', 'Cancel'],
)

export const EVENTS: Readonly<Record<string, Read>> = {
  'bpmn:StartEvent'(element, base, reading) {
    const definition = eventOf(element, START, reading.findings)
    if (definition === 'refused') return undefined
    const node = {
      kind: 'startEvent' as const,
      ...base,
      ...(element['isInterrupting'] === false && { parallel: true as const }),
    }
    if (!definition) return node
    const awaits = triggerOf<StartTrigger>(element, definition, reading, 'awaits')
    return awaits && { ...node, awaits }
  },
  'bpmn:EndEvent'(element, base, reading) {
    const definition = eventOf(element, END, reading.findings)
    if (definition === 'refused') return undefined
    const node = { kind: 'endEvent' as const, ...base }
    if (!definition) return node
    const throws = triggerOf<EndTrigger>(element, definition, reading, 'throws')
    return throws && { ...node, throws }
  },
  'bpmn:IntermediateThrowEvent'(element, base, reading) {
    const definition = eventOf(element, THROW, reading.findings)
    if (definition === 'refused') return undefined
    const node = { kind: 'intermediateThrowEvent' as const, ...base }
    if (!definition) return node
    const throws = triggerOf<ThrowTrigger>(element, definition, reading, 'throws')
    return throws && { ...node, throws }
  },
  'bpmn:IntermediateCatchEvent'(element, base, reading) {
    const definition = eventOf(element, CATCH, reading.findings)
    if (definition === 'refused') return undefined
    if (!definition) return missingTrigger(element, reading.findings)
    const awaits = triggerOf<CatchTrigger>(element, definition, reading, 'awaits')
    return awaits && { kind: 'intermediateCatchEvent', ...base, awaits }
  },
  'bpmn:BoundaryEvent'(element, base, reading) {
    const definition = eventOf(element, BOUNDARY, reading.findings)
    if (definition === 'refused') return undefined
    if (!definition) return missingTrigger(element, reading.findings)
    const host = elementIn(element, 'attachedToRef')
    const awaits = triggerOf<BoundaryTrigger>(element, definition, reading, 'awaits')
    if (!awaits) return undefined
    const handler = awaits.kind === 'compensation' ? handlerOf(base.id, reading) : undefined
    return {
      kind: 'boundaryEvent',
      ...base,
      attachedTo: host ? idOf(host) : '',
      awaits,
      ...(element['cancelActivity'] === false && awaits.kind !== 'compensation' && { parallel: true }),
      ...(handler !== undefined && { handler }),
    }
  },
}

/** The activity that an association leads to from a compensation event. */
function handlerOf(id: string, { level, findings }: Reading): string | undefined {
  const targets = level.associations.get(id) ?? []
  const handlers = targets.filter((target) =>
    level.elements.some((one) => idOf(one) === target && one['isForCompensation'] === true),
  )
  if (handlers.length !== 1) {
    const en =
      'A compensation event leads by one association to one activity marked isForCompensation="true", on its level'
    findings.add(
      'compensation-handler-missing',
      id,
      '补偿事件须以一条关联指向同层级中标为isForCompensation的一个活动',
      en,
    )
  }
  return handlers[0]
}

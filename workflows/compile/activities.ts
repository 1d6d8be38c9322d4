import type { Activity, ActivityBase, MultiInstance, Node, StandardLoop, Variable } from '../definition.ts'
import { isVariableName, variablesOf } from './draft.ts'
import type { Findings } from './finding.ts'
import { mappingsOf } from './items.ts'
import { elementIn, elementsIn, idOf, type ModelElement, textIn } from './model.ts'
import type { Base, Read, Reading } from './nodes.ts'
import { messageOf } from './trigger.ts'
import { unsupported } from './unsupported.ts'

type Common = Omit<ActivityBase, keyof Base>

/** What every activity may have: a loop, inputs and outputs, variables of its own. */
function commonOf(element: ModelElement, reading: Reading): Common {
  const { findings, items } = reading
  const characteristics = elementIn(element, 'loopCharacteristics')
  const taken = new Set<string>()
  const loop = characteristics && loopOf(element, characteristics, reading, taken)
  const mappings = mappingsOf(element, items, taken)
  const locals = items.with(localsOf(element, loop, findings), idOf(element))
  return {
    ...(loop && { loop }),
    ...mappings,
    ...(locals.length > 0 && { locals }),
    ...(element['isForCompensation'] === true && { compensates: true }),
  }
}

function localsOf(element: ModelElement, loop: Common['loop'], findings: Findings): Variable[] {
  const declared = variablesOf(element, findings)
  const output = loop?.kind === 'multi' ? loop.output?.element : undefined
  const isNew = output !== undefined && isVariableName(output) && output !== (loop as MultiInstance).element
  if (!isNew || declared.some(({ name }) => name === output)) return declared
  return [...declared, { name: output, type: 'any' }]
}

function loopOf(
  element: ModelElement,
  loop: ModelElement,
  reading: Reading,
  taken: Set<string>,
): MultiInstance | StandardLoop | undefined {
  const body = (name: string) => {
    const expression = elementIn(loop, name)
    return expression && textIn(expression, 'body')
  }
  if (loop.$type === 'bpmn:StandardLoopCharacteristics') {
    const maximum = textIn(loop, 'loopMaximum')
    const condition = body('loopCondition')
    return {
      kind: 'standard',
      testBefore: loop['testBefore'] === true,
      ...(maximum !== undefined && { maximum: Number(maximum) }),
      ...(condition !== undefined && { condition }),
    }
  }
  const behavior = textIn(loop, 'behavior')
  if (behavior !== undefined && behavior !== 'All') {
    const en = `multiInstanceLoopCharacteristics with behavior="${behavior}" is not executed: write a completionCondition`
    reading.findings.add(
      'element-unsupported',
      idOf(element),
      `不支持多实例的behavior="${behavior}"：改用completionCondition`,
      en,
    )
    return undefined
  }
  const ends = endsOf(element, loop, reading, taken)
  const cardinality = body('loopCardinality')
  const until = body('completionCondition')
  return {
    kind: 'multi',
    sequential: loop['isSequential'] === true,
    ...(cardinality !== undefined && { cardinality }),
    ...ends,
    ...(until !== undefined && { until }),
  }
}

/** The collection gone through and the one filled: the standard's references, else our attributes. */
function endsOf(
  element: ModelElement,
  loop: ModelElement,
  { items }: Reading,
  taken: Set<string>,
): Pick<MultiInstance, 'collection' | 'element' | 'output'> {
  const near = idOf(element)
  const nameOf = (property: string) => {
    const item = elementIn(loop, property)
    return item && items.nameOf(item, near)
  }
  const input = elementIn(loop, 'loopDataInputRef')
  const output = elementIn(loop, 'loopDataOutputRef')
  const collection =
    (input && items.nameOf(sourceOf(element, input, taken), near)) ?? textIn(loop, 'collection')
  const member = nameOf('inputDataItem') ?? textIn(loop, 'element')
  const filled =
    (output && items.nameOf(targetOf(element, output, taken), near)) ?? textIn(loop, 'outputCollection')
  const given = nameOf('outputDataItem') ?? textIn(loop, 'outputElement')
  return {
    ...(collection !== undefined && { collection }),
    ...(member !== undefined && { element: member }),
    ...(filled !== undefined && { output: { collection: filled, element: given ?? 'null' } }),
  }
}

/** A data input is fed by an association: the collection is what stands at its other end. */
function sourceOf(element: ModelElement, input: ModelElement, taken: Set<string>): ModelElement {
  const association = elementsIn(element, 'dataInputAssociations').find(
    (one) => elementIn(one, 'targetRef') === input,
  )
  const [source] = association ? elementsIn(association, 'sourceRef') : []
  if (source) taken.add(idOf(input))
  return source ?? input
}

function targetOf(element: ModelElement, output: ModelElement, taken: Set<string>): ModelElement {
  const association = elementsIn(element, 'dataOutputAssociations').find((one) =>
    elementsIn(one, 'sourceRef').includes(output),
  )
  const target = association && elementIn(association, 'targetRef')
  if (target) taken.add(idOf(output))
  return target ?? output
}

function texts<Name extends string>(element: ModelElement, names: readonly Name[]): { [K in Name]?: string } {
  const found = names.flatMap((name) => {
    const text = textIn(element, name)
    return text === undefined ? [] : [[name, text]]
  })
  return Object.fromEntries(found) as { [K in Name]?: string }
}

function assigned(kind: 'userTask' | 'manualTask'): Read {
  return (element, base, reading) => {
    const days = limitDaysOf(element, reading.findings)
    return {
      kind,
      ...base,
      ...commonOf(element, reading),
      ...texts(element, ['candidateRole', 'organisation', 'formKey', 'command']),
      ...(days !== undefined && { limitDays: days }),
    }
  }
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
function implementationOf(element: ModelElement): string | undefined {
  const text = textIn(element, 'implementation')
  return text?.startsWith('##') ? undefined : text
}

const callActivity: Read = (element, base, reading) => {
  const { findings } = reading
  const called = textIn(element, 'calledElement')?.replace(/^[\w.-]+:/, '')
  const text = textIn(element, 'calledVersion')
  if (called === undefined) {
    const en = 'The call activity does not say which process it runs: add a calledElement'
    findings.add('call-missing', base.id, '调用活动未指明流程（calledElement）', en)
    return undefined
  }
  if (text !== undefined && !/^[1-9]\d{0,5}$/.test(text))
    findings.add('call-version-invalid', base.id, `版本“${text}”无效`, `“${text}” is no version`)
  return {
    kind: 'callActivity',
    ...base,
    ...commonOf(element, reading),
    called,
    ...(text !== undefined && { version: Number(text) }),
  }
}

const scope =
  (kind: 'subProcess' | 'transaction'): Read =>
  (element, base, reading): Node => ({
    ...base,
    ...commonOf(element, reading),
    ...(kind === 'transaction'
      ? { kind }
      : { kind, ...(element['triggeredByEvent'] === true && { triggeredByEvent: true }) }),
  })

export const ACTIVITIES: Readonly<Record<string, Read>> = {
  'bpmn:UserTask': assigned('userTask'),
  'bpmn:ManualTask': assigned('manualTask'),
  'bpmn:ServiceTask': (element, base, reading) => ({
    kind: 'serviceTask',
    ...base,
    ...commonOf(element, reading),
    task: implementationOf(element) ?? null,
  }),
  'bpmn:BusinessRuleTask': (element, base, reading) => ({
    kind: 'businessRuleTask',
    ...base,
    ...commonOf(element, reading),
    decision: textIn(element, 'decision') ?? '',
    resultVariable: textIn(element, 'resultVariable') ?? '',
  }),
  'bpmn:SendTask'(element, base, reading) {
    const node = { kind: 'sendTask' as const, ...base, ...commonOf(element, reading) }
    const task = implementationOf(element)
    if (task !== undefined) return { ...node, task }
    const throws = messageOf(element, element, reading, 'throws')
    return throws && { ...node, throws }
  },
  'bpmn:ReceiveTask'(element, base, reading) {
    const awaits = messageOf(element, element, reading, 'awaits')
    return (
      awaits && {
        kind: 'receiveTask',
        ...base,
        ...commonOf(element, reading),
        awaits,
        ...(element['instantiate'] === true && { instantiates: true }),
      }
    )
  },
  'bpmn:CallActivity': callActivity,
  'bpmn:SubProcess': scope('subProcess'),
  'bpmn:Transaction': scope('transaction'),
  'bpmn:AdHocSubProcess'(element, base, reading) {
    const condition = elementIn(element, 'completionCondition')
    const until = condition && textIn(condition, 'body')
    if (element['triggeredByEvent'] === true) unsupported(reading.findings, base.id, element.$type)
    return {
      kind: 'adHocSubProcess',
      ...base,
      ...commonOf(element, reading),
      ...(element['ordering'] === 'Sequential' && { sequential: true }),
      ...(until !== undefined && { until }),
      ...(element['cancelRemainingInstances'] === false && { keepsRemaining: true }),
    } satisfies Activity
  },
}

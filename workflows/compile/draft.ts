import type { Texts } from '../../core/errors.ts'
import type { Flow, Node, Variable } from '../definition.ts'
import { VARIABLE_TYPES, type VariableType } from '../definition.ts'
import { check } from '../expressions/index.ts'
import { UNSUPPORTED } from './elements.ts'
import type { Findings } from './finding.ts'
import { elementIn, elementsIn, idOf, type ModelElement, textIn } from './model.ts'
import { errorOf, eventOf, messageOf, missingTrigger, triggerOf } from './trigger.ts'
import { unsupported } from './unsupported.ts'

export const nameOf = (element: ModelElement): Texts => {
  const zh = textIn(element, 'name') ?? idOf(element)
  return { zh, en: textIn(element, 'nameEn') ?? zh }
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
    const [elementCode, codeListId] = [textIn(element, 'elementCode'), textIn(element, 'codeListId')]
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
    else if (elementCode !== undefined && !/^DE\d{8}$/.test(elementCode))
      findings.add(
        'variable-invalid',
        idOf(process),
        `变量“${name}”的数据元“${elementCode}”无效`,
        `“${elementCode}”, which “${name}” names, is no data element`,
      )
    else
      variables.set(name, {
        name,
        type,
        ...(elementCode !== undefined && { elementCode }),
        ...(codeListId !== undefined && { codeListId }),
      })
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
  'bpmn:BusinessRuleTask': (element, around) => ({
    kind: 'businessRuleTask',
    ...base(element, around),
    decision: textIn(element, 'decision') ?? '',
    resultVariable: textIn(element, 'resultVariable') ?? '',
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

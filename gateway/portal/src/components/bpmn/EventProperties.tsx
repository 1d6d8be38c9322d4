import { useText } from '../../i18n.ts'
import type { BusinessObject } from './diagram.ts'
import {
  type Editing,
  eventDefinition,
  objectIn,
  rootsOf,
  setExpression,
  setInside,
  setReference,
  textOf,
} from './editing.ts'
import { PropertyField } from './PropertyField.tsx'

/** What an event waits for or throws: a message, a time, an error. */
export function EventProperties({ editing }: { editing: Editing }) {
  const definition = eventDefinition(editing)
  switch (definition?.$type) {
    case 'bpmn:MessageEventDefinition':
      return <MessageProperties editing={editing} holder={definition} />
    case 'bpmn:TimerEventDefinition':
      return <Timer editing={editing} definition={definition} />
    case 'bpmn:ErrorEventDefinition':
      return <Failure editing={editing} definition={definition} />
    case 'bpmn:SignalEventDefinition':
      return <Signal editing={editing} definition={definition} />
    case 'bpmn:ConditionalEventDefinition':
      return <Condition editing={editing} definition={definition} />
    default:
      return null
  }
}

interface DefinitionProps {
  readonly editing: Editing
  readonly definition: BusinessObject
}

const namesOf = (editing: Editing, type: string, by: string) =>
  rootsOf(editing, type)
    .flatMap((one) => textOf(one, by) || [])
    .map((value) => ({ value }))

/** `holder` is the event definition, or the task that sends or receives. */
export function MessageProperties({ editing, holder }: { editing: Editing; holder: BusinessObject }) {
  const text = useText(TEXT)
  return (
    <>
      <PropertyField
        name="message"
        label={text.message}
        value={textOf(objectIn(holder, 'messageRef'), 'name')}
        options={namesOf(editing, 'bpmn:Message', 'name')}
        onChange={(name) =>
          setReference(editing, holder, { property: 'messageRef', type: 'bpmn:Message', by: 'name' }, name)
        }
      />
      <PropertyField
        name="correlationKey"
        label={text.correlationKey}
        hint={text.correlationHint}
        value={textOf(holder, 'gdbos:correlationKey')}
        onChange={(key) => setInside(editing, holder, 'gdbos:correlationKey', key)}
      />
    </>
  )
}

const TIMERS = ['timeDuration', 'timeDate', 'timeCycle'] as const

function Timer({ editing, definition }: DefinitionProps) {
  const text = useText(TEXT)
  return TIMERS.map((name) => (
    <PropertyField
      key={name}
      name={name}
      label={text.timers[name]}
      value={textOf(objectIn(definition, name), 'body')}
      onChange={(body) => setExpression(editing, definition, name, body)}
    />
  ))
}

function Failure({ editing, definition }: DefinitionProps) {
  const text = useText(TEXT)
  return (
    <PropertyField
      name="errorCode"
      label={text.errorCode}
      hint={text.errorHint}
      value={textOf(objectIn(definition, 'errorRef'), 'errorCode')}
      options={namesOf(editing, 'bpmn:Error', 'errorCode')}
      onChange={(code) =>
        setReference(editing, definition, { property: 'errorRef', type: 'bpmn:Error', by: 'errorCode' }, code)
      }
    />
  )
}

function Signal({ editing, definition }: DefinitionProps) {
  const text = useText(TEXT)
  return (
    <PropertyField
      name="signal"
      label={text.signal}
      value={textOf(objectIn(definition, 'signalRef'), 'name')}
      options={namesOf(editing, 'bpmn:Signal', 'name')}
      onChange={(name) =>
        setReference(editing, definition, { property: 'signalRef', type: 'bpmn:Signal', by: 'name' }, name)
      }
    />
  )
}

function Condition({ editing, definition }: DefinitionProps) {
  const text = useText(TEXT)
  return (
    <PropertyField
      name="condition"
      label={text.condition}
      expression
      value={textOf(objectIn(definition, 'condition'), 'body')}
      onChange={(body) => setExpression(editing, definition, 'condition', body)}
    />
  )
}

const TEXT = {
  zh: {
    message: '消息',
    correlationKey: '关联键',
    correlationHint: 'FEEL 表达式；不填则为业务主键',
    timers: {
      timeDuration: '等待时长（如 P3D）',
      timeDate: '到期时间',
      timeCycle: '重复',
    },
    errorCode: '错误代码',
    errorHint: '不填则接住任何拒绝',
    signal: '信号',
    condition: '条件（FEEL）',
  },
  en: {
    message: 'Message',
    correlationKey: 'Correlation key',
    correlationHint: 'A FEEL expression; the business key when empty',
    timers: {
      timeDuration: 'Duration (such as P3D)',
      timeDate: 'Due date',
      timeCycle: 'Cycle',
    },
    errorCode: 'Error code',
    errorHint: 'Catches every refusal when empty',
    signal: 'Signal',
    condition: 'Condition (FEEL)',
  },
}

import { useText } from '../../i18n.ts'
import { STAFF_WORDS_TEXT } from '../../words.staff.ts'
import { ActivityProperties } from './ActivityProperties.tsx'
import type { BusinessObject } from './diagram.ts'
import { type Editing, objectIn, ownAttributes, setExpression, setText, textOf } from './editing.ts'
import { EventProperties, MessageProperties } from './EventProperties.tsx'
import { PropertyField } from './PropertyField.tsx'
import { VariableList } from './VariableList.tsx'

/** What the properties of a model may name. */
export interface Vocabulary {
  readonly tasks: readonly string[]
  readonly commands: readonly string[]
  readonly forms: readonly string[]
  readonly decisions: readonly string[]
}

/** The properties of the element in hand: BPMN's own that the runtime reads, then all of our attributes it may carry. */
export function Properties({ editing, vocabulary }: { editing: Editing; vocabulary: Vocabulary }) {
  const text = useText(TEXT)
  const { object } = editing
  const type = object.$type.replace('bpmn:', '')
  return (
    <div key={`${object.id}`}>
      <p className="quiet">
        {text.types[type as keyof typeof text.types] ?? type} · <code>{object.id}</code>
      </p>
      <PropertyField
        name="id"
        label={text.id}
        value={object.id ?? ''}
        onChange={(id) => id && setText(editing, 'id', id)}
      />
      <PropertyField
        name="name"
        label={text.name}
        value={textOf(object, 'name')}
        onChange={(name) => setText(editing, 'name', name)}
      />
      <OwnAttributes editing={editing} vocabulary={vocabulary} />
      <Implementation editing={editing} type={type} tasks={vocabulary.tasks} />
      {type === 'SequenceFlow' && <Flow editing={editing} />}
      {(type === 'ReceiveTask' || type === 'SendTask') && (
        <MessageProperties editing={editing} holder={object} />
      )}
      {type.endsWith('Event') && <EventProperties editing={editing} />}
      {/Task$|Activity$|^SubProcess$/.test(type) && <ActivityProperties editing={editing} />}
      {type === 'Process' && <VariableList editing={editing} />}
    </div>
  )
}

function OwnAttributes({ editing, vocabulary }: { editing: Editing; vocabulary: Vocabulary }) {
  const text = useText(TEXT)
  const { role } = useText(STAFF_WORDS_TEXT)
  const { object } = editing
  const options: Readonly<Record<string, readonly { value: string; label?: string }[]>> = {
    candidateRole: Object.entries(role).map(([value, label]) => ({ value, label })),
    formKey: named(vocabulary.forms),
    command: named(vocabulary.commands),
    decision: named(vocabulary.decisions),
  }
  // The file keeps a task's correlation key beside its message, and shows it there.
  const names = ownAttributes(object).filter((name) => name !== 'correlationKey')
  return names.map((name) => (
    <PropertyField
      key={name}
      name={name}
      label={text.own[name as keyof typeof text.own] ?? name}
      value={textOf(object, `gdbos:${name}`)}
      {...(options[name] ? { options: options[name] } : {})}
      {...(name === 'organisation' ? { hint: text.feel } : {})}
      onChange={(value) => setText(editing, `gdbos:${name}`, value)}
    />
  ))
}

const named = (values: readonly string[]) => values.map((value) => ({ value }))

function Implementation({
  editing,
  type,
  tasks,
}: {
  editing: Editing
  type: string
  tasks: readonly string[]
}) {
  const text = useText(TEXT)
  if (type !== 'ServiceTask' && type !== 'SendTask') return null
  return (
    <PropertyField
      name="implementation"
      label={text.implementation}
      value={textOf(editing.object, 'implementation').replace(/^##.*/, '')}
      options={named(tasks)}
      onChange={(value) => setText(editing, 'implementation', value)}
    />
  )
}

function Flow({ editing }: { editing: Editing }) {
  const text = useText(TEXT)
  const flow = editing.object
  const source = objectIn(flow, 'sourceRef')
  const isGateway = source !== undefined && /(?:Exclusive|Inclusive)Gateway$/.test(source.$type)
  const isDefault = isGateway && objectIn(source, 'default')?.id === flow.id
  return (
    <>
      <PropertyField
        name="conditionExpression"
        label={text.condition}
        hint={text.feel}
        expression
        value={textOf(objectIn(flow, 'conditionExpression'), 'body')}
        onChange={(body) => setExpression(editing, flow, 'conditionExpression', body)}
      />
      {isGateway && (
        <div className="choice">
          <input
            type="checkbox"
            id="is-default"
            checked={isDefault}
            onChange={(event) => setDefault(editing, source, event.target.checked ? flow : undefined)}
          />
          <label htmlFor="is-default">{text.isDefault}</label>
        </div>
      )}
    </>
  )
}

function setDefault(
  { element, modeler }: Editing,
  gateway: BusinessObject,
  flow: BusinessObject | undefined,
) {
  modeler.get('modeling').updateModdleProperties(element, gateway, { default: flow })
}

const TEXT = {
  zh: {
    id: '标识',
    name: '名称',
    feel: 'FEEL 表达式',
    implementation: '由哪个模块任务完成',
    condition: '条件',
    isDefault: '默认分支：其他条件都不成立时走',
    own: {
      nameEn: '英文名称',
      candidateRole: '办理角色',
      organisation: '办理单位',
      formKey: '表单',
      command: '完成时执行的命令',
      limitDays: '办理期限（工作日）',
      decision: '决策',
      resultVariable: '结果存入变量',
      calledVersion: '调用的版本（不填为最新）',
    },
    types: {
      Process: '流程',
      Collaboration: '协作图',
      Participant: '池（参与方）',
      Lane: '泳道',
      TextAnnotation: '注释',
      BoundaryEvent: '边界事件',
      InclusiveGateway: '包容网关',
      EventBasedGateway: '事件网关',
      SubProcess: '子流程',
      CallActivity: '调用活动',
      IntermediateThrowEvent: '抛出事件',
      MessageFlow: '消息流',
      UserTask: '人工任务',
      ServiceTask: '自动任务',
      SendTask: '发送任务',
      ReceiveTask: '接收任务',
      BusinessRuleTask: '业务规则任务',
      StartEvent: '开始事件',
      EndEvent: '结束事件',
      IntermediateCatchEvent: '等待事件',
      ExclusiveGateway: '独占网关',
      ParallelGateway: '并行网关',
      SequenceFlow: '顺序流',
    },
  },
  en: {
    id: 'Id',
    name: 'Name (Chinese)',
    feel: 'A FEEL expression',
    implementation: 'Done by which task of a module',
    condition: 'Condition',
    isDefault: 'Default: taken when no other condition holds',
    own: {
      nameEn: 'Name (English)',
      candidateRole: 'Role that handles it',
      organisation: 'Body that handles it',
      formKey: 'Form',
      command: 'Command run on completion',
      limitDays: 'Limit (working days)',
      decision: 'Decision',
      resultVariable: 'Variable of the result',
      calledVersion: 'Version it calls (the latest when empty)',
    },
    types: {
      Process: 'process',
      Collaboration: 'collaboration',
      Participant: 'pool (participant)',
      Lane: 'lane',
      TextAnnotation: 'annotation',
      BoundaryEvent: 'boundary event',
      InclusiveGateway: 'inclusive gateway',
      EventBasedGateway: 'event-based gateway',
      SubProcess: 'sub-process',
      CallActivity: 'call activity',
      IntermediateThrowEvent: 'throw event',
      MessageFlow: 'message flow',
      UserTask: 'user task',
      ServiceTask: 'service task',
      SendTask: 'send task',
      ReceiveTask: 'receive task',
      BusinessRuleTask: 'business rule task',
      StartEvent: 'start event',
      EndEvent: 'end event',
      IntermediateCatchEvent: 'catch event',
      ExclusiveGateway: 'exclusive gateway',
      ParallelGateway: 'parallel gateway',
      SequenceFlow: 'sequence flow',
    },
  },
}

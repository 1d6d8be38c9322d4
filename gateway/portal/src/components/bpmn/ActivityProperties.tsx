import { useText } from '../../i18n.ts'
import type { BusinessObject } from './diagram.ts'
import { type Editing, extensionOf, objectIn, setExpression, setInside, setText, textOf } from './editing.ts'
import { PropertyField } from './PropertyField.tsx'

/** What goes into an activity and out of it, how often it is done, and which process a call activity calls. */
export function ActivityProperties({ editing }: { editing: Editing }) {
  const text = useText(TEXT)
  const { object } = editing
  const loop = objectIn(object, 'loopCharacteristics')
  return (
    <>
      {object.$type === 'bpmn:CallActivity' && (
        <PropertyField
          name="calledElement"
          label={text.calledElement}
          value={textOf(object, 'calledElement')}
          onChange={(key) => setText(editing, 'calledElement', key)}
        />
      )}
      {loop && <Loop editing={editing} loop={loop} />}
      <MappingList editing={editing} type="gdbos:Input" />
      <MappingList editing={editing} type="gdbos:Output" />
    </>
  )
}

const OF_EACH = ['collection', 'element', 'outputCollection', 'outputElement'] as const

function Loop({ editing, loop }: { editing: Editing; loop: BusinessObject }) {
  const text = useText(TEXT)
  const isMulti = loop.$type === 'bpmn:MultiInstanceLoopCharacteristics'
  const expressions = isMulti
    ? (['loopCardinality', 'completionCondition'] as const)
    : (['loopCondition'] as const)
  return (
    <fieldset className="section">
      <legend>{isMulti ? text.multi : text.loop}</legend>
      {isMulti &&
        OF_EACH.map((name) => (
          <PropertyField
            key={name}
            name={name}
            label={text[name]}
            value={textOf(loop, `gdbos:${name}`)}
            onChange={(value) => setInside(editing, loop, `gdbos:${name}`, value)}
          />
        ))}
      {expressions.map((name) => (
        <PropertyField
          key={name}
          name={name}
          label={text[name]}
          expression
          value={textOf(objectIn(loop, name), 'body')}
          onChange={(body) => setExpression(editing, loop, name, body)}
        />
      ))}
    </fieldset>
  )
}

/** Values that go into the activity by other names than the process has, or come out of it. */
function MappingList({ editing, type }: { editing: Editing; type: 'gdbos:Input' | 'gdbos:Output' }) {
  const text = useText(TEXT)
  const { all, put, make } = extensionOf(editing)
  const mappings = all.filter(({ $type }) => $type === type)
  const words = text[type]
  return (
    <fieldset className="section">
      <legend>{words.title}</legend>
      {mappings.map((mapping, at) => (
        <details key={at}>
          <summary>
            <code>{textOf(mapping, 'from')}</code> → <code>{textOf(mapping, 'to')}</code>
          </summary>
          {(['from', 'to'] as const).map((name) => (
            <PropertyField
              key={name}
              name={`${type.slice('gdbos:'.length).toLowerCase()}-${name}`}
              label={words[name]}
              value={textOf(mapping, name)}
              onChange={(value) => setInside(editing, mapping, name, value)}
            />
          ))}
          <button
            type="button"
            className="button-plain"
            onClick={() => put(all.filter((other) => other !== mapping))}
          >
            {text.remove}
          </button>
        </details>
      ))}
      <button
        type="button"
        className="button-plain"
        onClick={() => put([...all, make(type, { from: 'null', to: `value${mappings.length + 1}` })])}
      >
        {words.add}
      </button>
    </fieldset>
  )
}

const TEXT = {
  zh: {
    calledElement: '调用的流程（标识）',
    multi: '多实例',
    loop: '循环',
    collection: '对哪个列表的每一项（FEEL）',
    element: '每一项的变量名',
    outputCollection: '结果收集到变量',
    outputElement: '每次的结果（FEEL）',
    loopCardinality: '次数（FEEL）',
    completionCondition: '提前完成的条件（FEEL）',
    loopCondition: '再做一次的条件（FEEL）',
    remove: '删除此项',
    'gdbos:Input': { title: '输入', from: '值（FEEL）', to: '环节中的变量', add: '增加输入' },
    'gdbos:Output': { title: '输出', from: '值（FEEL）', to: '流程变量', add: '增加输出' },
  },
  en: {
    calledElement: 'Process it calls (id)',
    multi: 'Multi-instance',
    loop: 'Loop',
    collection: 'For each member of the list (FEEL)',
    element: 'Variable of the member',
    outputCollection: 'Results are collected in the variable',
    outputElement: 'Result of each (FEEL)',
    loopCardinality: 'Times (FEEL)',
    completionCondition: 'Complete early when (FEEL)',
    loopCondition: 'Again when (FEEL)',
    remove: 'Remove this one',
    'gdbos:Input': { title: 'Inputs', from: 'Value (FEEL)', to: 'Variable of the step', add: 'Add an input' },
    'gdbos:Output': {
      title: 'Outputs',
      from: 'Value (FEEL)',
      to: 'Variable of the process',
      add: 'Add an output',
    },
  },
}

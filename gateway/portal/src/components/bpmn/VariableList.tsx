import { useText } from '../../i18n.ts'
import { type Editing, extensionOf, setInside, textOf } from './editing.ts'
import { PropertyField } from './PropertyField.tsx'

const TYPES = ['string', 'number', 'boolean', 'date', 'date-time', 'duration', 'list', 'context', 'any']

/** The variables a process declares, in its extension elements. */
export function VariableList({ editing }: { editing: Editing }) {
  const text = useText(TEXT)
  const { all, put, make } = extensionOf(editing)
  const variables = all.filter(({ $type }) => $type === 'gdbos:Variable')

  function add() {
    const taken = new Set(variables.map((variable) => textOf(variable, 'name')))
    let number = variables.length + 1
    while (taken.has(`variable${number}`)) number += 1
    put([...all, make('gdbos:Variable', { name: `variable${number}`, type: 'string' })])
  }

  return (
    <fieldset className="section">
      <legend>{text.variables}</legend>
      {variables.map((variable, at) => (
        <details key={at}>
          <summary>
            <code>{textOf(variable, 'name')}</code> {textOf(variable, 'type')}
          </summary>
          {(['name', 'type', 'elementCode', 'codeListId'] as const).map((name) => (
            <PropertyField
              key={name}
              name={`variable-${name}`}
              label={text[name]}
              value={textOf(variable, name)}
              {...(name === 'type' ? { options: TYPES.map((value) => ({ value })) } : {})}
              onChange={(value) => setInside(editing, variable, name, value)}
            />
          ))}
          <button
            type="button"
            className="button-plain"
            onClick={() => put(all.filter((other) => other !== variable))}
          >
            {text.remove}
          </button>
        </details>
      ))}
      <button type="button" className="button-plain" onClick={add}>
        {text.add}
      </button>
    </fieldset>
  )
}

const TEXT = {
  zh: {
    variables: '流程变量',
    name: '名称',
    type: '类型',
    elementCode: '数据元',
    codeListId: '代码集',
    add: '增加变量',
    remove: '删除此变量',
  },
  en: {
    variables: 'Process variables',
    name: 'Name',
    type: 'Type',
    elementCode: 'Data element',
    codeListId: 'Code list',
    add: 'Add a variable',
    remove: 'Remove this variable',
  },
}

import { useState } from 'react'
import { request } from '../../api.ts'
import { graphql } from '../../generated/gql.ts'
import { useText } from '../../i18n.ts'
import { PropertyField } from '../bpmn/PropertyField.tsx'
import { type Option, optionsIn, type Written } from './written.ts'

const CODES = graphql(`
  query FormCodes($id: String!) {
    codeList(id: $id) {
      id
      values(first: 100) {
        edges {
          node {
            code
            name {
              zh
              en
            }
          }
        }
        pageInfo {
          hasNextPage
        }
      }
    }
  }
`)

interface OptionListProps {
  readonly field: Written
  readonly put: (options: readonly Option[]) => void
}

/** The choices of a field: written one by one, or taken from the code list it names. */
export function OptionList({ field, put }: OptionListProps) {
  const text = useText(TEXT)
  const options = optionsIn(field)
  const change = (at: number, part: Partial<Option>) =>
    put(options.map((option, index) => (index === at ? { ...option, ...part } : option)))
  const fresh = (number: number) => ({
    value: `${number}`,
    text: { zh: `选项${number}`, en: `Choice ${number}` },
  })
  return (
    <fieldset className="section">
      <legend>{text.options}</legend>
      {options.map((option, at) => (
        <details key={at} className="form-option">
          <summary>
            <code>{option.value}</code> {option.text.zh}
          </summary>
          <PropertyField
            name="option-value"
            label={text.value}
            value={option.value}
            onChange={(value) => change(at, { value })}
          />
          <PropertyField
            name="option-zh"
            label={text.zh}
            value={option.text.zh}
            onChange={(zh) => change(at, { text: { ...option.text, zh } })}
          />
          <PropertyField
            name="option-en"
            label={text.en}
            value={option.text.en}
            onChange={(en) => change(at, { text: { ...option.text, en } })}
          />
          <button
            type="button"
            className="button-plain"
            onClick={() => put(options.filter((_, index) => index !== at))}
          >
            {text.remove}
          </button>
        </details>
      ))}
      <button
        type="button"
        className="button-plain"
        onClick={() => put([...options, fresh(options.length + 1)])}
      >
        {text.add}
      </button>
      {typeof field['codeListId'] === 'string' && <FromCodeList id={field['codeListId']} put={put} />}
    </fieldset>
  )
}

type Taking = 'resting' | 'loading' | 'failed' | 'too-long'

function FromCodeList({ id, put }: { id: string; put: OptionListProps['put'] }) {
  const text = useText(TEXT)
  const [taking, setTaking] = useState<Taking>('resting')

  async function take() {
    setTaking('loading')
    try {
      const { values } = (await request(CODES, { id })).codeList
      if (values.pageInfo.hasNextPage) return setTaking('too-long')
      put(
        values.edges.map(({ node: { code, name } }) => ({ value: code, text: { zh: name.zh, en: name.en } })),
      )
      setTaking('resting')
    } catch {
      // An unknown list, or one the server did not give: it is said beside the button.
      setTaking('failed')
    }
  }

  return (
    <p aria-live="polite">
      <button
        type="button"
        className="button-plain"
        id="take-codes"
        disabled={taking === 'loading'}
        onClick={() => void take()}
      >
        {text.take}
      </button>{' '}
      {(taking === 'failed' || taking === 'too-long') && <span className="field-error">{text[taking]}</span>}
    </p>
  )
}

const TEXT = {
  zh: {
    options: '选项',
    value: '值',
    zh: '中文',
    en: '英文',
    add: '增加选项',
    remove: '删除此选项',
    take: '取代码集的代码作选项',
    failed: '取不到这个代码集。',
    'too-long': '代码超过 100 个，不宜逐一列出。',
  },
  en: {
    options: 'Choices',
    value: 'Value',
    zh: 'Chinese',
    en: 'English',
    add: 'Add a choice',
    remove: 'Remove this choice',
    take: 'Take the codes of the code list',
    failed: 'The code list cannot be read.',
    'too-long': 'It has more than 100 codes: too many to list.',
  },
}

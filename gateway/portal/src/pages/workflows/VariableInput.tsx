import { useText } from '../../i18n.ts'
import { valueOf } from './variable.ts'

interface VariableInputProps {
  readonly name: string
  readonly type: string
  /** What is typed; empty for null. */
  readonly value: string
  readonly isFixed: boolean
  readonly onChange: (value: string) => void
}

/** The control for a process variable of a type, with what is wrong with what was typed. */
export function VariableInput({ name, type, value, isFixed, onChange }: VariableInputProps) {
  const text = useText(TEXT)
  const isWrong = valueOf(value, type) === undefined
  const common = {
    className: 'input',
    'aria-label': name,
    value,
    'aria-invalid': isWrong,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  }
  return (
    <>
      {isFixed ? (
        <code>{value || text.empty}</code>
      ) : type === 'boolean' ? (
        <select {...common}>
          <option value="">{text.empty}</option>
          <option value="true">{text.yes}</option>
          <option value="false">{text.no}</option>
        </select>
      ) : type === 'list' || type === 'context' ? (
        <textarea {...common} rows={2} spellCheck={false} />
      ) : (
        <input
          {...common}
          type={type === 'date' ? 'date' : 'text'}
          inputMode={type === 'number' ? 'decimal' : undefined}
          autoComplete="off"
        />
      )}
      {isWrong && (
        <p className="field-error" role="alert">
          {text.wrong}
        </p>
      )}
    </>
  )
}

const TEXT = {
  zh: { empty: '（空）', yes: '是', no: '否', wrong: '与声明的类型不符' },
  en: { empty: '(empty)', yes: 'yes', no: 'no', wrong: 'This is not of the declared type' },
}

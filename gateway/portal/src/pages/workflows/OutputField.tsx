import { useId } from 'react'
import { useText } from '../../i18n.ts'
import { valueOf } from './variable.ts'

/** What a step that is skipped would have given, as an object in JSON; empty gives nothing. */
export function OutputField({ value, onChange }: { value: string; onChange: (typed: string) => void }) {
  const text = useText(TEXT)
  const id = useId()
  const isWrong = outputOf(value) === undefined
  return (
    <div className="field">
      <label htmlFor={id}>{text.output}</label>
      <textarea
        id={id}
        name="output"
        className="input"
        rows={2}
        spellCheck={false}
        placeholder='{"intakeOutcome": "complete"}'
        aria-invalid={isWrong}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      {isWrong && (
        <p className="field-error" role="alert">
          {text.wrong}
        </p>
      )}
    </div>
  )
}

/** What was typed as variables; undefined when it is no JSON object. */
export function outputOf(typed: string): object | undefined {
  const given = valueOf(typed.trim(), 'context')
  return given && ((given.value as object | null) ?? {})
}

const TEXT = {
  zh: {
    output: '该环节原来应给出的结果（可不填；JSON 对象，变量名对应值）',
    wrong: '不是 JSON 对象',
  },
  en: {
    output: 'What the step would have given (may stay empty; a JSON object of variables)',
    wrong: 'This is no JSON object',
  },
}

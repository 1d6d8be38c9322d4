import { useEffect, useId, useRef, useState } from 'react'

interface PropertyFieldProps {
  readonly label: string
  readonly value: string
  readonly hint?: string
  /** Offered, not enforced: the check says what is unknown. */
  readonly options?: readonly { readonly value: string; readonly label?: string }[]
  /** Shown in letters of one width, over several lines. */
  readonly expression?: boolean
  readonly name: string
  readonly onChange: (value: string) => void
}

const IDLE_MS = 400

/** One property as text. It is told when typing rests or the field is left, so that a word is one step to undo. */
export function PropertyField({
  label,
  value,
  hint,
  options,
  expression,
  name,
  onChange,
}: PropertyFieldProps) {
  const id = useId()
  const [typed, setTyped] = useState(value)
  const pending = useRef<{ timer: ReturnType<typeof setTimeout>; send: () => void }>(undefined)

  useEffect(() => {
    if (!pending.current) setTyped(value)
  }, [value])
  useEffect(() => () => pending.current?.send(), [])

  function type(next: string) {
    setTyped(next)
    if (pending.current) clearTimeout(pending.current.timer)
    const send = () => {
      if (pending.current) clearTimeout(pending.current.timer)
      pending.current = undefined
      if (next.trim() !== value) onChange(next.trim())
    }
    pending.current = { send, timer: setTimeout(send, IDLE_MS) }
  }

  const shared = {
    id,
    'data-property': name,
    value: typed,
    className: 'input',
    'aria-describedby': hint ? `${id}-hint` : undefined,
    spellCheck: false,
    onBlur: () => pending.current?.send(),
  } as const
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {expression ? (
        <textarea {...shared} rows={2} onChange={(event) => type(event.target.value)} />
      ) : (
        <input
          {...shared}
          type="text"
          list={options && `${id}-options`}
          onChange={(event) => type(event.target.value)}
        />
      )}
      {options && (
        <datalist id={`${id}-options`}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label ?? option.value}
            </option>
          ))}
        </datalist>
      )}
    </div>
  )
}

import { type ReactNode, useState } from 'react'
import type { ApiError } from '../../api.ts'
import { useText } from '../../i18n.ts'
import { useWords } from '../../words.ts'
import { BatchOutcome } from './BatchOutcome.tsx'
import { ReasonForm } from './ReasonForm.tsx'

interface BulkFormProps<Operation extends string> {
  readonly operations: readonly Operation[]
  /** What the choice meets now: how many, and where. */
  readonly meets: string
  readonly places: readonly string[]
  readonly isEmpty: boolean
  /** What an operation will do. */
  readonly says: Readonly<Record<Operation, string>>
  /** What else an operation asks for. */
  readonly fields?: ((operation: Operation) => ReactNode) | undefined
  readonly busy: boolean
  readonly error: ApiError | undefined
  /** Begins it; the id of the batch operation, or undefined when refused. */
  readonly onGo: (operation: Operation, reason: string) => Promise<string | undefined>
  readonly onDone: () => void
}

/** The same done to many: how many it meets is said first, then why is asked, then each one's outcome is shown. */
export function BulkForm<Operation extends string>(props: BulkFormProps<Operation>) {
  const { operations, meets, places, isEmpty, says, fields, busy, error, onGo, onDone } = props
  const text = useText(TEXT)
  const words = useWords()
  const [operation, setOperation] = useState<Operation>()
  const [batch, setBatch] = useState<string>()
  if (batch !== undefined) return <BatchOutcome id={batch} onDone={onDone} />
  return (
    <section className="staff-chosen" aria-label={text.title}>
      <p role="status">{meets}</p>
      {places.length > 0 && (
        <ul className="quiet">
          {places.map((place) => (
            <li key={place}>{place}</li>
          ))}
        </ul>
      )}
      {!isEmpty && (
        <p className="actions">
          {operations.map((one) => (
            <button
              key={one}
              type="button"
              className="button-second"
              data-bulk={one}
              aria-expanded={operation === one}
              onClick={() => setOperation(one)}
            >
              {words('operation', one.toLowerCase())}
            </button>
          ))}
        </p>
      )}
      {operation && !isEmpty && (
        <ReasonForm
          key={operation}
          says={says[operation]}
          go={words('operation', operation.toLowerCase())}
          busy={busy}
          error={error}
          onLeave={() => setOperation(undefined)}
          onGo={(reason) => void onGo(operation, reason).then((id) => id !== undefined && setBatch(id))}
        >
          {fields?.(operation)}
        </ReasonForm>
      )}
    </section>
  )
}

const TEXT = {
  zh: { title: '批量处理' },
  en: { title: 'Many at once' },
}

import { useId, useState, type FormEvent, type ReactNode } from 'react'
import type { ApiError } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { leavesBy, useOpened } from '../../components/staff/useOpened.ts'
import { useText } from '../../i18n.ts'

interface ReasonFormProps {
  /** What will happen. */
  readonly says: string
  readonly go: string
  readonly busy: boolean
  readonly error: ApiError | undefined
  readonly onGo: (reason: string) => void
  readonly onLeave?: () => void
  /** What else is asked, before why. */
  readonly children?: ReactNode
}

/** Says what will happen, asks why, and goes on. One that can be left was opened: see {@link useOpened}. */
export function ReasonForm({ says, go, busy, error, onGo, onLeave, children }: ReasonFormProps) {
  const text = useText(TEXT)
  const id = useId()
  const [reason, setReason] = useState('')
  const told = useOpened<HTMLParagraphElement>(onLeave ? true : null)
  function send(event: FormEvent) {
    event.preventDefault()
    if (reason.trim() !== '') onGo(reason.trim())
  }
  return (
    <form className="operation" onSubmit={send} aria-busy={busy} onKeyDown={leavesBy(onLeave)}>
      <p ref={told} {...(onLeave ? { tabIndex: -1 } : {})}>
        {says}
      </p>
      {children}
      <div className="field">
        <label htmlFor={id}>{text.reason}</label>
        <input
          id={id}
          name="reason"
          className="input"
          required
          maxLength={1000}
          autoComplete="off"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
      {error && <Failure error={error} />}
      <p className="actions">
        <button type="submit" className="button" disabled={reason.trim() === '' || busy}>
          {go}
        </button>
        {onLeave && (
          <button type="button" className="button-second" onClick={onLeave}>
            {text.leave}
          </button>
        )}
      </p>
    </form>
  )
}

const TEXT = {
  zh: { reason: '理由（记入记录）', leave: '不做了' },
  en: { reason: 'Why (kept on the record)', leave: 'Leave it' },
}

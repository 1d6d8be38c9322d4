import { useEffect, useRef, type ReactNode } from 'react'
import type { ApiError } from '../api.ts'
import { useSay, useText } from '../i18n.ts'
import { Link } from '../router.tsx'

/** A refusal in the reader's language; its code is kept for a support desk. */
export function Failure({ error, retry }: { error: ApiError; retry?: () => void }) {
  const text = useText(TEXT)
  const say = useSay()
  const next = encodeURIComponent(location.pathname + location.search)
  return (
    <div className="notice notice-bad" role="alert" data-code={error.code}>
      <p>{say(error.messages)}</p>
      <p className="quiet">
        {text.code} <code>{error.code}</code>
      </p>
      {error.kind === 'unauthenticated' && <Link to={`/signin?next=${next}`}>{text.signIn}</Link>}
      {retry && error.kind !== 'unauthenticated' && (
        <button type="button" className="button-plain" onClick={retry}>
          {text.retry}
        </button>
      )}
    </div>
  )
}

export function Loading() {
  const text = useText(TEXT)
  return (
    <p className="loading" role="status" aria-busy="true">
      {text.loading}
    </p>
  )
}

export function Empty({ children }: { children: ReactNode }) {
  return <p className="empty">{children}</p>
}

export interface FieldError {
  /** id of the control the link leads to */
  readonly field: string
  readonly message: string
}

/** All that is wrong on a page, first and focused, each line a link to its field (GOV.UK error summary). */
export function ErrorSummary({ errors }: { errors: readonly FieldError[] }) {
  const text = useText(TEXT)
  const summary = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (errors.length) summary.current?.focus()
  }, [errors])
  if (!errors.length) return null
  return (
    <div
      className="error-summary"
      role="alert"
      aria-labelledby="error-summary-title"
      tabIndex={-1}
      ref={summary}
    >
      <h2 id="error-summary-title">{text.problem}</h2>
      <ul>
        {errors.map(({ field, message }) => (
          <li key={`${field} ${message}`}>
            <a href={`#${field}`} onClick={(event) => goTo(event, field)}>
              {message}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}

function goTo(event: { preventDefault: () => void }, field: string) {
  const control = document.getElementById(field)
  if (!control) return
  event.preventDefault()
  control.focus({ preventScroll: true })
  const start = control.closest('fieldset, .field') ?? control
  start.scrollIntoView({ block: 'start' })
}

const TEXT = {
  zh: { code: '代号', retry: '再试一次', signIn: '登录', loading: '正在加载…', problem: '有需要改正的地方' },
  en: {
    code: 'Code',
    retry: 'Try again',
    signIn: 'Sign in',
    loading: 'Loading…',
    problem: 'There is a problem',
  },
}

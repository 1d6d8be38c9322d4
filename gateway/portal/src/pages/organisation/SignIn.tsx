import { useState, type FormEvent } from 'react'
import { UNREACHABLE, type ApiError } from '../../api.ts'
import type { FieldError } from '../../components/Notices.tsx'
import { Page } from '../../components/Page.tsx'
import { useSay, useText } from '../../i18n.ts'
import { usePlace } from '../../router.tsx'
import { isStaff, signIn } from '../../session.tsx'

/** Sign in with an account of this platform, then go where one was going. */
export function SignIn() {
  const text = useText(TEXT)
  const say = useSay()
  const { query } = usePlace()
  const [errors, setErrors] = useState<readonly FieldError[]>([])
  const [running, setRunning] = useState(false)

  async function enter(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    if (running) return
    const form = new FormData(event.currentTarget)
    const login = String(form.get('login')).trim()
    const password = String(form.get('password'))
    const missing = [
      ...(login ? [] : [{ field: 'login', message: text.loginMissing }]),
      ...(password ? [] : [{ field: 'password', message: text.passwordMissing }]),
    ]
    setErrors(missing)
    if (missing.length) return
    setRunning(true)
    try {
      const me = await signIn(login, password)
      location.assign(ownAddress(query.get('next')) ?? (isStaff(me) ? '/desk' : '/'))
    } catch (error) {
      setErrors([{ field: 'login', message: say((error as ApiError).messages ?? UNREACHABLE.messages) }])
      setRunning(false)
    }
  }

  const errorOf = (field: string) => errors.find((error) => error.field === field)?.message
  return (
    <Page title={text.title} errors={errors} busy={running}>
      <form onSubmit={(event) => void enter(event)} noValidate>
        <Input name="login" label={text.login} error={errorOf('login')} type="text" complete="username" />
        <Input
          name="password"
          label={text.password}
          error={errorOf('password')}
          type="password"
          complete="current-password"
        />
        <button className="button" aria-disabled={running}>
          {running ? text.entering : text.enter}
        </button>
      </form>
    </Page>
  )
}

interface InputProps {
  readonly name: string
  readonly label: string
  readonly error: string | undefined
  readonly type: string
  readonly complete: string
}

function Input({ name, label, error, type, complete }: InputProps) {
  return (
    <div className={error ? 'field field-bad' : 'field'}>
      <label htmlFor={name}>{label}</label>
      {error && (
        <p className="field-error" id={`${name}-error`}>
          {error}
        </p>
      )}
      <input
        id={name}
        name={name}
        type={type}
        className="input"
        autoComplete={complete}
        autoCapitalize="none"
        spellCheck={false}
        required
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${name}-error` : undefined}
      />
    </div>
  )
}

/** Only a path of this site: a link from elsewhere may not send a person who signs in to another site. */
function ownAddress(next: string | null): string | undefined {
  if (!next) return undefined
  const url = new URL(next, location.origin)
  return url.origin === location.origin ? url.pathname + url.search : undefined
}

const TEXT = {
  zh: {
    title: '登录',
    login: '账号',
    password: '密码',
    enter: '登录',
    entering: '正在登录…',
    loginMissing: '请填写账号',
    passwordMissing: '请填写密码',
  },
  en: {
    title: 'Sign in',
    login: 'Account',
    password: 'Password',
    enter: 'Sign in',
    entering: 'Signing in…',
    loginMissing: 'Enter your account',
    passwordMissing: 'Enter your password',
  },
}

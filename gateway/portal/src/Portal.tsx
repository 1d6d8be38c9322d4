import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { Failure, Loading } from './components/Notices.tsx'
import { WindowShell } from './components/WindowShell.tsx'
import { keepLocale, keptLocale, LocaleContext, type Locale } from './i18n.ts'
import { navigate, usePlace } from './router.tsx'
import { routeOf } from './routes.ts'
import { SessionProvider, useSession } from './session.tsx'

const StaffShell = lazy(async () => ({
  default: (await import('./components/staff/StaffShell.tsx')).StaffShell,
}))

export function Portal() {
  const [locale, setLocale] = useState<Locale>(keptLocale)
  useEffect(() => keepLocale(locale), [locale])
  return (
    <LocaleContext value={locale}>
      <SessionProvider>
        <Place onLocale={setLocale} />
      </SessionProvider>
    </LocaleContext>
  )
}

function Place({ onLocale }: { onLocale: (locale: Locale) => void }) {
  const { path, query } = usePlace()
  const session = useSession()
  const { route, params } = routeOf(path)
  const arrived = useRef(path)

  // A new page is announced by moving focus to its content, as a full page load would.
  useEffect(() => {
    if (arrived.current === path) return
    arrived.current = path
    window.scrollTo(0, 0)
    document.getElementById('main')?.focus({ preventScroll: true })
  }, [path])

  const mustSignIn = session.state === 'signed-out' && !route.open
  useEffect(() => {
    const next = query.size ? `${path}?${query}` : path
    if (mustSignIn) navigate(`/signin?next=${encodeURIComponent(next)}`, { replace: true })
  }, [mustSignIn, path, query])

  const content =
    session.state === 'failed' && !route.open ? (
      <Failure error={session.error} retry={session.reload} />
    ) : (session.state === 'loading' && !route.open) || mustSignIn ? (
      <Loading />
    ) : (
      <Suspense key={path} fallback={<Loading />}>
        <route.Page {...params} />
      </Suspense>
    )

  if (route.area === 'window' || session.state !== 'signed-in')
    return <WindowShell onLocale={onLocale}>{content}</WindowShell>
  return (
    <Suspense fallback={<Loading />}>
      <StaffShell onLocale={onLocale}>{content}</StaffShell>
    </Suspense>
  )
}

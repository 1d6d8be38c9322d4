import { createContext, useContext, useEffect, useMemo, type ReactNode } from 'react'
import { request, rest, useQuery, type ApiError } from './api.ts'
import { graphql } from './generated/gql.ts'
import type { MeQuery } from './generated/graphql.ts'
import { keepLocale, keptLocale } from './i18n.ts'

const ME = graphql(`
  query Me {
    me {
      personId
      login
      name {
        zh
        en
      }
      organisation {
        id
        kind
        name {
          zh
          en
        }
      }
      roles
      permissions
    }
  }
`)

export type Viewer = NonNullable<MeQuery['me']>

export type Session =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly error: ApiError; readonly reload: () => void }
  | { readonly state: 'signed-out'; readonly reload: () => void }
  | { readonly state: 'signed-in'; readonly me: Viewer; readonly reload: () => void }

const SessionContext = createContext<Session>({ state: 'loading' })
export const useSession = () => useContext(SessionContext)

export function SessionProvider({ children }: { children: ReactNode }) {
  const query = useQuery(ME, {})
  const session = useMemo((): Session => {
    if (query.state !== 'ready') return query
    const { data, reload } = query
    return data.me ? { state: 'signed-in', me: data.me, reload } : { state: 'signed-out', reload }
  }, [query.state, query.state === 'ready' ? query.data : undefined])
  // A session that has ended makes every call a refusal, public ones too, until its cookie is gone.
  const ended = query.state === 'failed' && query.error.kind === 'unauthenticated'
  const reload = query.state === 'loading' ? undefined : query.reload
  useEffect(() => {
    if (ended) void rest('/api/session', { method: 'DELETE' }).then(reload)
  }, [ended, reload])
  return <SessionContext value={ended ? { state: 'loading' } : session}>{children}</SessionContext>
}

/** @throws ApiError */
export async function signIn(login: string, password: string): Promise<Viewer> {
  await rest('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password }),
  })
  const { me } = await request(ME, {})
  return me!
}

/** Starts the portal afresh, so that nothing of the person who left stays in memory. */
export async function signOut() {
  const locale = keptLocale()
  await rest('/api/session', { method: 'DELETE' })
  // The server's answer empties the browser's storage.
  keepLocale(locale)
  location.assign('/')
}

const STAFF_ROLES = new Set([
  'clerk',
  'reviewer',
  'inspector',
  'signer',
  'supervisor',
  'directory-admin',
  'standards-drafter',
  'standards-approver',
  'data-steward',
  'data-user',
  'process-designer',
  'auditor',
  'security-admin',
  'system-admin',
])

/** Whether a person works in an office; decides only which navigation is drawn. */
export const isStaff = (me: Viewer) => me.roles.some((role) => STAFF_ROLES.has(role))

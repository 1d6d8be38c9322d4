import { useCallback, useEffect, useRef, useState } from 'react'
import type { TypedDocumentString } from './generated/graphql.ts'

/** A refusal as the gateway sends it, by GraphQL and by REST alike. */
export interface ApiError {
  readonly code: string
  readonly kind: string
  readonly params: Readonly<Record<string, unknown>>
  readonly messages: { readonly zh: string; readonly en: string }
}

/** Nobody answered: whether the server did the work is not known. */
export const UNREACHABLE: ApiError = {
  code: 'PORTAL_SERVER_UNREACHABLE',
  kind: 'unavailable',
  params: {},
  messages: {
    zh: '现在连不上服务器。请检查网络，稍后再试；您填的内容还在。',
    en: 'The server cannot be reached. Check your connection and try again; what you typed is still here.',
  },
}

export type Query<Data> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly error: ApiError; readonly reload: () => void }
  | { readonly state: 'ready'; readonly data: Data; readonly reload: () => void }

/** Reads a document; a change of its variables shows loading again, `reload` keeps the old data until the new is here. */
export function useQuery<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Query<Data> {
  const key = JSON.stringify(variables)
  const [round, setRound] = useState(0)
  const [answer, setAnswer] = useState<{ key: string; data?: Data; error?: ApiError }>()
  const reload = useCallback(() => setRound((round) => round + 1), [])

  useEffect(() => {
    const stop = new AbortController()
    request(document, JSON.parse(key) as Variables, stop.signal).then(
      (data) => stop.signal.aborted || setAnswer({ key, data }),
      (error: ApiError) => stop.signal.aborted || setAnswer({ key, error }),
    )
    return () => stop.abort()
  }, [document, key, round])

  if (answer?.key !== key) return { state: 'loading' }
  if (answer.error) return { state: 'failed', error: answer.error, reload }
  return { state: 'ready', data: answer.data as Data, reload }
}

type WithoutCommand<Variables> = Omit<Variables, 'commandId'>

export interface Mutation<Data, Variables> {
  readonly running: boolean
  readonly error: ApiError | undefined
  readonly clear: () => void
  /** The answer, or undefined when refused; the refusal is then in `error`. */
  readonly run: (variables: WithoutCommand<Variables>) => Promise<Data | undefined>
}

/** Sends a command. A second click while it runs joins the first; an unanswered one is repeated under its id. */
export function useMutation<Data, Variables extends { commandId: string }>(
  document: TypedDocumentString<Data, Variables>,
): Mutation<Data, Variables> {
  const [progress, setProgress] = useState<{ running: boolean; error?: ApiError }>({ running: false })
  const current = useRef<Promise<Data | undefined>>(undefined)

  const run = useCallback(
    (variables: WithoutCommand<Variables>) => {
      current.current ??= send(variables).finally(() => (current.current = undefined))
      return current.current

      async function send(variables: WithoutCommand<Variables>) {
        setProgress({ running: true })
        const intent = `${document.toString()}\n${JSON.stringify(variables)}`
        try {
          const data = await request(document, { ...variables, commandId: commandOf(intent) } as Variables)
          forgetCommand(intent)
          setProgress({ running: false })
          return data
        } catch (error) {
          if ((error as ApiError).code !== UNREACHABLE.code) forgetCommand(intent)
          setProgress({ running: false, error: error as ApiError })
          return undefined
        }
      }
    },
    [document],
  )
  const clear = useCallback(() => setProgress({ running: false }), [])
  return { running: progress.running, error: progress.error, clear, run }
}

/** One id for one intent: the same until it is answered, also over a reload of the page. */
export function commandOf(intent: string): string {
  const place = `gdbos.command:${intent}`
  const kept = sessionStorage.getItem(place)
  if (kept) return kept
  const id = newId()
  sessionStorage.setItem(place, id)
  return id
}

export function forgetCommand(intent: string) {
  sessionStorage.removeItem(`gdbos.command:${intent}`)
}

/** `crypto.randomUUID` exists only on https and localhost; a trial server may be reached by another plain address. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** @throws ApiError */
export async function request<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Data> {
  const answer = await fetchJson<{ data?: Data; errors?: { extensions?: ApiError }[] }>('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query: document.toString(), variables }),
    ...(signal ? { signal } : {}),
  })
  const error = answer.body?.errors?.[0]
  if (error) throw error.extensions?.messages ? error.extensions : UNREACHABLE
  if (!answer.body?.data) throw UNREACHABLE
  return answer.body.data
}

/** @throws ApiError when refused or unanswered */
export async function rest<Answer>(path: string, init: RequestInit): Promise<Answer> {
  const { ok, body } = await fetchJson<Answer | ApiError>(path, init)
  if (!ok) throw refusalOf(body)
  return body as Answer
}

async function fetchJson<Body>(path: string, init: RequestInit): Promise<{ ok: boolean; body?: Body }> {
  let response: Response
  try {
    response = await fetch(path, { ...init, credentials: 'same-origin' })
  } catch {
    throw UNREACHABLE
  }
  const text = await response.text()
  return {
    ok: response.ok,
    ...(isJson(response.headers.get('content-type')) ? { body: JSON.parse(text) as Body } : {}),
  }
}

function isJson(type: string | null) {
  return type?.includes('json') ?? false
}

function refusalOf(body: unknown): ApiError {
  return (body as ApiError | undefined)?.messages ? (body as ApiError) : UNREACHABLE
}

/**
 * Sends a file as the raw body and tells how much of it has gone, 0 to 1.
 * @throws ApiError; an abort rejects with UNREACHABLE too
 */
export function upload<Answer>(
  path: string,
  file: File,
  progress: (share: number) => void,
  signal?: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject: (error: ApiError) => void) => {
    const sending = new XMLHttpRequest()
    sending.open('POST', path)
    sending.setRequestHeader('content-type', file.type || 'application/octet-stream')
    sending.setRequestHeader('accept', 'application/json')
    sending.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0)
    sending.onerror = sending.onabort = () => reject(UNREACHABLE)
    sending.onload = () => {
      const json = isJson(sending.getResponseHeader('content-type'))
      const body: unknown = json ? JSON.parse(sending.responseText) : undefined
      if (sending.status >= 200 && sending.status < 300) resolve(body as Answer)
      else reject(refusalOf(body))
    }
    signal?.addEventListener('abort', () => sending.abort())
    sending.send(file)
  })
}

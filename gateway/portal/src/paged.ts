import { useCallback, useEffect, useRef, useState } from 'react'
import { request, type ApiError } from './api.ts'
import type { TypedDocumentString } from './generated/graphql.ts'

export interface Connection<Node> {
  readonly edges: readonly { readonly node: Node }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null }
}

export type Paged<Node> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly error: ApiError; readonly reload: () => void }
  | {
      readonly state: 'ready'
      readonly nodes: readonly Node[]
      /** Absent at the end of the list. */
      readonly more?: () => void
      readonly busy: boolean
      readonly reload: () => void
    }

interface Answer<Node> {
  readonly key: string
  readonly nodes: readonly Node[]
  readonly after?: string | null | undefined
  readonly error?: ApiError
}

/** Reads a Relay connection page by page. `pick` names the connection in the document's answer. */
export function usePaged<Data, Variables extends { after?: string | null | undefined }, Node>(
  document: TypedDocumentString<Data, Variables>,
  variables: Omit<Variables, 'after'>,
  pick: (data: Data) => Connection<Node>,
): Paged<Node> {
  const key = JSON.stringify(variables)
  const [answer, setAnswer] = useState<Answer<Node>>()
  const [busy, setBusy] = useState(false)
  const picking = useRef(pick)
  const running = useRef<AbortController>(undefined)

  const load = useCallback(
    (known: readonly Node[], after?: string) => {
      running.current?.abort()
      const stop = (running.current = new AbortController())
      setBusy(true)
      const asked = { ...(JSON.parse(key) as Variables), ...(after ? { after } : {}) }
      request(document, asked, stop.signal).then(
        (data) => {
          if (stop.signal.aborted) return
          const { edges, pageInfo } = picking.current(data)
          const nodes = [...known, ...edges.map(({ node }) => node)]
          setAnswer({ key, nodes, after: pageInfo.hasNextPage ? pageInfo.endCursor : undefined })
          setBusy(false)
        },
        (error: ApiError) => {
          if (stop.signal.aborted) return
          setAnswer({ key, nodes: known, error })
          setBusy(false)
        },
      )
    },
    [document, key],
  )
  const reload = useCallback(() => load([]), [load])

  useEffect(() => {
    load([])
    return () => running.current?.abort()
  }, [load])

  if (answer?.key !== key) return { state: 'loading' }
  if (answer.error) return { state: 'failed', error: answer.error, reload }
  const { nodes, after } = answer
  return { state: 'ready', nodes, busy, reload, ...(after ? { more: () => load(nodes, after) } : {}) }
}

import { useEffect, useRef, useState } from 'react'
import { request, type ApiError } from '../../api.ts'
import { CHECK, type DraftFinding } from './draft.ts'
import type { FileChange } from './usePack.ts'

export interface CheckState {
  readonly busy: boolean
  /** Undefined until the first answer. */
  readonly findings: readonly DraftFinding[] | undefined
  readonly valid: boolean
  readonly error: ApiError | undefined
}

const REST_MS = 500

/** What the gate says of the draft as it stands on the screen, asked when typing rests; the last answer stays until then. */
export function useCheck(id: string, changes: readonly FileChange[], version: number): CheckState {
  const [state, setState] = useState<CheckState>({
    busy: true,
    findings: undefined,
    valid: false,
    error: undefined,
  })
  const first = useRef(true)
  useEffect(() => {
    const stop = new AbortController()
    setState((state) => ({ ...state, busy: true }))
    const ask = () =>
      request(CHECK, { id, changes: [...changes] }, stop.signal).then(
        ({ processDraftCheck: { valid, findings } }) =>
          stop.signal.aborted || setState({ busy: false, findings, valid, error: undefined }),
        (error: ApiError) => stop.signal.aborted || setState((state) => ({ ...state, busy: false, error })),
      )
    const timer = setTimeout(() => void ask(), first.current ? 0 : REST_MS)
    first.current = false
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [id, changes, version])
  return state
}

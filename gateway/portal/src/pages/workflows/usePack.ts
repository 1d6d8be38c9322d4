import { useCallback, useEffect, useMemo, useState } from 'react'
import type { Draft } from './draft.ts'

export type Files = Readonly<Record<string, string>>

export interface FileChange {
  readonly path: string
  readonly text: string | null
}

export interface Pack {
  /** As they stand on the screen. */
  readonly files: Files
  /** What distinguishes them from what is saved. */
  readonly changes: readonly FileChange[]
  /** Null takes the file out. */
  readonly put: (path: string, text: string | null) => void
  /** What is on the screen is saved now. */
  readonly saved: (version: number) => void
  readonly version: number
}

/** What was typed and not saved stays while the person looks at another page. */
const kept = new Map<string, { readonly version: number; readonly files: Files }>()

/** The files of a draft while they are edited. */
export function usePack(draft: Pick<Draft, 'id' | 'version' | 'files'>): Pack {
  const stored = useMemo(
    () => Object.fromEntries(draft.files.map(({ path, text }) => [path, text])),
    [draft.files],
  )
  const [base, setBase] = useState({ version: draft.version, files: stored })
  const [files, setFiles] = useState<Files>(() => {
    const mine = kept.get(draft.id)
    return mine?.version === draft.version ? mine.files : stored
  })

  // The page has read the draft again, as after a conflict: what is typed stays and is compared with that.
  useEffect(() => {
    setBase((base) => (base.version < draft.version ? { version: draft.version, files: stored } : base))
  }, [draft.version, stored])

  const changes = useMemo(() => changesOf(base.files, files), [base, files])
  useEffect(() => {
    if (changes.length > 0) kept.set(draft.id, { version: base.version, files })
    else kept.delete(draft.id)
    if (changes.length === 0) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [draft.id, base, files, changes])

  const put = useCallback((path: string, text: string | null) => {
    setFiles((files) => {
      if (files[path] === text) return files
      const { [path]: _, ...others } = files
      return text === null ? others : { ...files, [path]: text }
    })
  }, [])
  const saved = useCallback((version: number) => setBase({ version, files }), [files])
  return { files, changes, put, saved, version: base.version }
}

function changesOf(before: Files, after: Files): FileChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((path) =>
    before[path] === after[path] ? [] : [{ path, text: after[path] ?? null }],
  )
}

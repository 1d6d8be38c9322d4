import { useEffect, useRef, useState } from 'react'
import { useMutation } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { useSay, useText } from '../../i18n.ts'
import { SAVE_DRAFT, type Task } from './task.ts'

/** How long nothing is typed before what there is gets kept. */
const PAUSE_MS = 1_500

/** Keeps what is typed on the server while a person works, and says when it last did. */
export function DraftState({ task, typed }: { task: Task; typed: Readonly<Record<string, unknown>> }) {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  const { run, error } = useMutation(SAVE_DRAFT)
  const [savedAt, setSavedAt] = useState(task.draft?.savedAt)
  const kept = useRef(JSON.stringify(typed))
  const { id } = task

  useEffect(() => {
    const now = JSON.stringify(typed)
    if (now === kept.current) return undefined
    const pause = setTimeout(() => {
      void run({ id, answers: JSON.parse(now) as object }).then((done) => {
        if (!done) return
        kept.current = now
        setSavedAt(done.saveAnswerDraft.savedAt)
      })
    }, PAUSE_MS)
    return () => clearTimeout(pause)
  }, [id, run, typed])

  return (
    <p className="quiet" role="status" id="draft-state">
      {error ? text.failed(say(error.messages)) : savedAt ? text.saved(format.time(savedAt)) : text.none}
    </p>
  )
}

const TEXT = {
  zh: {
    saved: (time: string) => `草稿已于 ${time} 保存，只有您能看到`,
    failed: (why: string) => `草稿没有保存：${why}`,
    none: '您填写的内容会自动保存为草稿',
  },
  en: {
    saved: (time: string) => `Draft saved at ${time}; only you see it`,
    failed: (why: string) => `The draft was not saved: ${why}`,
    none: 'What you fill in is kept as a draft',
  },
}

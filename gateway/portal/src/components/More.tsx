import { useText } from '../i18n.ts'
import type { Paged } from '../paged.ts'

/** The way to the next page of a list, with what is known of the list said aloud. */
export function More({ list }: { list: Extract<Paged<unknown>, { state: 'ready' }> }) {
  const text = useText(TEXT)
  if (!list.more) return null
  return (
    <p className="actions">
      <button type="button" className="button-second" aria-disabled={list.busy} onClick={list.more}>
        {list.busy ? text.loading : text.more}
      </button>
    </p>
  )
}

const TEXT = {
  zh: { more: '显示更多', loading: '正在加载…' },
  en: { more: 'Show more', loading: 'Loading…' },
}

import { useState, type FormEvent, type ReactNode } from 'react'
import { useText } from '../i18n.ts'
import { navigate, usePlace, withQuery } from '../router.tsx'
import { Page } from './Page.tsx'

/** A page for visitors that finds things by words; the search stands in the address. */
export function SearchPage({
  title,
  label,
  children,
}: {
  title: (search: string) => string
  /** Of the field. */
  label: string
  /** What the search finds. */
  children: (search: string) => ReactNode
}) {
  const text = useText(TEXT)
  const place = usePlace()
  const search = place.query.get('q') ?? ''
  const [typed, setTyped] = useState(search)

  function find(event: FormEvent) {
    event.preventDefault()
    navigate(withQuery(place, { q: typed.trim() }))
  }

  return (
    <Page title={title(search)} wide>
      <form role="search" onSubmit={find}>
        <label htmlFor="search">{label}</label>
        <div className="search-box">
          <input
            id="search"
            type="search"
            className="input"
            value={typed}
            autoComplete="off"
            onChange={(event) => setTyped(event.target.value)}
          />
          <button className="button">{text.search}</button>
        </div>
      </form>
      {children(search)}
    </Page>
  )
}

const TEXT = {
  zh: { search: '查找' },
  en: { search: 'Search' },
}

import { useRef } from 'react'
import type { Query } from './api.ts'

/** The answer before, while a page asks for another part of the same thing: what has the focus stays where it is. */
export function useSteady<Data>(query: Query<Data>): Query<Data> {
  const last = useRef(query)
  if (query.state !== 'loading') last.current = query
  return last.current
}

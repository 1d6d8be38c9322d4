import { useEffect, useRef, type KeyboardEvent, type RefObject } from 'react'

/**
 * For what opens in the page when something is asked for: it takes the focus and, once it is closed, gives it back to
 * what opened it, or to the page where that is gone. It holds the focus in no trap: the page around it stays in use.
 *
 * @param asked what it is opened for; null while it is part of the page and takes no focus
 */
export function useOpened<Shown extends HTMLElement>(asked: unknown): RefObject<Shown | null> {
  const ref = useRef<Shown>(null)
  useEffect(() => {
    if (asked === null) return
    const opener = document.activeElement
    ref.current?.focus()
    ref.current?.scrollIntoView({ block: 'nearest' })
    return () => {
      requestAnimationFrame(() => {
        if (document.activeElement !== document.body) return
        const back = opener instanceof HTMLElement && opener.isConnected ? opener : undefined
        ;(back ?? document.getElementById('main'))?.focus()
      })
    }
  }, [asked])
  return ref
}

/** Escape leaves it. */
export const leavesBy = (onLeave: (() => void) | undefined) => (event: KeyboardEvent) => {
  if (event.key === 'Escape') onLeave?.()
}

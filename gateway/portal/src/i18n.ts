import { createContext, useContext, useSyncExternalStore } from 'react'

export type Locale = 'zh' | 'en' | 'zh-TW'
export interface LocalText {
  readonly zh: string
  readonly en: string
}

export const LOCALES: readonly { locale: Locale; tag: string; label: string }[] = [
  { locale: 'zh', tag: 'zh-CN', label: '简体' },
  { locale: 'zh-TW', tag: 'zh-TW', label: '繁體' },
  { locale: 'en', tag: 'en', label: 'English' },
]

const KEPT = 'gdbos.locale'

export const LocaleContext = createContext<Locale>('zh')
export const useLocale = () => useContext(LocaleContext)

export function keptLocale(): Locale {
  const kept = localStorage.getItem(KEPT)
  return LOCALES.find(({ locale }) => locale === kept)?.locale ?? 'zh'
}

export function keepLocale(locale: Locale) {
  localStorage.setItem(KEPT, locale)
  document.documentElement.lang = LOCALES.find((known) => known.locale === locale)!.tag
  if (locale === 'zh-TW') loadTraditional()
}

/** The reader's half of a page's bilingual text; the build adds the Taiwanese third (build/traditional.ts). */
export function useText<Text>(text: Record<'zh' | 'en', Text>): Text {
  return (text as Record<Locale, Text>)[useLocale()] ?? text.zh
}

/** Says a text of the server, which knows zh and en, in the reader's language. */
export function useSay(): (text: LocalText) => string {
  const locale = useLocale()
  const convert = useSyncExternalStore(subscribe, () => converter)
  return (text) => (locale === 'en' ? text.en || text.zh : locale === 'zh' ? text.zh : convert(text.zh))
}

type Convert = (text: string) => string
let converter: Convert = (text) => text
let loading = false
const waiting = new Set<() => void>()

function subscribe(changed: () => void) {
  waiting.add(changed)
  return () => void waiting.delete(changed)
}

function loadTraditional() {
  if (loading) return
  loading = true
  void import('./traditional.ts').then(({ toTraditional }) => {
    converter = toTraditional
    for (const changed of waiting) changed()
  })
}

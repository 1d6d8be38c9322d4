import type { Locale } from '../../i18n.ts'
import { MODELER_WORDS_TEXT } from './modeler.text.ts'

type Translate = (template: string, replacements?: Readonly<Record<string, string>>) => string

/** bpmn-js asks a service of this name for each of its texts; what has no translation stays English. */
export function translator(locale: Locale): { readonly translate: readonly ['value', Translate] } {
  const words = (MODELER_WORDS_TEXT as Record<string, Readonly<Record<string, string>>>)[locale] ?? {}
  return {
    translate: [
      'value',
      (template, replacements = {}) =>
        (words[template] ?? template).replace(/\{(\w+)\}/g, (whole, name: string) => {
          const value = replacements[name]
          return value === undefined ? whole : (words[value] ?? value)
        }),
    ],
  }
}

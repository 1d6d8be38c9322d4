import type { Locale } from '../../i18n.ts'

type Translate = (template: string, replacements?: Readonly<Record<string, string>>) => string

/**
 * bpmn-js and dmn-js ask a service of this name for each of their texts; what has no translation in `text` stays English.
 * dmn-js writes spaces inside its braces.
 */
export function translator(
  locale: Locale,
  text: Readonly<Record<'zh' | 'en', object>>,
): { readonly translate: readonly ['value', Translate] } {
  const words = (text as Record<string, Readonly<Record<string, string>>>)[locale] ?? {}
  return {
    translate: [
      'value',
      (template, replacements = {}) =>
        (words[template] ?? template).replace(/\{ ?(\w+) ?\}/g, (whole, name: string) => {
          const value = replacements[name]
          return value === undefined ? whole : (words[value] ?? value)
        }),
    ],
  }
}

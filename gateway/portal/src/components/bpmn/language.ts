import type { Locale } from '../../i18n.ts'

/** Namespace of our own attributes in BPMN. */
export const GDBOS = 'urn:gdbos:bpmn:1'

/** A BPMN file whose elements are called as the reader calls them, to be drawn and not to be kept. */
export function inLanguage(xml: string, locale: Locale): string {
  if (locale !== 'en') return xml
  const document = new DOMParser().parseFromString(xml, 'application/xml')
  for (const element of document.querySelectorAll('*')) {
    const name = element.getAttributeNS(GDBOS, 'nameEn')
    if (name) element.setAttribute('name', name)
  }
  return new XMLSerializer().serializeToString(document)
}

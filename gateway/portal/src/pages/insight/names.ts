import { useMemo } from 'react'
import { GDBOS } from '../../components/bpmn/language.ts'
import { useLocale } from '../../i18n.ts'

/** Names the elements of a BPMN file in the reader's language; an element without a name by its id. */
export function useNames(xml: string): (id: string) => string {
  const locale = useLocale()
  const names = useMemo(() => {
    const elements = new DOMParser().parseFromString(xml, 'application/xml').querySelectorAll('[id]')
    return new Map(
      [...elements].map((element) => {
        const zh = element.getAttribute('name') ?? ''
        const en = element.getAttributeNS(GDBOS, 'nameEn') ?? ''
        return [element.id, locale === 'en' ? en || zh : zh]
      }),
    )
  }, [xml, locale])
  return (id) => names.get(id) || id
}

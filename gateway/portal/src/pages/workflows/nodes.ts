import { useMemo } from 'react'
import { GDBOS } from '../../components/bpmn/language.ts'
import { useSay } from '../../i18n.ts'

const MODEL = 'http://www.omg.org/spec/BPMN/20100524/MODEL'

const NODE = /(?:[tT]ask|Event|Gateway|[sS]ubProcess|callActivity|transaction)$/

export interface ProcessNode {
  /** Such as `userTask`. */
  readonly kind: string
  readonly id: string
  /** Empty where the model names none. */
  readonly name: string
  /** Empty where it is not translated. */
  readonly nameEn: string
}

/** The nodes of a BPMN file in its order. */
export function nodesOf(xml: string): readonly ProcessNode[] {
  return elementsOf(xml).filter(({ kind }) => NODE.test(kind))
}

/** What can be chosen in an editor without a pointer: nodes and flows, in the order of the file. */
export const choosable = (xml: string): readonly ProcessNode[] =>
  elementsOf(xml).filter(({ kind }) => NODE.test(kind) || kind === 'sequenceFlow' || kind === 'participant')

/** What the elements of a BPMN file are called in the reader's language, flows too; the id of what has no name. */
export function useNames(xml: string): (id: string) => string {
  const say = useSay()
  const names = useMemo(
    () => new Map(elementsOf(xml).map(({ id, name, nameEn }) => [id, { zh: name, en: nameEn }])),
    [xml],
  )
  return (id) => say(names.get(id) ?? { zh: '', en: '' }) || id
}

function elementsOf(xml: string): ProcessNode[] {
  const elements = new DOMParser().parseFromString(xml, 'application/xml').getElementsByTagNameNS(MODEL, '*')
  return [...elements].flatMap((element) => {
    const id = element.getAttribute('id')
    const [name, nameEn] = [element.getAttribute('name'), element.getAttributeNS(GDBOS, 'nameEn')]
    return id ? [{ kind: element.localName, id, name: name ?? '', nameEn: nameEn ?? '' }] : []
  })
}

import { useFormat } from '../format.ts'
import type { MaterialDefinitionPartsFragment } from '../generated/graphql.ts'
import { useSay, useText } from '../i18n.ts'
import { useWords } from '../words.ts'

/** The documents a service asks for: which, whether each must be given, and how the office gets it. */
export function MaterialTable({ materials }: { materials: readonly MaterialDefinitionPartsFragment[] }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  if (!materials.length) return <p>{text.noMaterials}</p>
  return (
    <div className="table-scroll" role="region" aria-labelledby="materials-caption" tabIndex={0}>
      <table className="plain">
        <caption id="materials-caption">{text.materials(materials.length)}</caption>
        <thead>
          <tr>
            <th scope="col">{text.material}</th>
            <th scope="col">{text.necessity}</th>
            <th scope="col">{text.obtain}</th>
          </tr>
        </thead>
        <tbody>
          {materials.map((material) => (
            <tr key={material.code}>
              <th scope="row">
                {say(material.name)}
                {material.instructions && <p className="quiet">{say(material.instructions)}</p>}
              </th>
              <td>{words('necessity', material.necessity)}</td>
              <td>
                {material.obtainBy.map((way) => words('obtain', way)).join(text.or)}
                <p className="quiet">
                  {material.accepts.map(kindOfFile).join(text.comma)} ≤ {format.size(material.maxBytes)}
                </p>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** `application/pdf` as people call it. */
export const kindOfFile = (mediaType: string) => (mediaType.split('/').at(-1) ?? mediaType).toUpperCase()

const TEXT = {
  zh: {
    materials: (n: number) => `共 ${n} 份材料，最后以回答问题后的清单为准`,
    noMaterials: '不需要提交材料。',
    material: '材料',
    necessity: '是否必须',
    obtain: '怎么取得',
    comma: '、',
    or: '；或 ',
  },
  en: {
    materials: (n: number) => `${n} documents at most; your answers decide which`,
    noMaterials: 'No documents are needed.',
    material: 'Document',
    necessity: 'Needed',
    obtain: 'How we get it',
    comma: ', ',
    or: '; or ',
  },
}

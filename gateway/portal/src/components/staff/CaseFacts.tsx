import { useFormat } from '../../format.ts'
import { useSay, useText } from '../../i18n.ts'
import type { Case } from '../../pages/service/case.ts'
import { useWords } from '../../words.ts'
import { AnswerList } from '../AnswerList.tsx'

/** The file of a case as an officer reads it: applicant, answers with their origin, documents to open. */
export function CaseFacts({ file }: { file: Case }) {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  return (
    <>
      <dl className="facts">
        <div>
          <dt>{text.applicant}</dt>
          <dd>
            {say(file.applicant.name)}
            {file.applicant.creditCode && <span className="quiet">{file.applicant.creditCode}</span>}
          </dd>
        </div>
        <div>
          <dt>{text.status}</dt>
          <dd>{say(file.publicStatus)}</dd>
        </div>
        <div>
          <dt>{text.submitted}</dt>
          <dd>{format.time(file.submittedAt)}</dd>
        </div>
        <div>
          <dt>{text.accepted}</dt>
          <dd>{file.acceptedOn ? format.day(file.acceptedOn) : text.notYet}</dd>
        </div>
      </dl>
      <Materials file={file} />
      <AnswerList form={file.form} answers={file.answers} />
    </>
  )
}

function Materials({ file }: { file: Case }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const nameOf = new Map(file.item.materials.map(({ code, name }) => [code, name]))
  return (
    <section>
      <h2>{text.materials}</h2>
      {file.materials.length === 0 && <p className="empty">{text.noMaterials}</p>}
      {file.materials.length > 0 && (
        <div className="table-scroll">
          <table className="plain">
            <caption className="visually-hidden">{text.materials}</caption>
            <thead>
              <tr>
                <th scope="col">{text.material}</th>
                <th scope="col">{text.file}</th>
                <th scope="col">{text.from}</th>
                <th scope="col">{text.verdict}</th>
              </tr>
            </thead>
            <tbody>
              {file.materials.map((material) => {
                const name = nameOf.get(material.code)
                return (
                  <tr key={material.id}>
                    <th scope="row">{name ? say(name) : material.code}</th>
                    <td>
                      <a href={`/api/materials/${material.id}`}>{material.fileName}</a>
                      <div className="quiet">
                        {format.size(material.sizeBytes)} · {format.time(material.createdAt)}
                      </div>
                    </td>
                    <td>{words('obtain', material.obtainedBy)}</td>
                    <td>
                      {words('verdict', material.verdict ?? 'pending')}
                      {material.verdictNote && <div className="quiet">{material.verdictNote}</div>}
                    </td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

const TEXT = {
  zh: {
    applicant: '申请人',
    status: '状态',
    submitted: '提交时间',
    accepted: '受理日期',
    notYet: '还没受理',
    materials: '材料',
    noMaterials: '没有材料。',
    material: '材料名称',
    file: '文件',
    from: '来源',
    verdict: '审查意见',
  },
  en: {
    applicant: 'Applicant',
    status: 'Status',
    submitted: 'Sent',
    accepted: 'Accepted on',
    notYet: 'not yet',
    materials: 'Documents',
    noMaterials: 'There are no documents.',
    material: 'Document',
    file: 'File',
    from: 'From',
    verdict: 'Verdict',
  },
}

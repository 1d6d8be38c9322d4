import { PagedTable } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import type { EstablishmentsQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link } from '../../router.tsx'
import { ESTABLISHMENTS } from './record.ts'

type Establishment = EstablishmentsQuery['establishments']['edges'][number]['node']

/** The factories and branches of a company, each with the line of the register it stands in. */
export function Establishments({ partOf, purpose }: { partOf: string; purpose: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  const list = usePaged(ESTABLISHMENTS, { partOf, purpose }, (data) => data.establishments)
  return (
    <section data-section="establishments">
      <h2>{text.title}</h2>
      <p className="quiet">{text.hint}</p>
      <PagedTable<Establishment>
        list={list}
        rowKey={({ datasetId, number }) => `${datasetId} ${number}`}
        caption={text.title}
        empty={text.none}
        columns={[
          { title: text.number, cell: ({ number }) => <code>{number}</code> },
          { title: text.name, cell: ({ name }) => name ?? <span className="quiet">{text.unknown}</span> },
          {
            title: text.address,
            cell: ({ address }) => address ?? <span className="quiet">{text.unknown}</span>,
          },
          {
            title: text.source,
            cell: ({ organisation, datasetId, datasetTitle, version, line, asOfAt, viaTitle }) => (
              <p className="field-origin">
                <span>{say(organisation.name)}</span>
                <Link to={`/data/datasets/${datasetId}`}>{datasetTitle}</Link>
                <span>{text.place(version, line)}</span>
                <span>{text.asOf(format.time(asOfAt))}</span>
                {viaTitle && <span>{text.via(viaTitle)}</span>}
              </p>
            ),
          },
        ]}
      />
    </section>
  )
}

const TEXT = {
  zh: {
    title: '分支机构和场所',
    hint: '工厂、门店等各有编号，按编号属于本单位；其名称和地址不并入本单位的记录。',
    none: '没有登记分支机构或场所。',
    number: '编号',
    name: '名称',
    address: '地址',
    source: '来自',
    unknown: '没有记载',
    via: (title: string) => `所属单位依据《${title}》`,
    asOf: (time: string) => `截至 ${time}`,
    place: (version: number, line?: number | null) =>
      line ? `第 ${version} 版第 ${line} 行` : `第 ${version} 版`,
  },
  en: {
    title: 'Establishments',
    hint: 'Factories and branches have numbers of their own; their names and addresses are not those of the organisation.',
    none: 'No establishments are registered.',
    number: 'Number',
    name: 'Name',
    address: 'Address',
    source: 'From',
    unknown: 'not recorded',
    via: (title: string) => `whose it is, by “${title}”`,
    asOf: (time: string) => `as of ${time}`,
    place: (version: number, line?: number | null) =>
      line ? `version ${version}, line ${line}` : `version ${version}`,
  },
}

import { DataTable } from '../../components/staff/DataTable.tsx'
import { useFormat } from '../../format.ts'
import type { OrganisationRecordQuery } from '../../generated/graphql.ts'
import { useText } from '../../i18n.ts'
import { Origin } from './Origin.tsx'

type FormerName = OrganisationRecordQuery['organisationRecord']['formerNames'][number]

/** What an organisation was called before, from when until when, and who says so. Nothing where it has no former name. */
export function FormerNames({ names }: { names: readonly FormerName[] }) {
  const text = useText(TEXT)
  const format = useFormat()
  if (names.length === 0) return null
  const day = (value?: string | null) =>
    value ? format.day(value) : <span className="quiet">{text.unknown}</span>
  return (
    <section data-section="former-names">
      <h2>{text.title}</h2>
      <p className="quiet">{text.hint}</p>
      <DataTable<FormerName>
        caption={text.title}
        rows={names}
        rowKey={({ name }) => name}
        columns={[
          { title: text.name, cell: ({ name }) => name },
          { title: text.from, cell: ({ validFrom }) => day(validFrom) },
          { title: text.to, cell: ({ validTo }) => day(validTo) },
          {
            title: text.source,
            cell: ({ source }) =>
              source ? <Origin source={source} /> : <span className="quiet">{text.corrected}</span>,
          },
        ]}
      />
    </section>
  )
}

const TEXT = {
  zh: {
    title: '曾用名',
    hint: '由登记簿列明，或由同一登记前后两版的更名得出；按曾用名也能查到本单位。',
    name: '名称',
    from: '启用',
    to: '停用',
    source: '来自',
    unknown: '不详',
    corrected: '人工修正',
  },
  en: {
    title: 'Former names',
    hint: 'Listed by a register, or seen where a register renamed it; a search by a former name finds the organisation.',
    name: 'Name',
    from: 'From',
    to: 'Until',
    source: 'Source',
    unknown: 'not known',
    corrected: 'overridden by people',
  },
}

import { useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import type { ProcessDefinitionsQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { DEFINITIONS } from '../workflows/processes.ts'

type Row = ProcessDefinitionsQuery['processDefinitions'][number]

/** The processes one may look into. */
export function Insights() {
  const text = useText(TEXT)
  const say = useSay()
  const query = useQuery(DEFINITIONS, {})
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  return (
    <StaffPage title={text.title} lead={text.lead}>
      <DataTable<Row>
        rowKey={({ id }) => id}
        caption={text.title}
        rows={query.data.processDefinitions}
        empty={text.none}
        columns={[
          { title: text.name, cell: ({ key, name }) => <Link to={`/insight/${key}`}>{say(name)}</Link> },
          { title: text.owner, cell: ({ organisation }) => say(organisation.name) },
          { title: text.version, cell: ({ version }) => version },
        ]}
      />
    </StaffPage>
  )
}

const TEXT = {
  zh: {
    title: '流程洞察',
    lead: '办件走到哪里、在哪里等、走法有几种、改版前后差多少。',
    none: '还没有部署流程。',
    name: '流程',
    owner: '归口单位',
    version: '最新版本',
  },
  en: {
    title: 'Process insight',
    lead: 'Where cases are, where they wait, which ways they go, and what a new version changed.',
    none: 'No process has been deployed yet.',
    name: 'Process',
    owner: 'Belongs to',
    version: 'Latest version',
  },
}

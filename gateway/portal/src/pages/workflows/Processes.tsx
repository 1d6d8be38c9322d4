import { useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import type { ProcessDefinitionsQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { useSession } from '../../session.tsx'
import { Drafts } from './Drafts.tsx'
import { DEFINITIONS } from './processes.ts'

type Row = ProcessDefinitionsQuery['processDefinitions'][number]

/** The processes that run here, with what the gate found in each, and the drafts of the reader's organisation. */
export function Processes() {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  const session = useSession()
  const query = useQuery(DEFINITIONS, {})
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const mayEdit = session.state === 'signed-in' && session.me.permissions.includes('workflow.editDraft')
  return (
    <StaffPage title={text.title} lead={<Link to="/processes/instances">{text.instances}</Link>}>
      <DataTable<Row>
        rowKey={({ id }) => id}
        caption={text.title}
        rows={query.data.processDefinitions}
        empty={text.none}
        columns={[
          { title: text.name, cell: (row) => <Link to={`/processes/${row.id}`}>{say(row.name)}</Link> },
          { title: text.key, cell: (row) => <code>{row.key}</code> },
          { title: text.owner, cell: (row) => say(row.organisation.name) },
          { title: text.version, cell: ({ version }) => version },
          { title: text.deployed, cell: (row) => format.time(row.deployedAt) },
          {
            title: text.findings,
            cell: (row) => (
              <span className={row.findings.length ? 'tag tag-warn' : 'tag tag-good'}>
                {row.findings.length ? text.found(row.findings.length) : text.clean}
              </span>
            ),
          },
        ]}
      />
      {mayEdit && <Drafts />}
    </StaffPage>
  )
}

const TEXT = {
  zh: {
    title: '流程定义',
    instances: '流程实例',
    none: '还没有部署流程。',
    name: '名称',
    key: '代号',
    owner: '归口单位',
    version: '版本',
    deployed: '部署时间',
    findings: '检查结果',
    found: (n: number) => `${n} 处问题`,
    clean: '没有问题',
  },
  en: {
    title: 'Process definitions',
    instances: 'Instances',
    none: 'No process has been deployed yet.',
    name: 'Name',
    key: 'Key',
    owner: 'Belongs to',
    version: 'Version',
    deployed: 'Deployed',
    findings: 'Checks',
    found: (n: number) => `${n} findings`,
    clean: 'clean',
  },
}

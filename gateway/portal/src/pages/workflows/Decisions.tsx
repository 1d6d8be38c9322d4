import { useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import type { DecisionsQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { decisionPath, DECISIONS } from './decisions.ts'

type Definition = DecisionsQuery['processDefinitions'][number]
interface Row {
  readonly definition: Definition
  readonly decision: Definition['decisions'][number]
}

/** The decisions that processes make by rules, each with the latest version of its process. */
export function Decisions() {
  const text = useText(TEXT)
  const say = useSay()
  const query = useQuery(DECISIONS, {})
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const rows = query.data.processDefinitions.flatMap((definition) =>
    definition.decisions.map((decision) => ({ definition, decision })),
  )
  return (
    <StaffPage title={text.title} lead={text.lead}>
      <DataTable<Row>
        rowKey={({ definition, decision }) => `${definition.key} ${decision.name}`}
        caption={text.title}
        rows={rows}
        empty={text.none}
        columns={[
          {
            title: text.decision,
            cell: ({ definition, decision }) => (
              <Link to={decisionPath(definition.id, decision.name)}>{decision.label ?? decision.name}</Link>
            ),
          },
          { title: text.name, cell: ({ decision }) => <code>{decision.name}</code> },
          {
            title: text.process,
            cell: ({ definition }) => (
              <>
                <Link to={`/processes/${definition.id}`}>{say(definition.name)}</Link>{' '}
                {text.version(definition.version)}
              </>
            ),
          },
          { title: text.kind, cell: ({ decision }) => text.kinds[decision.kind as keyof typeof text.kinds] },
          {
            title: text.findings,
            cell: ({ decision: { findings } }) => (
              <span className={findings.length ? 'tag tag-warn' : 'tag tag-good'}>
                {findings.length ? text.found(findings.length) : text.clean}
              </span>
            ),
          },
        ]}
      />
    </StaffPage>
  )
}

const TEXT = {
  zh: {
    title: '决策',
    lead: '流程按规则作出的决定，随流程的版本部署。',
    none: '部署的流程中没有决策。',
    decision: '决策',
    name: '代号',
    process: '流程',
    version: (n: number) => `第 ${n} 版`,
    kind: '种类',
    kinds: { decision: '决策', service: '决策服务' },
    findings: '检查',
    found: (n: number) => `${n} 项提醒`,
    clean: '没有发现问题',
  },
  en: {
    title: 'Decisions',
    lead: 'What processes decide by rules; deployed with the versions of a process.',
    none: 'No deployed process has a decision.',
    decision: 'Decision',
    name: 'Name',
    process: 'Process',
    version: (n: number) => `version ${n}`,
    kind: 'Kind',
    kinds: { decision: 'decision', service: 'decision service' },
    findings: 'Checks',
    found: (n: number) => `${n} warnings`,
    clean: 'nothing found',
  },
}

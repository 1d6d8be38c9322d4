import { useQuery } from '../../api.ts'
import { Empty, Failure, Loading } from '../../components/Notices.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { useState } from 'react'
import { DecisionTable } from './DecisionTable.tsx'
import { DecisionTrial } from './DecisionTrial.tsx'
import { DECISION, type DecisionAnswer, decisionPath, type Table } from './decisions.ts'
import { VERSIONS } from './processes.ts'

/** One decision of a version: its table to be read, what the check says of it, and a trial of it. */
export function Decision({ id = '', name = '' }: { id?: string; name?: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const query = useQuery(DECISION, { id })
  const [answer, setAnswer] = useState<DecisionAnswer>()
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const { processDefinition: definition } = query.data
  const decision = definition.decisions.find((one) => one.name === name)
  if (!decision) return <Empty>{text.gone}</Empty>
  const fired = new Set(answer?.rules.filter((one) => one.decision === name).map(({ rule }) => rule))
  return (
    <StaffPage
      title={decision.label ?? decision.name}
      lead={
        <>
          <code>{decision.name}</code> · {decision.model} ·{' '}
          <Link to={`/processes/${definition.id}`}>{say(definition.name)}</Link>{' '}
          {text.version(definition.version)}
        </>
      }
    >
      {decision.table ? (
        <DecisionTable name={decision.label ?? decision.name} table={decision.table as Table} fired={fired} />
      ) : (
        <p className="quiet">{text.noTable}</p>
      )}
      <h2>{text.findings}</h2>
      {decision.findings.length === 0 && <p className="notice notice-good">{text.clean}</p>}
      <ul className="findings">
        {decision.findings.map((finding) => (
          <li key={`${finding.rule} ${finding.en}`} data-rule={finding.rule}>
            <span className="tag tag-warn">{text.warning}</span> <span>{say(finding)}</span>{' '}
            <code className="quiet">{finding.rule}</code>
          </li>
        ))}
      </ul>
      <h2>{text.trial}</h2>
      <DecisionTrial definition={definition} decision={decision} answer={answer} onAnswer={setAnswer} />
      <h2>{text.versions}</h2>
      <OtherVersions processKey={definition.key} current={definition.id} name={name} />
    </StaffPage>
  )
}

function OtherVersions({ processKey, current, name }: { processKey: string; current: string; name: string }) {
  const text = useText(TEXT)
  const query = useQuery(VERSIONS, { key: processKey })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  return (
    <ul>
      {query.data.processVersions.map(({ id, version }) => (
        <li key={id}>
          {id === current ? (
            <strong>{text.version(version)}</strong>
          ) : (
            <Link to={decisionPath(id, name)}>{text.version(version)}</Link>
          )}
        </li>
      ))}
    </ul>
  )
}

const TEXT = {
  zh: {
    gone: '这一版流程中没有这个决策。',
    version: (n: number) => `第 ${n} 版`,
    noTable: '这个决策不是一张表，请试一试，或在流程设计中看它的表达式。',
    findings: '检查结果',
    clean: '没有重叠、空缺，也没有永远不会命中的规则。',
    warning: '提醒',
    trial: '试一试',
    versions: '各版流程中的这个决策',
  },
  en: {
    gone: 'This version of the process has no such decision.',
    version: (n: number) => `version ${n}`,
    noTable: 'This decision is no table: try it, or see its expression in the process designer.',
    findings: 'Checks',
    clean: 'No overlap, no gap, and no rule that is never reached.',
    warning: 'warning',
    trial: 'Try it',
    versions: 'This decision in the versions of the process',
  },
}

import { useMemo } from 'react'
import { useQuery } from '../../api.ts'
import { Diagram } from '../../components/bpmn/Diagram.tsx'
import { Failure, Loading } from '../../components/Notices.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { useSession } from '../../session.tsx'
import { BeginDraft } from './BeginDraft.tsx'
import { plansOf } from './migration.ts'
import { nodesOf } from './nodes.ts'
import { DEFINITION } from './processes.ts'
import { RehearsalView, type Rehearsal } from './RehearsalView.tsx'
import { ProcessHold } from './ProcessHold.tsx'
import { Versions } from './Versions.tsx'

/** One version of a process: its drawing, what the gate found, its other versions, its steps and its BPMN text. */
export function Process({ id = '' }: { id?: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  const session = useSession()
  const query = useQuery(DEFINITION, { id })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const definition = query.data.processDefinition
  const { key, version, xml } = definition
  const mayMigrate =
    session.state === 'signed-in' && MIGRATE.some((permission) => session.me.permissions.includes(permission))
  const mayRetire =
    session.state === 'signed-in' &&
    session.me.permissions.includes('workflow.retireVersion') &&
    session.me.organisation.id === definition.organisation.id
  const mayEdit = session.state === 'signed-in' && session.me.permissions.includes('workflow.editDraft')
  return (
    <StaffPage
      title={say(definition.name)}
      lead={
        <>
          {key} · {text.version(version)} · {format.time(definition.deployedAt)} ·{' '}
          {say(definition.organisation.name)} ·{' '}
          <Link to={`/processes/instances?key=${encodeURIComponent(key)}`}>{text.instances}</Link>
          {mayMigrate && (
            <>
              {' '}
              · <Link to={plansOf(key)}>{text.migrations}</Link>
            </>
          )}
        </>
      }
      actions={
        mayEdit && (
          <BeginDraft
            definition={definition}
            own={session.me.organisation.id === definition.organisation.id}
          />
        )
      }
    >
      <Diagram xml={xml} label={text.diagram(say(definition.name))} />
      <h2>{text.findings}</h2>
      {definition.findings.length === 0 && <p className="notice notice-good">{text.clean}</p>}
      <ul>
        {definition.findings.map((finding) => (
          <li key={`${finding.rule} ${finding.element}`}>
            <code>{finding.rule}</code> <code>{finding.element}</code> {say(finding)}
          </li>
        ))}
      </ul>
      <h2>{text.versions}</h2>
      <Versions processKey={key} current={id} mayRetire={mayRetire} />
      <ProcessHold definition={definition} onDone={query.reload} />
      <h2>{text.steps}</h2>
      <Nodes xml={xml} />
      <details>
        <summary>{text.rehearsal}</summary>
        <RehearsalView rehearsal={definition.rehearsal as Rehearsal} xml={xml} />
      </details>
      <details>
        <summary>BPMN</summary>
        <pre tabIndex={0}>{xml}</pre>
      </details>
    </StaffPage>
  )
}

const MIGRATE = ['workflow.migrateProcess', 'workflow.migrateOwnCases']

/** The nodes of a process in the order of its file, each with the word for its kind. */
function Nodes({ xml }: { xml: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const nodes = useMemo(() => nodesOf(xml), [xml])
  return (
    <table className="plain">
      <caption className="visually-hidden">{text.steps}</caption>
      <thead>
        <tr>
          <th scope="col">{text.name}</th>
          <th scope="col">{text.kind}</th>
          <th scope="col">id</th>
        </tr>
      </thead>
      <tbody>
        {nodes.map((node) => (
          <tr key={node.id}>
            <th scope="row">{say({ zh: node.name, en: node.nameEn }) || text.unnamed}</th>
            <td>{text.kinds[node.kind as keyof typeof text.kinds] ?? node.kind}</td>
            <td>
              <code>{node.id}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const TEXT = {
  zh: {
    version: (n: number) => `第 ${n} 版`,
    instances: '流程实例',
    migrations: '实例迁移',
    diagram: (name: string) => `流程图：${name}`,
    findings: '检查结果',
    clean: '部署检查没有发现问题。',
    versions: '版本',
    steps: '环节',
    rehearsal: '部署时的预演',
    name: '名称',
    kind: '种类',
    unnamed: '（没有名称）',
    kinds: {
      startEvent: '开始',
      userTask: '人工任务',
      serviceTask: '自动任务',
      businessRuleTask: '业务规则',
      sendTask: '发送',
      receiveTask: '等待消息',
      callActivity: '调用流程',
      subProcess: '子流程',
      exclusiveGateway: '分支（选一）',
      parallelGateway: '并行',
      inclusiveGateway: '包容',
      eventBasedGateway: '等待其一',
      intermediateCatchEvent: '等待',
      intermediateThrowEvent: '抛出',
      boundaryEvent: '边界事件',
      endEvent: '结束',
    },
  },
  en: {
    version: (n: number) => `version ${n}`,
    instances: 'Instances',
    migrations: 'Migrations',
    diagram: (name: string) => `Process diagram: ${name}`,
    findings: 'Checks',
    clean: 'The deployment gate found nothing.',
    versions: 'Versions',
    steps: 'Steps',
    rehearsal: 'Rehearsal at deployment',
    name: 'Name',
    kind: 'Kind',
    unnamed: '(no name)',
    kinds: {
      startEvent: 'start',
      userTask: 'user task',
      serviceTask: 'service task',
      businessRuleTask: 'business rule',
      sendTask: 'send',
      receiveTask: 'receive',
      callActivity: 'call of a process',
      subProcess: 'sub-process',
      exclusiveGateway: 'one of several',
      parallelGateway: 'parallel',
      inclusiveGateway: 'inclusive',
      eventBasedGateway: 'first of several',
      intermediateCatchEvent: 'wait',
      intermediateThrowEvent: 'throw',
      boundaryEvent: 'boundary event',
      endEvent: 'end',
    },
  },
}

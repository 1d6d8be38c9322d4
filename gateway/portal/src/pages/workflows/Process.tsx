import { useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { useSay, useText } from '../../i18n.ts'
import { NotFound } from '../NotFound.tsx'
import { nodesOf } from './nodes.ts'
import { DEFINITIONS } from './processes.ts'

/** One definition: what the gate found, the steps it has, and its BPMN text. */
export function Process({ id = '' }: { id?: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  const query = useQuery(DEFINITIONS, {})
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const definition = query.data.processDefinitions.find((one) => one.id === id)
  if (!definition) return <NotFound />
  return (
    <StaffPage
      title={say(definition.name)}
      lead={`${definition.key} · ${text.version(definition.version)} · ${format.time(definition.deployedAt)}`}
    >
      <h2>{text.findings}</h2>
      {definition.findings.length === 0 && <p className="notice notice-good">{text.clean}</p>}
      <ul>
        {definition.findings.map((finding) => (
          <li key={`${finding.rule} ${finding.element}`}>
            <code>{finding.rule}</code> <code>{finding.element}</code> {say(finding)}
          </li>
        ))}
      </ul>
      <h2>{text.steps}</h2>
      <Nodes xml={definition.xml} />
      <h2>BPMN</h2>
      <pre tabIndex={0}>{definition.xml}</pre>
    </StaffPage>
  )
}

/** The nodes of a process in the order of its file, each with the word for its kind. */
function Nodes({ xml }: { xml: string }) {
  const text = useText(TEXT)
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
        {nodesOf(xml).map((node) => (
          <tr key={node.id}>
            <th scope="row">{node.name || text.unnamed}</th>
            <td>{text.kinds[node.kind]}</td>
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
    findings: '检查结果',
    clean: '部署检查没有发现问题。',
    steps: '环节',
    name: '名称',
    kind: '种类',
    unnamed: '（没有名称）',
    kinds: {
      startEvent: '开始',
      userTask: '人工任务',
      serviceTask: '自动任务',
      sendTask: '发送',
      receiveTask: '等待消息',
      exclusiveGateway: '分支（选一）',
      parallelGateway: '并行',
      intermediateCatchEvent: '等待',
      boundaryEvent: '边界事件',
      endEvent: '结束',
    },
  },
  en: {
    version: (n: number) => `version ${n}`,
    findings: 'Checks',
    clean: 'The deployment gate found nothing.',
    steps: 'Steps',
    name: 'Name',
    kind: 'Kind',
    unnamed: '(no name)',
    kinds: {
      startEvent: 'start',
      userTask: 'user task',
      serviceTask: 'service task',
      sendTask: 'send',
      receiveTask: 'receive',
      exclusiveGateway: 'one of several',
      parallelGateway: 'parallel',
      intermediateCatchEvent: 'wait',
      boundaryEvent: 'boundary event',
      endEvent: 'end',
    },
  },
}

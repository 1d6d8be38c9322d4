import { useQuery } from '../../api.ts'
import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { SearchField } from '../../components/staff/SearchField.tsx'
import { useFormat } from '../../format.ts'
import type { InstanceStatus } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link, navigate, usePlace, withQuery } from '../../router.tsx'
import { useSession } from '../../session.tsx'
import { useWords } from '../../words.ts'
import { placeOf } from './instance.ts'
import { DEFINITIONS, INSTANCES } from './processes.ts'

const STATUSES = ['RUNNING', 'INCIDENT', 'COMPLETED', 'TERMINATED'] as const

/** Processes that run or ran, with where they stand; filtered by process, state and the beginning of a business key. */
export function Instances() {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const place = usePlace()
  const status = STATUSES.find((status) => status === place.query.get('status'))
  const key = place.query.get('key')
  const list = usePaged(
    INSTANCES,
    { first: 20, key, status: (status ?? null) as InstanceStatus | null, businessKey: place.query.get('q') },
    ({ processInstances }) => processInstances,
  )
  return (
    <StaffPage title={text.title} lead={<Link to="/processes">{text.definitions}</Link>}>
      <div className="actions">
        <SearchField label={text.search} />
        <ProcessChoice value={key} />
        <label>
          {text.status}{' '}
          <select
            className="input"
            value={status ?? ''}
            onChange={(event) => navigate(withQuery(place, { status: event.target.value }))}
          >
            <option value="">{text.all}</option>
            {STATUSES.map((status) => (
              <option key={status} value={status}>
                {words('instance', status.toLowerCase())}
              </option>
            ))}
          </select>
        </label>
      </div>
      <PagedTable
        list={list}
        caption={text.title}
        empty={text.none}
        rowKey={({ id }) => id}
        columns={[
          {
            title: text.businessKey,
            cell: (instance) => (
              <Link to={placeOf(instance)}>
                <code>{instance.businessKey}</code>
              </Link>
            ),
          },
          {
            title: text.process,
            cell: ({ definition }) => `${say(definition.name)} · ${text.version(definition.version)}`,
          },
          {
            title: text.status,
            cell: ({ status }) => (
              <span className={`tag tag-${status === 'incident' ? 'bad' : 'quiet'}`}>
                {words('instance', status)}
              </span>
            ),
          },
          {
            title: text.standing,
            cell: ({ standing }) => standing.map(say).join(text.comma),
          },
          { title: text.started, cell: ({ startedAt }) => format.time(startedAt) },
          { title: text.ended, cell: ({ endedAt }) => (endedAt ? format.time(endedAt) : '–') },
        ]}
      />
    </StaffPage>
  )
}

/** Only those who may read definitions choose by name. */
function ProcessChoice({ value }: { value: string | null }) {
  const session = useSession()
  if (session.state !== 'signed-in' || !session.me.permissions.includes('workflow.readDefinition'))
    return null
  return <ProcessSelect value={value} />
}

function ProcessSelect({ value }: { value: string | null }) {
  const text = useText(TEXT)
  const say = useSay()
  const place = usePlace()
  const query = useQuery(DEFINITIONS, {})
  const definitions = query.state === 'ready' ? query.data.processDefinitions : []
  return (
    <label>
      {text.process}{' '}
      <select
        className="input"
        value={value ?? ''}
        aria-busy={query.state === 'loading'}
        onChange={(event) => navigate(withQuery(place, { key: event.target.value }))}
      >
        <option value="">{text.all}</option>
        {definitions.map(({ key, name }) => (
          <option key={key} value={key}>
            {say(name)}
          </option>
        ))}
      </select>
    </label>
  )
}

const TEXT = {
  zh: {
    title: '流程实例',
    definitions: '流程定义',
    search: '业务主键（开头部分）',
    all: '全部',
    status: '状态',
    process: '流程',
    none: '没有符合条件的流程实例。',
    businessKey: '业务主键',
    version: (n: number) => `第 ${n} 版`,
    standing: '停在',
    comma: '、',
    started: '开始',
    ended: '结束',
  },
  en: {
    title: 'Process instances',
    definitions: 'Definitions',
    search: 'Business key (its beginning)',
    all: 'all',
    status: 'State',
    process: 'Process',
    none: 'No instance matches.',
    businessKey: 'Business key',
    version: (n: number) => `version ${n}`,
    standing: 'Stands at',
    comma: ', ',
    started: 'Started',
    ended: 'Ended',
  },
}

import { useState } from 'react'
import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { SearchField } from '../../components/staff/SearchField.tsx'
import { useFormat } from '../../format.ts'
import type { InstanceStatus } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link, navigate, usePlace, withQuery } from '../../router.tsx'
import { useSession } from '../../session.tsx'
import { useWords } from '../../words.ts'
import { archiveOf } from './archive.ts'
import { placeOf } from './instance.ts'
import { InstanceBulk } from './InstanceBulk.tsx'
import { ProcessChoice } from './ProcessChoice.tsx'
import { INSTANCES } from './processes.ts'

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
  const session = useSession()
  const may = (permission: string) =>
    session.state === 'signed-in' && session.me.permissions.includes(permission)
  const mayOperate = may('workflow.operateInstance')
  const [ticked, setTicked] = useState<readonly string[]>([])
  const [bulk, setBulk] = useState(false)
  const ofProcess = key !== null && ticked.length === 0
  const isChosen = ofProcess || ticked.length > 0
  return (
    <StaffPage
      title={text.title}
      lead={
        <>
          <Link to="/processes">{text.definitions}</Link> · <Link to={archiveOf(key)}>{text.archive}</Link>
          {may('workflow.readBatch') && (
            <>
              {' '}
              · <Link to="/processes/batches">{text.batches}</Link>
            </>
          )}
        </>
      }
    >
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
      {mayOperate && (
        <p className="actions">
          <button
            type="button"
            id="bulk"
            className="button-second"
            disabled={!isChosen}
            aria-expanded={bulk && isChosen}
            aria-describedby="bulk-hint"
            onClick={() => setBulk(!bulk)}
          >
            {ticked.length > 0 ? text.ticked(ticked.length) : text.ofProcess}
          </button>
          {ticked.length > 0 && (
            <button type="button" className="button-plain" onClick={() => setTicked([])}>
              {text.clear}
            </button>
          )}
          <span id="bulk-hint" className="quiet">
            {!isChosen && text.hint}
          </span>
        </p>
      )}
      {bulk && isChosen && (
        <InstanceBulk
          key={JSON.stringify(ofProcess ? key : ticked)}
          {...(ofProcess ? { processKey: key } : { ids: ticked })}
          onDone={() => list.state !== 'loading' && list.reload()}
        />
      )}
      <PagedTable
        list={list}
        caption={text.title}
        empty={key || status || place.query.get('q') ? text.none : text.nothing}
        rowKey={({ id }) => id}
        columns={[
          {
            title: text.businessKey,
            cell: (instance) => (
              <>
                {mayOperate && instance.mayOperate && !instance.endedAt && (
                  <input
                    type="checkbox"
                    className="staff-tick"
                    aria-label={text.tick(instance.businessKey)}
                    checked={ticked.includes(instance.id)}
                    onChange={() =>
                      setTicked(
                        ticked.includes(instance.id)
                          ? ticked.filter((one) => one !== instance.id)
                          : [...ticked, instance.id],
                      )
                    }
                  />
                )}{' '}
                <Link to={placeOf(instance)}>
                  <code>{instance.businessKey}</code>
                </Link>
              </>
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

const TEXT = {
  zh: {
    title: '流程实例',
    definitions: '流程定义',
    archive: '已归档的实例',
    batches: '批量操作记录',
    tick: (key: string) => `选择 ${key}`,
    clear: '取消勾选',
    ticked: (n: number) => `批量处理所选 ${n} 个实例`,
    ofProcess: '批量处理所选流程的实例',
    hint: '先选择一个流程，或在下面勾选。',
    search: '业务主键（开头部分）',
    all: '全部',
    status: '状态',
    process: '流程',
    none: '没有符合条件的流程实例。',
    nothing: '还没有流程实例。有人提交办件，或流程按时启动后会列在这里。',
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
    archive: 'Archive',
    batches: 'Batch operations',
    tick: (key: string) => `Choose ${key}`,
    clear: 'Choose none',
    ticked: (n: number) => `Work on the ${n} chosen`,
    ofProcess: 'Work on the instances of a process',
    hint: 'Choose a process first, or tick some below.',
    search: 'Business key (its beginning)',
    all: 'all',
    status: 'State',
    process: 'Process',
    none: 'No instance matches.',
    nothing:
      'There is none yet. One is listed here once somebody submits a case, or a process starts by its time.',
    businessKey: 'Business key',
    version: (n: number) => `version ${n}`,
    standing: 'Stands at',
    comma: ', ',
    started: 'Started',
    ended: 'Ended',
  },
}

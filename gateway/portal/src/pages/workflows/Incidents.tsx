import { useEffect, useState } from 'react'
import { useQuery } from '../../api.ts'
import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import type { IncidentChoice } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link, navigate, usePlace, withQuery } from '../../router.tsx'
import { useSession } from '../../session.tsx'
import { useWords } from '../../words.ts'
import { INCIDENT_GROUPS, INCIDENTS } from './incident.ts'
import { IncidentBulk } from './IncidentBulk.tsx'
import { placeOf } from './instance.ts'
import { Why } from './InstanceTokens.tsx'

const AGES = [1, 24, 72, 168] as const

/** Where processes stand still: filtered by process, node, kind, error and age; each leads to its instance. */
export function Incidents() {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const place = usePlace()
  const [key, node, kind, code] = ['key', 'node', 'kind', 'code'].map((name) => place.query.get(name))
  const age = Number(place.query.get('age')) || null
  const filter = {
    ...{ key: key ?? null, node: node ?? null, kind: kind ?? null, olderThanHours: age },
    code: code === NO_CODE ? '' : (code ?? null),
  }
  const list = usePaged(INCIDENTS, { first: 20, filter }, ({ processIncidents }) => processIncidents)
  const session = useSession()
  const [ticked, setTicked] = useState<readonly string[]>([])
  const [bulk, setBulk] = useState<IncidentChoice>()
  const isFiltered = Object.values(filter).some((part) => part !== null)
  const filtered = JSON.stringify(filter)
  useEffect(() => {
    setTicked([])
    setBulk(undefined)
  }, [filtered])
  const mayResolve =
    session.state === 'signed-in' && session.me.permissions.includes('workflow.resolveIncident')
  const fits = { key: filter.key, node: filter.node, kind: filter.kind, code: filter.code }
  // A choice by age is made by ticking: what is old enough changes while one thinks.
  const byFilter = age === null && Object.values(fits).some((part) => part !== null)
  const choice = ticked.length > 0 ? { ids: [...ticked] } : byFilter ? fits : undefined
  const all = useQuery(INCIDENT_GROUPS, {})
  const groups = all.state === 'ready' ? all.data.processIncidentGroups : []
  const choices = (of: (group: (typeof groups)[number]) => readonly [string, string]) => [
    ...new Map(groups.map(of)),
  ]
  const select = (name: string, label: string, options: readonly (readonly [string, string])[]) => (
    <label>
      {label}{' '}
      <select
        className="input"
        name={name}
        value={place.query.get(name) ?? ''}
        onChange={(event) => navigate(withQuery(place, { [name]: event.target.value }))}
      >
        <option value="">{text.all}</option>
        {options.map(([value, shown]) => (
          <option key={value} value={value}>
            {shown}
          </option>
        ))}
      </select>
    </label>
  )
  return (
    <StaffPage
      title={text.title}
      lead={
        <>
          <Link to="/processes/instances">{text.instances}</Link>
          {mayResolve && (
            <>
              {' '}
              · <Link to="/processes/batches">{text.batches}</Link>
            </>
          )}
        </>
      }
    >
      <div className="actions" aria-busy={all.state === 'loading'}>
        {select(
          'key',
          text.process,
          choices(({ key, process }) => [key, say(process)]),
        )}
        {select(
          'node',
          text.node,
          choices(({ node, name }) => [node, say(name) || node]),
        )}
        {select(
          'kind',
          text.kind,
          choices(({ kind }) => [kind, words('incidentKind', kind)]),
        )}
        {select(
          'code',
          text.error,
          choices(({ code }) => [code || NO_CODE, code || text.noCode]),
        )}
        {select(
          'age',
          text.age,
          AGES.map((hours) => [String(hours), text.hours(hours)]),
        )}
      </div>
      {mayResolve && (
        <p className="actions">
          <button
            type="button"
            id="bulk"
            className="button-second"
            disabled={!choice}
            aria-expanded={bulk !== undefined}
            aria-describedby="bulk-hint"
            onClick={() => setBulk(bulk ? undefined : choice)}
          >
            {ticked.length > 0 ? text.ticked(ticked.length) : text.filtered}
          </button>
          {ticked.length > 0 && (
            <button type="button" className="button-plain" onClick={() => setTicked([])}>
              {text.clear}
            </button>
          )}
          <span id="bulk-hint" className="quiet">
            {!choice && (age === null ? text.hint : text.hintOfAge)}
          </span>
        </p>
      )}
      {bulk && (
        <IncidentBulk
          key={JSON.stringify(bulk)}
          choice={bulk}
          onDone={() => {
            setTicked([])
            if (list.state !== 'loading') list.reload()
          }}
        />
      )}
      <PagedTable
        list={list}
        caption={text.title}
        empty={isFiltered ? text.none : text.nowhere}
        rowKey={({ id }) => id}
        columns={[
          {
            title: text.businessKey,
            cell: ({ id, instance }) => (
              <>
                {mayResolve && instance.mayResolve && (
                  <input
                    type="checkbox"
                    className="staff-tick"
                    aria-label={text.tick(instance.businessKey)}
                    checked={ticked.includes(id)}
                    onChange={() => {
                      setBulk(undefined)
                      setTicked(ticked.includes(id) ? ticked.filter((one) => one !== id) : [...ticked, id])
                    }}
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
            cell: ({ instance: { definition } }) =>
              `${say(definition.name)} · ${text.version(definition.version)}`,
          },
          { title: text.node, cell: ({ name, node }) => say(name) || node },
          {
            title: text.kind,
            cell: (incident) => (
              <>
                {words('incidentKind', incident.kind)}
                <Why incident={incident} />
              </>
            ),
          },
          { title: text.since, cell: ({ createdAt }) => format.time(createdAt) },
        ]}
      />
    </StaffPage>
  )
}

/** In an address an empty part is no part. */
const NO_CODE = '-'

const TEXT = {
  zh: {
    title: '流程异常',
    instances: '流程实例',
    all: '全部',
    process: '流程',
    node: '环节',
    kind: '种类与原因',
    error: '错误代码',
    noCode: '（没有代码）',
    age: '停了多久',
    hours: (n: number) => (n < 24 ? `${n} 小时以上` : `${n / 24} 天以上`),
    none: '没有符合条件的异常。',
    nowhere: '没有停下的流程。环节没有做成、分支走不下去时会列在这里。',
    businessKey: '业务主键',
    tick: (key: string) => `选择 ${key}`,
    clear: '取消勾选',
    ticked: (n: number) => `批量处理所选 ${n} 项`,
    filtered: '批量处理符合条件的全部',
    hint: '先按流程、环节、原因或错误代码筛选，或在下面勾选。',
    hintOfAge: '按停留时间筛选的，请在下面勾选。',
    batches: '批量操作记录',
    version: (n: number) => `第 ${n} 版`,
    since: '发生时间',
  },
  en: {
    title: 'Incidents',
    instances: 'Instances',
    all: 'all',
    process: 'Process',
    node: 'Node',
    kind: 'What happened',
    error: 'Error code',
    noCode: '(none)',
    age: 'Stands for',
    hours: (n: number) => (n < 24 ? `${n} hour or more` : `${n / 24} ${n === 24 ? 'day' : 'days'} or more`),
    none: 'No incident matches.',
    nowhere: 'No process stands still. A step that fails, or a branch that cannot go on, is listed here.',
    businessKey: 'Business key',
    tick: (key: string) => `Choose ${key}`,
    clear: 'Choose none',
    ticked: (n: number) => `Work on the ${n} chosen`,
    filtered: 'Work on all that match',
    hint: 'Filter by process, node, cause or error code first, or tick some below.',
    hintOfAge: 'What is filtered by age is ticked below.',
    batches: 'Batch operations',
    version: (n: number) => `version ${n}`,
    since: 'Since',
  },
}

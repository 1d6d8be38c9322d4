import { useMutation, useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link, navigate, usePlace, withQuery } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { useEffect, useState } from 'react'
import { MIGRATIONS, type Mapping, pairsOf, plansOf, PROPOSE, suggested, SUGGESTION } from './migration.ts'
import { MigrationMapping } from './MigrationMapping.tsx'
import { ReasonForm } from './ReasonForm.tsx'

/** The plans by which running instances of a process went, or are to go, to another version; and the making of one. */
export function Migrations({ id = '' }: { id?: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const place = usePlace()
  const archived = place.query.get('archived') === 'yes'
  const query = useQuery(MIGRATIONS, { key: id, archived })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const { processMigrations: plans, processVersions: versions } = query.data
  const [from, to] = [Number(place.query.get('from')), Number(place.query.get('to'))]
  const chosen = (name: 'from' | 'to', value: number) => (
    <label>
      {text[name]}{' '}
      <select
        id={name}
        className="input"
        value={value || ''}
        onChange={(event) => navigate(withQuery(place, { [name]: event.target.value }))}
      >
        <option value="">{text.choose}</option>
        {versions.map(({ version, runningInstances }) => (
          <option key={version} value={version}>
            {text.version(version, runningInstances)}
          </option>
        ))}
      </select>
    </label>
  )
  return (
    <StaffPage
      title={text.title(versions[0] ? say(versions[0].name) : id)}
      lead={versions[0] && <Link to={`/processes/${versions[0].id}`}>{text.process}</Link>}
    >
      <h2>{text.plan}</h2>
      <div className="actions">
        {chosen('from', from)}
        {chosen('to', to)}
      </div>
      {from > 0 && to > 0 && from !== to && <NewPlan processKey={id} from={from} to={to} />}
      <h2>{text.plans}</h2>
      <p>
        <label className="choice">
          <input
            type="checkbox"
            checked={archived}
            onChange={() => navigate(withQuery(place, { archived: archived ? '' : 'yes' }))}
          />{' '}
          {text.archived}
        </label>
      </p>
      <DataTable
        caption={text.plans}
        empty={text.none}
        rows={plans}
        rowKey={({ id }) => id}
        columns={[
          {
            title: text.versions,
            cell: (plan) => (
              <Link to={`${plansOf(id)}/${plan.id}`}>{text.way(plan.from.version, plan.to.version)}</Link>
            ),
          },
          { title: text.status, cell: ({ status }) => words('migration', status) },
          { title: text.taken, cell: ({ counts }) => `${counts.moved} / ${counts.total}` },
          { title: text.reason, cell: ({ reason }) => reason },
          { title: text.by, cell: ({ proposedByName: by }) => (by ? say(by) : '–') },
          { title: text.created, cell: ({ createdAt }) => format.time(createdAt) },
        ]}
      />
    </StaffPage>
  )
}

interface NewPlanProps {
  readonly processKey: string
  readonly from: number
  readonly to: number
}

function NewPlan({ processKey: key, from, to }: NewPlanProps) {
  const text = useText(TEXT)
  const query = useQuery(SUGGESTION, { key, from, to })
  const propose = useMutation(PROPOSE)
  const [mapping, setMapping] = useState<Mapping>({})
  const suggestion = query.state === 'ready' ? query.data.migrationSuggestion : undefined
  useEffect(() => suggestion && setMapping(suggested(suggestion)), [suggestion])
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  return (
    <>
      <p>{text.running(query.data.migrationSuggestion.running)}</p>
      <MigrationMapping
        suggestion={query.data.migrationSuggestion}
        mapping={mapping}
        onMap={(node, target) => setMapping((mapping) => ({ ...mapping, [node]: target }))}
      />
      <ReasonForm
        says={text.proposes}
        go={text.propose}
        busy={propose.running}
        error={propose.error}
        onGo={(reason) =>
          void propose
            .run({ key, from, to, mapping: pairsOf(mapping), reason })
            .then((done) => done && navigate(`${plansOf(key)}/${done.proposeMigration.id}`))
        }
      />
    </>
  )
}

const TEXT = {
  zh: {
    title: (name: string) => `实例迁移：${name}`,
    process: '流程定义',
    plan: '拟定迁移方案',
    from: '从',
    to: '到',
    choose: '请选择版本',
    version: (n: number, running: number) => `第 ${n} 版（${running} 个实例在运行）`,
    running: (n: number) => `原版本上有 ${n} 个可迁移的实例在运行。请核对每个环节的去处：`,
    proposes: '保存为方案，不触动任何实例；先预演，再执行。',
    propose: '保存方案',
    plans: '迁移方案',
    archived: '显示已归档的',
    none: '还没有迁移方案。',
    versions: '版本',
    way: (from: number, to: number) => `第 ${from} 版 → 第 ${to} 版`,
    status: '状态',
    taken: '已迁移 / 全部',
    reason: '理由',
    by: '拟定人',
    created: '拟定时间',
  },
  en: {
    title: (name: string) => `Migrations: ${name}`,
    process: 'Definition',
    plan: 'Plan a migration',
    from: 'From',
    to: 'To',
    choose: 'Choose a version',
    version: (n: number, running: number) => `Version ${n} (${running} running)`,
    running: (n: number) =>
      `${n === 1 ? '1 instance you may migrate runs' : `${n} instances you may migrate run`} on the old version. Look at where each node goes:`,
    proposes: 'Keeps it as a plan and touches no instance; it is rehearsed first, then executed.',
    propose: 'Keep the plan',
    plans: 'Plans',
    archived: 'Show those put away',
    none: 'There is no plan yet.',
    versions: 'Versions',
    way: (from: number, to: number) => `${from} → ${to}`,
    status: 'State',
    taken: 'Taken over / all',
    reason: 'Why',
    by: 'Planned by',
    created: 'Planned',
  },
}

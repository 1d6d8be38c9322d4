import { useEffect, useState } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import type { MigrationOutcome } from '../../generated/graphql.ts'
import { type LocalText, useSay, useText } from '../../i18n.ts'
import { Link, navigate, usePlace, withQuery } from '../../router.tsx'
import { useSteady } from '../../steady.ts'
import { useWords } from '../../words.ts'
import {
  isWorking,
  type Mapping,
  MIGRATION,
  pairsOf,
  type Plan,
  planned,
  plansOf,
  REMAP,
  SUGGESTION,
} from './migration.ts'
import { MigrationActions } from './MigrationActions.tsx'
import { MigrationHalt } from './MigrationHalt.tsx'
import { MigrationMapping } from './MigrationMapping.tsx'
import { MigrationOutcomes } from './MigrationOutcomes.tsx'

/** How often a plan that a job works on is looked at. */
const LOOK_MS = 1_000

/** A plan: what becomes of each node, what its rehearsal found, how far it has come, and what may be done with it. */
export function Migration({ id = '' }: { id?: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const place = usePlace()
  const outcome = place.query.get('outcome') as MigrationOutcome | null
  const after = place.query.get('after')
  const query = useSteady(useQuery(MIGRATION, { id, outcome, after }))
  const plan = query.state === 'ready' ? query.data.processMigration : undefined
  const working = plan !== undefined && isWorking(plan)
  const reload = query.state === 'loading' ? undefined : query.reload
  useEffect(() => {
    if (!working || !reload) return
    const timer = setInterval(reload, LOOK_MS)
    return () => clearInterval(timer)
  }, [working, reload])
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const { status, from, to, key, reason, counts, failure, findings, organisation } =
    query.data.processMigration
  const { createdAt, rehearsedAt, begunAt, endedAt } = query.data.processMigration
  const { proposedByName, orderedByName, orderReason } = query.data.processMigration
  const named = (who: LocalText | null) => (who ? say(who) : '')
  return (
    <StaffPage
      title={text.title(say(from.name), from.version, to.version)}
      lead={
        <>
          <span className="tag tag-quiet" data-status={status}>
            {words('migration', status)}
          </span>{' '}
          · {organisation ? text.of(say(organisation.name)) : text.ofAll} · {text.reason(reason)} ·{' '}
          <Link to={plansOf(key)}>{text.plans}</Link>
          <br />
          {[
            text.proposed(format.time(createdAt), named(proposedByName)),
            rehearsedAt && text.rehearsed(format.time(rehearsedAt)),
            begunAt && text.begun(format.time(begunAt), named(orderedByName), orderReason ?? ''),
            endedAt && text.ended(format.time(endedAt)),
          ]
            .filter(Boolean)
            .join(' · ')}
        </>
      }
      busy={working}
    >
      {failure && (
        <p className="notice notice-bad" role="alert">
          {text.failed} <code>{failure}</code>
        </p>
      )}
      {working && (
        <p>
          <label>
            {text.progress(words('migration', status), counts.done, counts.total)}{' '}
            <progress max={Math.max(1, counts.total)} value={counts.done} />
          </label>
        </p>
      )}
      <MigrationHalt plan={query.data.processMigration} />
      <MigrationActions plan={query.data.processMigration} onDone={query.reload} />
      <MigrationOutcomes
        plan={query.data.processMigration}
        outcome={outcome}
        isFirst={after === null}
        onOutcome={(outcome) => navigate(withQuery(place, { outcome, after: '' }), { replace: true })}
        onAfter={(after) => navigate(withQuery(place, { after }))}
      />
      {findings.length > 0 && (
        <>
          <h2>{text.findings}</h2>
          <ul className="findings">
            {findings.map((finding) => (
              <li key={`${finding.rule} ${finding.element}`} data-severity={finding.severity}>
                <span className={`tag tag-${finding.severity === 'ERROR' ? 'bad' : 'quiet'}`}>
                  {text.severities[finding.severity]}
                </span>
                <code>{finding.element}</code> {say(finding)}
              </li>
            ))}
          </ul>
        </>
      )}
      <h2>{text.mapping}</h2>
      <PlanMapping plan={query.data.processMigration} onSaved={query.reload} />
    </StaffPage>
  )
}

function PlanMapping({ plan, onSaved }: { plan: Plan; onSaved: () => void }) {
  const text = useText(TEXT)
  const query = useQuery(SUGGESTION, { key: plan.key, from: plan.from.version, to: plan.to.version })
  const remap = useMutation(REMAP)
  const [changes, setChanges] = useState<Mapping>({})
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const suggestion = query.data.migrationSuggestion
  const mapping = { ...planned(suggestion, plan), ...changes }
  const mayRemap = plan.actions.includes('REMAP')
  return (
    <>
      <MigrationMapping
        suggestion={suggestion}
        mapping={mapping}
        onMap={(node, to) => mayRemap && setChanges((changes) => ({ ...changes, [node]: to }))}
      />
      {mayRemap && Object.keys(changes).length > 0 && (
        <p className="actions">
          <button
            type="button"
            id="remap"
            className="button"
            disabled={remap.running}
            onClick={() =>
              void remap.run({ id: plan.id, mapping: pairsOf(mapping) }).then((done) => {
                if (!done) return
                setChanges({})
                onSaved()
              })
            }
          >
            {text.remap}
          </button>
        </p>
      )}
      {remap.error && <Failure error={remap.error} />}
    </>
  )
}

const TEXT = {
  zh: {
    title: (name: string, from: number, to: number) => `迁移：${name}，第 ${from} 版 → 第 ${to} 版`,
    reason: (why: string) => `理由：${why}`,
    of: (body: string) => `只含${body}的实例`,
    ofAll: '含全部实例',
    proposed: (at: string, who: string) => `${at} ${who}拟定`,
    rehearsed: (at: string) => `${at} 预演`,
    begun: (at: string, who: string, why: string) => `${at} ${who}开始迁移或撤回（${why}）`,
    ended: (at: string) => `${at} 完毕`,
    plans: '全部方案',
    failed: '作业没有做完：',
    progress: (what: string, done: number, total: number) => `${what}：${done} / ${total}`,
    findings: '对应关系的检查结果',
    severities: { ERROR: '错误', WARNING: '提醒' },
    mapping: '环节对应',
    remap: '保存新的对应关系（需重新预演）',
  },
  en: {
    title: (name: string, from: number, to: number) => `Migration: ${name}, ${from} → ${to}`,
    reason: (why: string) => `why: ${why}`,
    of: (body: string) => `instances of ${body} only`,
    ofAll: 'all instances',
    proposed: (at: string, who: string) => `planned ${at}${who && ` by ${who}`}`,
    rehearsed: (at: string) => `rehearsed ${at}`,
    begun: (at: string, who: string, why: string) =>
      `execution or undoing begun ${at}${who && ` by ${who}`} (${why})`,
    ended: (at: string) => `ended ${at}`,
    plans: 'All plans',
    failed: 'The job did not finish:',
    progress: (what: string, done: number, total: number) => `${what}: ${done} of ${total}`,
    findings: 'What is to be known of the mapping',
    severities: { ERROR: 'error', WARNING: 'warning' },
    mapping: 'What becomes of each node',
    remap: 'Keep the new mapping (to be rehearsed again)',
  },
}

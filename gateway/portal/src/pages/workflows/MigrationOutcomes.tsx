import { DataTable } from '../../components/staff/DataTable.tsx'
import type { MigrationOutcome } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { placeOf } from './instance.ts'
import { INSTANCES_SHOWN, type Plan } from './migration.ts'
import { useNames } from './nodes.ts'

const OUTCOMES = {
  MOVABLE: 'movable',
  BLOCKED: 'blocked',
  GONE: 'gone',
  MOVED: 'moved',
  STALE: 'stale',
  FAILED: 'failed',
  UNDONE: 'undone',
  KEPT: 'kept',
} as const

interface MigrationOutcomesProps {
  readonly plan: Plan
  readonly outcome: MigrationOutcome | null
  /** The instances shown are the first. */
  readonly isFirst: boolean
  readonly onOutcome: (outcome: string) => void
  /** Shows those after the one with this id; empty for the first. */
  readonly onAfter: (id: string) => void
}

/** What a plan comes, or came, to: counts, places, and instance by instance with the reason where it cannot be. */
export function MigrationOutcomes({ plan, outcome, isFirst, onOutcome, onAfter }: MigrationOutcomesProps) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const { counts, places, instances, from, to } = plan
  const [before, after] = [useNames(from.xml), useNames(to.xml)]
  if (counts.total === 0) return <p className="quiet">{plan.rehearsedAt ? text.nobody : text.unrehearsed}</p>
  const shown = Object.entries(OUTCOMES).filter(([, count]) => counts[count] > 0)
  return (
    <>
      <h2>{text.outcomes(counts.total)}</h2>
      <ul className="sum" aria-label={text.outcomes(counts.total)}>
        {shown.map(([name, count]) => (
          <li key={name} data-outcome={name}>
            <strong>{counts[count]}</strong> {words('migrationOutcome', name)}
          </li>
        ))}
      </ul>
      {places.length > 0 && (
        <DataTable
          caption={text.places}
          rows={places}
          rowKey={({ node }) => node}
          columns={[
            { title: text.stood, cell: ({ node, name }) => say(name) || node },
            { title: text.becomes, cell: ({ to }) => after(to) },
            { title: text.movable, align: 'right', cell: ({ movable }) => movable },
            { title: text.blocked, align: 'right', cell: ({ blocked }) => blocked },
          ]}
        />
      )}
      <p>
        <label className="staff-choice">
          {text.show}
          <select className="input" value={outcome ?? ''} onChange={(event) => onOutcome(event.target.value)}>
            <option value="">{text.all}</option>
            {shown.map(([name]) => (
              <option key={name} value={name}>
                {words('migrationOutcome', name)}
              </option>
            ))}
          </select>
        </label>
      </p>
      <DataTable
        caption={text.instances}
        empty={text.none}
        rows={instances}
        rowKey={({ instanceId }) => instanceId}
        columns={[
          {
            title: text.businessKey,
            cell: ({ businessKey, instanceId }) => (
              <Link to={placeOf({ businessKey, id: instanceId })}>
                <code>{businessKey}</code>
              </Link>
            ),
          },
          { title: text.outcome, cell: ({ outcome }) => words('migrationOutcome', outcome) },
          { title: text.stood, cell: ({ nodes }) => nodes.map(before).join(text.comma) },
          {
            title: text.why,
            cell: ({ obstacles }) =>
              obstacles.map((one) => (
                <div key={`${one.token} ${one.node} ${one.code}`} data-obstacle={one.code}>
                  {before(one.node)}
                  {text.colon}
                  {say(one)}
                </div>
              )),
          },
          { title: text.waits, cell: ({ waits }) => text.changes(waits) },
        ]}
      />
      {(!isFirst || instances.length === INSTANCES_SHOWN) && (
        <p className="actions">
          {!isFirst && (
            <button type="button" className="button-second" onClick={() => onAfter('')}>
              {text.first}
            </button>
          )}
          {instances.length === INSTANCES_SHOWN && (
            <button
              type="button"
              className="button-second"
              onClick={() => onAfter(instances.at(-1)?.instanceId ?? '')}
            >
              {text.next}
            </button>
          )}
        </p>
      )}
    </>
  )
}

type Waits = Plan['instances'][number]['waits']

const TEXT = {
  zh: {
    unrehearsed: '还没有预演。预演逐个计算正在运行的实例能否迁移，不触动任何实例。',
    nobody: '没有可迁移的实例。',
    outcomes: (n: number) => `结果（共 ${n} 个实例）`,
    places: '按停留的环节',
    stood: '停在',
    becomes: '将到',
    movable: '可迁移',
    blocked: '不能',
    show: '只看',
    all: '全部',
    instances: '逐个实例',
    none: '没有这样的实例。',
    businessKey: '业务主键',
    outcome: '结果',
    why: '原因',
    comma: '、',
    colon: '：',
    waits: '任务、定时器、订阅、作业',
    changes: ({ kept, renewed, added, removed }: Waits) =>
      [
        kept > 0 && `保留 ${kept}`,
        renewed > 0 && `重设 ${renewed}`,
        added > 0 && `新增 ${added}`,
        removed > 0 && `取消 ${removed}`,
      ]
        .filter(Boolean)
        .join('，') || '–',
    first: '回到开头',
    next: '后面的实例',
  },
  en: {
    unrehearsed:
      'Not rehearsed yet. A rehearsal works out for each running instance whether it can go, and touches none.',
    nobody: 'There is no instance to take over.',
    outcomes: (n: number) => `Outcome (${n} ${n === 1 ? 'instance' : 'instances'})`,
    places: 'By where they stood',
    stood: 'Stood at',
    becomes: 'Goes to',
    movable: 'Can go',
    blocked: 'Cannot',
    show: 'Only',
    all: 'all',
    instances: 'Instance by instance',
    none: 'There is none such.',
    businessKey: 'Business key',
    outcome: 'Outcome',
    why: 'Why',
    comma: ', ',
    colon: ': ',
    waits: 'Tasks, timers, subscriptions, jobs',
    changes: ({ kept, renewed, added, removed }: Waits) =>
      [
        kept > 0 && `${kept} kept`,
        renewed > 0 && `${renewed} set anew`,
        added > 0 && `${added} added`,
        removed > 0 && `${removed} cancelled`,
      ]
        .filter(Boolean)
        .join(', ') || '–',
    first: 'To the first',
    next: 'Further instances',
  },
}

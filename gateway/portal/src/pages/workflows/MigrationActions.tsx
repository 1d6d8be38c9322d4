import { useState } from 'react'
import { useMutation } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { useText } from '../../i18n.ts'
import { ARCHIVE, CANCEL, EXECUTE, isHalted, isUndone, type Plan, REHEARSE, UNDO } from './migration.ts'
import { ReasonForm } from './ReasonForm.tsx'

const ASKED = ['EXECUTE', 'CANCEL', 'UNDO', 'ARCHIVE'] as const
type Asked = (typeof ASKED)[number]

/** What the server lets the reader do with a plan now; each but the rehearsal says first what it will do, and asks why. */
export function MigrationActions({ plan, onDone }: { plan: Plan; onDone: () => void }) {
  const text = useText(TEXT)
  const [asked, setAsked] = useState<Asked>()
  const rehearse = useMutation(REHEARSE)
  const acts = {
    EXECUTE: useMutation(EXECUTE),
    CANCEL: useMutation(CANCEL),
    UNDO: useMutation(UNDO),
    ARCHIVE: useMutation(ARCHIVE),
  }
  const { id, actions, counts } = plan
  const may = ASKED.filter((act) => actions.includes(act))
  const movable = counts.movable + counts.stale + counts.failed
  const labelOf = (act: Asked) =>
    isHalted(plan) && act === (isUndone(plan) ? 'UNDO' : 'EXECUTE') ? text.goOn[act] : text.acts[act]
  const open = asked && may.includes(asked) ? asked : undefined
  return (
    <>
      <p className="actions">
        {actions.includes('REHEARSE') && (
          <button
            type="button"
            className="button"
            data-act="REHEARSE"
            disabled={rehearse.running}
            onClick={() => void rehearse.run({ id }).then((done) => done && onDone())}
          >
            {text.rehearse}
          </button>
        )}
        {may.map((act) => (
          <button
            key={act}
            type="button"
            className="button-second"
            data-act={act}
            aria-expanded={open === act}
            onClick={() => setAsked(act)}
          >
            {labelOf(act)}
          </button>
        ))}
      </p>
      {rehearse.error && <Failure error={rehearse.error} />}
      {open && (
        <ReasonForm
          key={open}
          says={text.says[open](open === 'UNDO' ? counts.moved : movable, counts.blocked)}
          go={labelOf(open)}
          busy={acts[open].running}
          error={acts[open].error}
          onLeave={() => setAsked(undefined)}
          onGo={(reason) =>
            void acts[open].run({ id, reason }).then((done) => {
              if (!done) return
              setAsked(undefined)
              onDone()
            })
          }
        />
      )}
    </>
  )
}

const TEXT = {
  zh: {
    rehearse: '预演',
    goOn: { EXECUTE: '接着迁移', UNDO: '接着撤回' },
    acts: { EXECUTE: '执行迁移', CANCEL: '中止', UNDO: '撤回迁移', ARCHIVE: '归档方案' },
    says: {
      EXECUTE: (n: number, blocked: number) =>
        `将把 ${n} 个实例转到新版本，分批进行，可中途中止；另有 ${blocked} 个不能迁移，留在原版本。任务和定时器随令牌保留。`,
      CANCEL: (_n: number, _blocked: number) => '在下一批之前停下；已做的保持，并可接着做或撤回。',
      UNDO: (n: number, _blocked: number) =>
        `将把 ${n} 个已迁移的实例恢复到原版本；迁移后已有进展的实例不动，并逐个说明。`,
      ARCHIVE: (_n: number, _blocked: number) => '方案不再列出，此后不能再撤回。',
    },
  },
  en: {
    rehearse: 'Rehearse',
    goOn: { EXECUTE: 'Go on', UNDO: 'Go on undoing' },
    acts: { EXECUTE: 'Execute', CANCEL: 'Stop', UNDO: 'Undo', ARCHIVE: 'Put away' },
    says: {
      EXECUTE: (n: number, blocked: number) =>
        `Takes ${n} ${n === 1 ? 'instance' : 'instances'} over to the new version in batches; it can be stopped in between. ${blocked} cannot be taken over and stay. Tasks and timers stay with their tokens.`,
      CANCEL: (_n: number, _blocked: number) =>
        'Stops before the next batch; what is done stays and can be gone on with, or undone.',
      UNDO: (n: number, _blocked: number) =>
        `Takes ${n} ${n === 1 ? 'instance' : 'instances'} back to the old version; what has gone on since stays where it is, and is named.`,
      ARCHIVE: (_n: number, _blocked: number) =>
        'The plan is listed no more and cannot be undone from then on.',
    },
  },
}

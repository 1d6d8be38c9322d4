import { useText } from '../../i18n.ts'
import { isHalted, isUndone, type Plan } from './migration.ts'

const LEFT = ['movable', 'blocked', 'stale', 'failed', 'gone'] as const

/** A plan whose job was stopped on its way: how many went, how many did not and why, and what may be done next. */
export function MigrationHalt({ plan }: { plan: Plan }) {
  const text = useText(TEXT)
  if (!isHalted(plan)) return null
  const { counts } = plan
  const undone = isUndone(plan)
  return (
    <div className="notice" role="status" data-halted={undone ? 'undoing' : 'executing'}>
      <p>
        <strong>
          {undone
            ? text.undone(counts.undone, counts.moved, counts.kept)
            : text.moved(counts.total, counts.moved, counts.total - counts.moved)}
        </strong>
      </p>
      {!undone && (
        <ul>
          {LEFT.filter((outcome) => counts[outcome] > 0).map((outcome) => (
            <li key={outcome} data-left={outcome}>
              {text.left[outcome](counts[outcome])}
            </li>
          ))}
        </ul>
      )}
      <p>{undone ? text.afterUndoing : text.afterMoving}</p>
    </div>
  )
}

const TEXT = {
  zh: {
    moved: (total: number, moved: number, left: number) =>
      `迁移停在半途：${total} 个实例中 ${moved} 个已在新版本，${left} 个没有迁移。`,
    left: {
      movable: (n: number) => `${n} 个还没有轮到。`,
      blocked: (n: number) => `${n} 个不能迁移，原因逐个列在下面。`,
      stale: (n: number) => `${n} 个迁移时正有进展，接着迁移时再试。`,
      failed: (n: number) => `${n} 个迁移时出错，接着迁移时再试。`,
      gone: (n: number) => `${n} 个已经结束，或已在别的版本，不必再动。`,
    },
    afterMoving: '可以接着迁移其余的，也可以把已迁移的撤回原版本；不动，则两个版本并行，直到这些实例办完。',
    undone: (undone: number, moved: number, kept: number) =>
      `撤回停在半途：${undone} 个已回到原版本，${moved} 个仍在新版本，${kept} 个迁移后已有进展、不再撤回。`,
    afterUndoing: '可以接着撤回其余的；不动，则它们在新版本上办完。',
  },
  en: {
    moved: (total: number, moved: number, left: number) =>
      `Stopped half-way: of ${total} instances ${moved} are on the new version and ${left} were not taken over.`,
    left: {
      movable: (n: number) => `${n}: their turn had not come.`,
      blocked: (n: number) => `${n} cannot be taken over; why is said of each below.`,
      stale: (n: number) => `${n} went on while they were tried; they are tried again when it goes on.`,
      failed: (n: number) => `${n} failed; they are tried again when it goes on.`,
      gone: (n: number) => `${n} are over, or on another version; nothing is left to do.`,
    },
    afterMoving:
      'Go on with the others, or undo what was taken over. Left as it is, both versions run side by side until these instances end.',
    undone: (undone: number, moved: number, kept: number) =>
      `Undoing stopped half-way: ${undone} are back on the old version, ${moved} still on the new one, and ${kept} have gone on since and stay.`,
    afterUndoing: 'Go on undoing the others. Left as they are, they end on the new version.',
  },
}

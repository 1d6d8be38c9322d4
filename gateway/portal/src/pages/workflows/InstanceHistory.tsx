import { useFormat } from '../../format.ts'
import { useSay, useText } from '../../i18n.ts'
import { useWords } from '../../words.ts'
import type { Running } from './instance.ts'

interface InstanceHistoryProps {
  readonly operations: Running['operations']
  readonly names: (node: string) => string
}

/** What operators did with an instance, the last first: who, when, at which node, why. */
export function InstanceHistory({ operations, names }: InstanceHistoryProps) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  if (operations.length === 0) return <p className="quiet">{text.none}</p>
  return (
    <ul className="history">
      {operations.map(({ id, at, by, operation, node, reason }) => (
        <li key={id} data-done={operation}>
          <strong>{words('operation', operation)}</strong>
          {node && ` · ${names(node)}`}
          <br />
          <span className="quiet">
            {format.time(at)} · {by ? say(by) : text.platform}
          </span>
          {reason && (
            <>
              <br />
              {text.reason(reason)}
            </>
          )}
        </li>
      ))}
    </ul>
  )
}

const TEXT = {
  zh: { none: '没有人工操作。', platform: '系统', reason: (why: string) => `理由：${why}` },
  en: {
    none: 'No operator has put a hand in.',
    platform: 'the platform',
    reason: (why: string) => `Why: ${why}`,
  },
}

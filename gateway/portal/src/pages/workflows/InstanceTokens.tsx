import { useFormat } from '../../format.ts'
import { type LocalText, useSay, useText } from '../../i18n.ts'
import { useWords } from '../../words.ts'
import type { Running, StandingToken } from './instance.ts'
import type { Operation } from './operation.ts'
import { Place } from './Place.tsx'

interface InstanceTokensProps {
  readonly instance: Running
  readonly names: (node: string) => string
  readonly onShow: (node: string) => void
  readonly onChoose: (operation: Operation) => void
}

/** Where an instance stands, token by token, what stopped there, and what the reader may do with each. */
export function InstanceTokens({ instance, names, onShow, onChoose }: InstanceTokensProps) {
  const text = useText(TEXT)
  const { tokens, incidents } = instance
  if (tokens.length === 0) return <p className="quiet">{text.nowhere}</p>
  return (
    <ul className="standing">
      {tokens.map((token) => {
        const stopped = incidents.filter((incident) => incident.token === token.id)
        const host = tokens.find(({ id }) => id === token.within)
        return (
          <li key={token.id} data-token={token.node} data-trouble={stopped.length > 0}>
            <span className="tag tag-quiet">{text.token(token.id)}</span>{' '}
            <Place node={token.node} name={names(token.node)} onShow={onShow} />
            {host && <span className="quiet"> · {text.within(names(host.node))}</span>}
            {stopped.map((incident) => (
              <Stopped key={incident.id} incident={incident} />
            ))}
            <Actions instance={instance} token={token} onChoose={onChoose} />
          </li>
        )
      })}
    </ul>
  )
}

function Stopped({ incident }: { incident: Running['incidents'][number] }) {
  const text = useText(TEXT)
  const words = useWords()
  const format = useFormat()
  return (
    <>
      <p>
        <strong className="tag tag-bad">{text.incident}</strong> {words('incidentKind', incident.kind)} ·{' '}
        {format.time(incident.createdAt)}
      </p>
      <Why incident={incident} />
    </>
  )
}

/** What an incident says; of one that says no more than its code, the code alone. */
export function Why({ incident: { code, messages } }: { incident: { code: string; messages: LocalText } }) {
  const say = useSay()
  return (
    <div className="quiet">
      {messages.en !== code && say(messages)} {code && <code>{code}</code>}
    </div>
  )
}

function Actions({
  instance,
  token,
  onChoose,
}: Omit<InstanceTokensProps, 'names' | 'onShow'> & { token: StandingToken }) {
  const words = useWords()
  const { mayOperate, mayResolve, incidents } = instance
  const { node, id, maySkip, moveTargets: targets, startable } = token
  const incident = incidents.find((incident) => incident.token === id)
  const possible: Operation[] = [
    ...(mayResolve && incident ? [{ kind: 'retry' as const, node, incident: incident.id }] : []),
    ...(startable.length > 0 ? [{ kind: 'begin' as const, node, token: id, targets: startable }] : []),
    ...(maySkip ? [{ kind: 'skip' as const, node, token: id }] : []),
    ...(targets.length > 0 ? [{ kind: 'move' as const, node, token: id, targets }] : []),
    ...(mayOperate ? [{ kind: 'cancel' as const, node, token: id }] : []),
  ]
  if (possible.length === 0) return null
  return (
    <p className="actions">
      {possible.map((operation) => (
        <button
          key={operation.kind}
          type="button"
          className="button-second"
          data-act={operation.kind}
          onClick={() => onChoose(operation)}
        >
          {words('operation', operation.kind)}
        </button>
      ))}
    </p>
  )
}

const TEXT = {
  zh: {
    nowhere: '没有停留的令牌。',
    token: (id: number) => `令牌 ${id}`,
    within: (name: string) => `在“${name}”之内`,
    incident: '异常',
  },
  en: {
    nowhere: 'It stands nowhere.',
    token: (id: number) => `token ${id}`,
    within: (name: string) => `within “${name}”`,
    incident: 'incident',
  },
}

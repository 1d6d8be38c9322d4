import { useQuery } from '../../api.ts'
import { useSay, useText } from '../../i18n.ts'
import { navigate, usePlace, withQuery } from '../../router.tsx'
import { useSession } from '../../session.tsx'
import { DEFINITIONS } from './processes.ts'

interface ProcessChoiceProps {
  readonly value: string | null
  /** What no process stands for; all of them otherwise. */
  readonly none?: string
}

/** Filters a list by process, by the `key` of its address; only those who may read definitions choose by name. */
export function ProcessChoice(props: ProcessChoiceProps) {
  const session = useSession()
  if (session.state !== 'signed-in' || !session.me.permissions.includes('workflow.readDefinition'))
    return null
  return <ProcessSelect {...props} />
}

function ProcessSelect({ value, none }: ProcessChoiceProps) {
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
        <option value="">{none ?? text.all}</option>
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
  zh: { all: '全部', process: '流程' },
  en: { all: 'all', process: 'Process' },
}

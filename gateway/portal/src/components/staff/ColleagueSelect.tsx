import { useText } from '../../i18n.ts'
import { useSay } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { COLLEAGUES } from '../../pages/workflows/desk.ts'
import { Failure, Loading } from '../Notices.tsx'

interface ColleagueSelectProps {
  readonly id: string
  readonly label: string
  /** Only those who hold this role; everybody when absent. */
  readonly role?: string | null | undefined
  /** A person who cannot be chosen. */
  readonly without?: string | undefined
  readonly value: string
  readonly onChange: (personId: string) => void
}

/** Somebody of one's own body, by name. */
export function ColleagueSelect({ id, label, role, without, value, onChange }: ColleagueSelectProps) {
  const text = useText(TEXT)
  const say = useSay()
  const list = usePaged(COLLEAGUES, role ? { role } : {}, (data) => data.colleagues)
  if (list.state === 'loading') return <Loading />
  if (list.state === 'failed') return <Failure error={list.error} retry={list.reload} />
  const others = list.nodes.filter(({ personId }) => personId !== without)
  return (
    <div className="staff-choice">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{others.length > 0 ? text.choose : text.nobody}</option>
        {others.map(({ personId, name }) => (
          <option key={personId} value={personId}>
            {say(name)}
          </option>
        ))}
      </select>
      {list.more && (
        <button type="button" className="button-plain" onClick={list.more}>
          {text.more}
        </button>
      )}
    </div>
  )
}

const TEXT = {
  zh: { choose: '请选择', nobody: '没有可选的同事', more: '更多同事' },
  en: { choose: 'Choose one', nobody: 'There is nobody to choose', more: 'More colleagues' },
}

import { useState } from 'react'
import { useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { useFormat } from '../../format.ts'
import { useText } from '../../i18n.ts'
import { DecisionOutcome } from './DecisionOutcome.tsx'
import { MADE_DECISIONS } from './decisions.ts'

interface MadeDecisionsProps {
  readonly businessKey: string
  /** The instance, where the case has several; else the one that no other called. */
  readonly id?: string
}

/** What the process of a case decided by its rules tells of the applicant: read when asked for, and recorded. */
export function MadeDecisions({ businessKey, id }: MadeDecisionsProps) {
  const text = useText(TEXT)
  const [open, setOpen] = useState(false)
  return (
    <section aria-labelledby="decisions">
      <h2 id="decisions">{text.title}</h2>
      {open ? (
        <Made businessKey={businessKey} {...(id && { id })} />
      ) : (
        <p>
          <button type="button" className="button-second" id="made-decisions" onClick={() => setOpen(true)}>
            {text.show}
          </button>{' '}
          <span className="quiet">{text.recorded}</span>
        </p>
      )}
    </section>
  )
}

function Made({ businessKey, id }: MadeDecisionsProps) {
  const text = useText(TEXT)
  const format = useFormat()
  const query = useQuery(MADE_DECISIONS, { businessKey, id: id ?? null })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const made = query.data.processInstance?.madeDecisions
  if (!made) return <p className="quiet">{text.notYours}</p>
  if (made.length === 0) return <p className="quiet">{text.none}</p>
  return (
    <ol className="standing">
      {made.map((one, at) => (
        <li key={at} data-decision={one.decision}>
          <code>{one.decision}</code> · {format.time(one.at)}
          <DecisionOutcome outcome={one} />
        </li>
      ))}
    </ol>
  )
}

const TEXT = {
  zh: {
    title: '按规则作出的决定',
    show: '查看决定',
    recorded: '其中有申请人的信息，查看会记入访问记录。',
    none: '还没有按规则作出的决定。',
    notYours: '按规则作出的决定涉及申请人，只有经办单位的人员和审计员可以查看。',
  },
  en: {
    title: 'What was decided by rules',
    show: 'Show them',
    recorded: 'They tell of the applicant; looking is recorded.',
    none: 'Nothing has been decided by rules yet.',
    notYours:
      'What was decided by rules tells of the applicant: those who handle the case and auditors see it.',
  },
}

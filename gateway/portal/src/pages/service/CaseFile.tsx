import { useQuery } from '../../api.ts'
import { ClockCard } from '../../components/ClockCard.tsx'
import { NoticeList } from '../../components/NoticeList.tsx'
import { Failure, Loading } from '../../components/Notices.tsx'
import { CaseFacts } from '../../components/staff/CaseFacts.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { CASE, type Case } from './case.ts'

/** A case as the office keeps it: the whole file, every clock, every step. */
export function CaseFile({ id = '' }: { id?: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const query = useQuery(CASE, { id })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const file = query.data.case
  return (
    <StaffPage
      title={`${say(file.item.name)} ${file.number}`}
      lead={text.responsible(say(file.responsible.name))}
      actions={<Link to={`/processes/instances/${file.id}`}>{text.process}</Link>}
    >
      <div className="staff-columns">
        <div>
          <CaseFacts file={file} />
          <NoticeList notices={file.notices} />
          <Steps file={file} />
        </div>
        <aside aria-label={text.clocks}>
          {file.clocks.map((clock) => (
            <ClockCard key={clock.id} clock={clock} />
          ))}
          <Tasks file={file} />
          <Branches file={file} />
          <Visits file={file} />
          {file.certificate && (
            <p>
              <a href={`/api/certificates/${file.certificate.id}.pdf`}>
                {text.certificate(file.certificate.number)}
              </a>
            </p>
          )}
        </aside>
      </div>
    </StaffPage>
  )
}

function Steps({ file }: { file: Case }) {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  return (
    <section>
      <h2>{text.history}</h2>
      <ol className="timeline" reversed>
        {[...file.history]
          .sort((a, b) => b.at.localeCompare(a.at))
          .map((step) => (
            <li key={`${step.at}${step.event}${step.note ?? ''}`}>
              <p>
                <strong>{say(step.text)}</strong>
              </p>
              <p className="quiet">
                {format.time(step.at)}
                {step.organisation && ` · ${say(step.organisation.name)}`}
                {step.actor && ` · ${step.actor}`}
              </p>
              {step.note && <p>{step.note}</p>}
            </li>
          ))}
      </ol>
    </section>
  )
}

function Tasks({ file }: { file: Case }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  if (!file.tasks.length) return null
  return (
    <section>
      <h2>{text.tasks}</h2>
      <ul className="task-list">
        {file.tasks.map((task) => (
          <li key={task.id}>
            <div>
              <Link to={`/desk/tasks/${task.id}`}>{say(task.name)}</Link>
              {task.organisation && <p className="quiet">{say(task.organisation.name)}</p>}
            </div>
            <span className="tag tag-quiet">{words('task', task.status)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Branches({ file }: { file: Case }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  if (!file.branches.length) return null
  return (
    <section>
      <h2>{text.branches}</h2>
      <ul className="task-list">
        {file.branches.map((branch) => (
          <li key={branch.name}>
            <div>
              {say(branch.organisation.name)}
              {branch.note && <p className="quiet">{branch.note}</p>}
            </div>
            <span className="tag tag-quiet">
              {branch.result ? words('outcome', branch.result) : text.open}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Visits({ file }: { file: Case }) {
  const text = useText(TEXT)
  const format = useFormat()
  if (!file.visits.length) return null
  return (
    <section>
      <h2>{text.visits}</h2>
      <ul>
        {file.visits.map((visit) => (
          <li key={visit.at}>
            {format.time(visit.at)}
            {visit.score !== null && visit.score !== undefined && ` · ${text.score(visit.score)}`}
            {visit.passed !== null &&
              visit.passed !== undefined &&
              ` · ${visit.passed ? text.passed : text.failed}`}
            {visit.note && <p className="quiet">{visit.note}</p>}
          </li>
        ))}
      </ul>
    </section>
  )
}

const TEXT = {
  zh: {
    responsible: (who: string) => `现由 ${who} 负责`,
    process: '流程运行情况',
    clocks: '期限',
    history: '办理经过',
    tasks: '任务',
    branches: '各部门审查',
    open: '审查中',
    visits: '现场核查',
    score: (n: number) => `${n} 分`,
    passed: '通过',
    failed: '没有通过',
    certificate: (n: string) => `证照 ${n}（PDF）`,
  },
  en: {
    responsible: (who: string) => `${who} is responsible`,
    process: 'The running process',
    clocks: 'Due dates',
    history: 'History',
    tasks: 'Tasks',
    branches: 'Parts of the review',
    open: 'under review',
    visits: 'Site visits',
    score: (n: number) => `score ${n}`,
    passed: 'passed',
    failed: 'not passed',
    certificate: (n: string) => `Certificate ${n} (PDF)`,
  },
}

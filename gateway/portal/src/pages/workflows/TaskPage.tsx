import { App, Button } from 'antd'
import { useMutation, useQuery } from '../../api.ts'
import { ClockCard } from '../../components/ClockCard.tsx'
import { Failure, Loading } from '../../components/Notices.tsx'
import { CaseFacts } from '../../components/staff/CaseFacts.tsx'
import { Due } from '../../components/staff/Due.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useSay, useText } from '../../i18n.ts'
import { Link, navigate } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { CASE, clocksToShow, type Case } from '../service/case.ts'
import { kindIn, lifePath } from '../standards/life.ts'
import { CLAIM, RELEASE, reviewedStandard, TASK, type Task } from './task.ts'
import { TaskArrangements } from './TaskArrangements.tsx'
import { TaskForm } from './TaskForm.tsx'

/** One task: the file on one side, the form and the clocks on the other. */
export function TaskPage({ id = '' }: { id?: string }) {
  const query = useQuery(TASK, { id })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const { task } = query.data
  return task.case ? (
    <WithCase task={task} caseId={task.case.id} reload={query.reload} />
  ) : (
    <Work task={task} reload={query.reload} />
  )
}

function WithCase({ task, caseId, reload }: { task: Task; caseId: string; reload: () => void }) {
  const query = useQuery(CASE, { id: caseId })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  return <Work task={task} file={query.data.case} reload={reload} />
}

function Work({ task, file, reload }: { task: Task; file?: Case; reload: () => void }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const { message } = App.useApp()
  const claim = useMutation(CLAIM)
  const release = useMutation(RELEASE)
  const error = claim.error ?? release.error

  function completed() {
    void message.success(text.completed(say(task.name)))
    navigate('/desk')
  }

  return (
    <StaffPage
      title={say(task.name)}
      lead={
        <>
          {file && (
            <>
              <Link to={`/desk/cases/${file.id}`}>
                {say(file.item.name)} {file.number}
              </Link>{' '}
              ·{' '}
            </>
          )}
          <Due day={task.dueOn} /> · {words('task', task.status)}
          {task.assigneeName && ` · ${say(task.assigneeName)}`}
          {task.candidateRole && ` · ${words('role', task.candidateRole)}`}
        </>
      }
      actions={
        <>
          {task.mayClaim && (
            <Button
              type="primary"
              loading={claim.running}
              onClick={() => void claim.run({ id: task.id }).then(reload)}
            >
              {text.claim}
            </Button>
          )}
          {task.mayRelease && (
            <Button
              loading={release.running}
              onClick={() => void release.run({ id: task.id }).then((done) => done && navigate('/desk'))}
            >
              {text.release}
            </Button>
          )}
        </>
      }
      busy={claim.running || release.running}
    >
      {error && <Failure error={error} retry={reload} />}
      <Standing task={task} />
      <div className="staff-columns">
        <div>{file ? <CaseFacts file={file} /> : <Subject task={task} />}</div>
        <aside>
          <TaskForm
            // Delegated or called back, it begins with what the other wrote; else what was typed stays.
            key={`${task.assignedToMe} ${task.delegated}`}
            task={task}
            {...(file ? { file } : {})}
            reload={reload}
            onCompleted={completed}
          />
          <TaskArrangements task={task} reload={reload} />
          {file && (
            <section aria-labelledby="clocks">
              <h2 id="clocks">{text.clocks}</h2>
              {clocksToShow(file).map((clock) => (
                <ClockCard key={clock.id} clock={clock} />
              ))}
            </section>
          )}
        </aside>
      </div>
    </StaffPage>
  )
}

/** Whose work it is, where that is not simply the reader's. */
function Standing({ task }: { task: Task }) {
  const text = useText(TEXT)
  const say = useSay()
  const { ownerName, onBehalfOfName, assignedToMe, status } = task
  if (status === 'COMPLETED')
    return onBehalfOfName && <p className="notice">{text.wasFor(say(onBehalfOfName))}</p>
  if (onBehalfOfName) return <p className="notice notice-warn">{text.standingIn(say(onBehalfOfName))}</p>
  if (ownerName && assignedToMe) return <p className="notice">{text.delegatedBy(say(ownerName))}</p>
  if (task.mayRecall) return <p className="notice">{text.delegated}</p>
  if (status === 'CLAIMED' && !assignedToMe) return <p className="notice notice-warn">{text.taken}</p>
  return null
}

/** What a task without a case is about; a standard has a page with its dry run and whom it touches. */
function Subject({ task }: { task: Task }) {
  const text = useText(TEXT)
  const say = useSay()
  const standard = reviewedStandard(task.variables)
  if (!standard) return <p className="empty">{task.businessKey ?? text.noCase}</p>
  const { kind, code, version, name } = standard
  return (
    <p>
      {text.standard}{' '}
      <Link to={lifePath(kindIn(kind), code, version)}>
        {say(name)} {code} {version}
      </Link>
    </p>
  )
}

const TEXT = {
  zh: {
    claim: '领取任务',
    release: '退回，让别人办',
    taken: '这项任务已由别人领取，您只能查看。',
    standingIn: (name: string) => `${name}不在岗，由您代办。完成后会记录您代${name}办理。`,
    wasFor: (name: string) => `代${name}办理。`,
    delegatedBy: (name: string) => `${name}委托您办理。办好后交回，由${name}完成。`,
    delegated: '您已委托同事办理，交回后由您完成。',
    completed: (name: string) => `“${name}”已完成`,
    noCase: '这项任务不属于办件。',
    standard: '待审查的标准：',
    clocks: '期限',
  },
  en: {
    claim: 'Claim the task',
    release: 'Give it back',
    taken: 'Someone else has claimed this task; you can only look.',
    standingIn: (name: string) =>
      `${name} is absent and you stand in. It will be recorded that you did it for ${name}.`,
    wasFor: (name: string) => `Done on behalf of ${name}.`,
    delegatedBy: (name: string) =>
      `${name} delegated this to you. Give it back when done; ${name} completes it.`,
    delegated: 'You have delegated this to a colleague; you complete it when it comes back.',
    completed: (name: string) => `“${name}” is done`,
    noCase: 'This task belongs to no case.',
    standard: 'The standard to review:',
    clocks: 'Due dates',
  },
}

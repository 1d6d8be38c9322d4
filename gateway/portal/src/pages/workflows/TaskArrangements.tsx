import { Button } from 'antd'
import { useState, type FormEvent } from 'react'
import { useMutation } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { ColleagueSelect } from '../../components/staff/ColleagueSelect.tsx'
import { useText } from '../../i18n.ts'
import { navigate } from '../../router.tsx'
import { useSession } from '../../session.tsx'
import { DELEGATE, FOLLOW_UP, HAND_OVER, PRIORITISE, RECALL, type Task } from './task.ts'

/** Who works on a task and when it is looked at again, as far as the reader may arrange it. */
export function TaskArrangements({ task, reload }: { task: Task; reload: () => void }) {
  const text = useText(TEXT)
  const passesOn = task.mayDelegate || task.mayHandOver
  if (!passesOn && !task.mayRecall && !task.mayPlan && !task.mayPrioritise) return null
  return (
    <section className="task-form" aria-labelledby="arrangements">
      <h2 id="arrangements">{text.title}</h2>
      {task.mayRecall && <Recall task={task} reload={reload} />}
      {passesOn && <PassOn task={task} reload={reload} />}
      {task.mayPlan && <FollowUp task={task} reload={reload} />}
      {task.mayPrioritise && <Priority task={task} reload={reload} />}
    </section>
  )
}

interface PartProps {
  readonly task: Task
  readonly reload: () => void
}

function Recall({ task, reload }: PartProps) {
  const text = useText(TEXT)
  const recall = useMutation(RECALL)
  return (
    <>
      <Button
        loading={recall.running}
        onClick={() => void recall.run({ id: task.id }).then((done) => done && reload())}
      >
        {text.recall}
      </Button>
      {recall.error && <Failure error={recall.error} retry={reload} />}
    </>
  )
}

function PassOn({ task, reload }: PartProps) {
  const text = useText(TEXT)
  const delegate = useMutation(DELEGATE)
  const handOver = useMutation(HAND_OVER)
  const session = useSession()
  const me = session.state === 'signed-in' ? session.me.personId : undefined
  const [personId, setPersonId] = useState('')
  const error = delegate.error ?? handOver.error
  const chosen = { id: task.id, personId }
  return (
    <>
      <ColleagueSelect
        id="colleague"
        label={text.colleague}
        role={task.candidateRole}
        without={task.assignedToMe ? me : undefined}
        value={personId}
        onChange={setPersonId}
      />
      <p className="actions">
        {task.mayDelegate && (
          <Button
            id="delegate"
            disabled={personId === ''}
            loading={delegate.running}
            onClick={() => void delegate.run(chosen).then((done) => done && reload())}
          >
            {text.delegate}
          </Button>
        )}
        {task.mayHandOver && (
          <Button
            id="hand-over"
            disabled={personId === ''}
            loading={handOver.running}
            onClick={() => void handOver.run(chosen).then((done) => done && navigate('/desk'))}
          >
            {text.handOver}
          </Button>
        )}
      </p>
      <p className="quiet">{task.mayDelegate ? text.difference : text.forGood}</p>
      {error && <Failure error={error} />}
    </>
  )
}

function FollowUp({ task, reload }: PartProps) {
  const text = useText(TEXT)
  const save = useMutation(FOLLOW_UP)
  const [on, setOn] = useState(task.followUpOn ?? '')
  function send(event: FormEvent) {
    event.preventDefault()
    void save.run({ id: task.id, on: on || null }).then((done) => done && reload())
  }
  return (
    <form className="staff-choice" onSubmit={send} aria-busy={save.running}>
      <label htmlFor="follow-up">{text.followUp}</label>
      <input
        id="follow-up"
        type="date"
        className="input"
        value={on}
        onChange={(event) => setOn(event.target.value)}
      />
      <Button htmlType="submit" loading={save.running}>
        {text.save}
      </Button>
      {save.error && <Failure error={save.error} />}
    </form>
  )
}

function Priority({ task, reload }: PartProps) {
  const text = useText(TEXT)
  const save = useMutation(PRIORITISE)
  const [priority, setPriority] = useState(String(task.priority))
  const wanted = Number(priority)
  function send(event: FormEvent) {
    event.preventDefault()
    void save.run({ id: task.id, priority: wanted }).then((done) => done && reload())
  }
  return (
    <form className="staff-choice" onSubmit={send} aria-busy={save.running}>
      <label htmlFor="priority">{text.priority}</label>
      <input
        id="priority"
        type="number"
        min={0}
        max={100}
        className="input"
        value={priority}
        onChange={(event) => setPriority(event.target.value)}
      />
      <Button htmlType="submit" disabled={!Number.isInteger(wanted)} loading={save.running}>
        {text.save}
      </Button>
      {save.error && <Failure error={save.error} />}
    </form>
  )
}

const TEXT = {
  zh: {
    title: '安排',
    colleague: '同事',
    delegate: '委托办理',
    handOver: '转办',
    difference: '委托办理：同事办好后交回，仍由您完成。转办：此后由同事负责。',
    forGood: '转办后由所选同事负责。',
    recall: '收回委托',
    followUp: '跟进日期',
    priority: '优先级（0—100）',
    save: '保存',
  },
  en: {
    title: 'Arrange',
    colleague: 'Colleague',
    delegate: 'Delegate',
    handOver: 'Hand over',
    difference: 'Delegated, it comes back and you complete it. Handed over, it is the colleague’s.',
    forGood: 'Handed over, it is the colleague’s.',
    recall: 'Call it back',
    followUp: 'Follow up on',
    priority: 'Priority, 0 to 100',
    save: 'Save',
  },
}

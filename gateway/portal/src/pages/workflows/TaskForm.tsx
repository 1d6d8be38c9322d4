import { Button } from 'antd'
import { useState, type FormEvent } from 'react'
import { useMutation } from '../../api.ts'
import {
  asAnswer,
  controlId,
  Field,
  isEmpty,
  sectionsOf,
  useAnswerText,
  type FormField,
  useMissingText,
} from '../../components/Fields.tsx'
import type { ApiError } from '../../api.ts'
import { ErrorSummary, Failure, type FieldError } from '../../components/Notices.tsx'
import { PointsEditor, type Point } from '../../components/staff/PointsEditor.tsx'
import { useSay, useText } from '../../i18n.ts'
import { errorsOf } from '../service/application.ts'
import type { Case } from '../service/case.ts'
import { COMPLETE, RESOLVE, type Task } from './task.ts'
import { DraftState } from './DraftState.tsx'

interface TaskFormProps {
  readonly task: Task
  readonly file?: Case
  readonly reload: () => void
  readonly onCompleted: () => void
}

type Answers = Readonly<Record<string, unknown>>

/** What the server found wrong, a line for each field it names with what is wrong there. */
function faultsOf(error: ApiError, form: readonly FormField[], say: ReturnType<typeof useSay>): FieldError[] {
  const named = String(error.params['fields'] ?? '').split(',')
  const lines = form
    .filter(({ name }) => named.includes(name))
    .map(({ name, label }) => {
      const [zh, en] = [error.params[`zh.${name}`], error.params[`en.${name}`]].map(String)
      return { field: controlId(name), message: `${say(label)}：${say({ zh: zh ?? '', en: en ?? '' })}` }
    })
  return lines.length > 0 ? lines : errorsOf(error, form, say)
}

/** The form of a task as its process declares it. What was typed stays whatever the server answers. */
export function TaskForm({ task, file, reload, onCompleted }: TaskFormProps) {
  const text = useText(TEXT)
  const say = useSay()
  const missingText = useMissingText()
  const complete = useMutation(COMPLETE)
  const resolve = useMutation(RESOLVE)
  const [typed, setTyped] = useState<Answers>((task.draft?.answers ?? {}) as Answers)
  const [missing, setMissing] = useState<readonly FieldError[]>([])
  const error = complete.error ?? resolve.error
  const conflict = error?.kind === 'conflict'
  const refused = error && !conflict ? faultsOf(error, task.form, say) : []
  const works = task.mayComplete || task.mayResolve
  const errors = missing.length ? missing : refused

  const output = () =>
    Object.fromEntries(
      task.form.flatMap((field) => {
        const value = asAnswer(field, typed[field.name])
        return isEmpty(value) && value !== false ? [] : [[field.name, value] as const]
      }),
    )

  async function send(event: FormEvent) {
    event.preventDefault()
    // Who gives a delegated task back may leave the rest to its owner.
    if (task.mayResolve) {
      if (await resolve.run({ id: task.id, output: output() })) onCompleted()
      return
    }
    const lines = task.form
      .filter(({ name, required }) => required && isEmpty(typed[name]))
      .map((field) => ({ field: controlId(field.name), message: missingText(field) }))
    setMissing(lines)
    if (lines.length) return
    const done = await complete.run({ id: task.id, expectedVersion: task.version, output: output() })
    if (done) onCompleted()
  }

  if (task.status === 'COMPLETED') return <Outcome task={task} />
  return (
    <form
      className="task-form"
      onSubmit={(event) => void send(event)}
      noValidate
      aria-busy={complete.running || resolve.running}
    >
      <ErrorSummary errors={errors} />
      {error && conflict && (
        <>
          <Failure error={error} />
          <p>
            {text.kept} <Button onClick={reload}>{text.reload}</Button>
          </p>
        </>
      )}
      {!works && <p className="quiet">{task.mayClaim ? text.claimFirst : text.readOnly}</p>}
      {sectionsOf(task.form).map((section) => (
        <fieldset className="section" key={section.key}>
          {section.title && <legend>{say(section.title)}</legend>}
          {section.fields.map((field) => (
            <TaskField
              key={field.name}
              field={{ ...field, readOnly: field.readOnly || !works }}
              {...(file ? { file } : {})}
              value={typed[field.name]}
              error={errors.find((error) => error.field === controlId(field.name))?.message}
              onChange={(value) => setTyped((typed) => ({ ...typed, [field.name]: value }))}
            />
          ))}
        </fieldset>
      ))}
      {works && (
        <Button
          type="primary"
          htmlType="submit"
          size="large"
          loading={complete.running || resolve.running}
          id="complete"
        >
          {task.mayResolve ? text.resolve : text.complete}
        </Button>
      )}
      {works && task.assignedToMe && task.form.length > 0 && <DraftState task={task} typed={typed} />}
    </form>
  )
}

interface TaskFieldProps {
  readonly field: FormField
  readonly file?: Case
  readonly value: unknown
  readonly error: string | undefined
  readonly onChange: (value: unknown) => void
}

function TaskField({ field, file, value, error, onChange }: TaskFieldProps) {
  const say = useSay()
  // A running process may keep the form in which the points were a text.
  if (file && (field.widget === 'points' || field.name === 'correctionPoints'))
    return (
      <PointsEditor
        id={controlId(field.name)}
        label={say(field.label)}
        fields={file.form}
        materials={file.item.materials.map(({ code, name }) => ({ name: code, label: name }))}
        points={(value as readonly Point[] | undefined) ?? []}
        error={error}
        disabled={field.readOnly}
        onChange={onChange}
      />
    )
  return <Field field={field} value={value} error={error} onChange={onChange} />
}

function Outcome({ task }: { task: Task }) {
  const text = useText(TEXT)
  const say = useSay()
  const answerText = useAnswerText()
  const output = (task.output ?? {}) as Record<string, unknown>
  return (
    <section className="task-form">
      <h2>{text.done}</h2>
      <dl className="answers">
        {task.form.map((field) => (
          <div key={field.name}>
            <dt>{say(field.label)}</dt>
            <dd>{answerText(field, output[field.name])}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

const TEXT = {
  zh: {
    complete: '完成任务',
    resolve: '办好了，交回委托人',
    kept: '您填的内容还在。取得最新情况后可以再提交。',
    reload: '取得最新情况',
    claimFirst: '领取以后才能填写。',
    readOnly: '您只能查看这项任务。',
    done: '办理结果',
  },
  en: {
    complete: 'Complete the task',
    resolve: 'Done: give it back',
    kept: 'What you typed is still here. Take the latest state, then send again.',
    reload: 'Take the latest state',
    claimFirst: 'Claim the task before you fill it in.',
    readOnly: 'You can only look at this task.',
    done: 'Outcome',
  },
}

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
import { ErrorSummary, Failure, type FieldError } from '../../components/Notices.tsx'
import { PointsEditor, type Point } from '../../components/staff/PointsEditor.tsx'
import { useSay, useText } from '../../i18n.ts'
import { errorsOf } from '../service/application.ts'
import type { Case } from '../service/case.ts'
import { COMPLETE, type Task } from './task.ts'

interface TaskFormProps {
  readonly task: Task
  readonly file?: Case
  readonly reload: () => void
  readonly onCompleted: () => void
}

/** The form of a task as its process declares it. What was typed stays whatever the server answers. */
export function TaskForm({ task, file, reload, onCompleted }: TaskFormProps) {
  const text = useText(TEXT)
  const say = useSay()
  const missingText = useMissingText()
  const complete = useMutation(COMPLETE)
  const [typed, setTyped] = useState<Readonly<Record<string, unknown>>>({})
  const [missing, setMissing] = useState<readonly FieldError[]>([])
  const conflict = complete.error?.kind === 'conflict'
  const refused = complete.error && !conflict ? errorsOf(complete.error, task.form, say) : []
  const errors = missing.length ? missing : refused

  async function send(event: FormEvent) {
    event.preventDefault()
    const lines = task.form
      .filter(({ name, required }) => required && isEmpty(typed[name]))
      .map((field) => ({ field: controlId(field.name), message: missingText(field) }))
    setMissing(lines)
    if (lines.length) return
    const output = Object.fromEntries(
      task.form.flatMap((field) => {
        const value = asAnswer(field, typed[field.name])
        return isEmpty(value) && value !== false ? [] : [[field.name, value] as const]
      }),
    )
    const done = await complete.run({ id: task.id, expectedVersion: task.version, output })
    if (done) onCompleted()
  }

  if (task.status === 'COMPLETED') return <Outcome task={task} />
  return (
    <form
      className="task-form"
      onSubmit={(event) => void send(event)}
      noValidate
      aria-busy={complete.running}
    >
      <ErrorSummary errors={errors} />
      {complete.error && conflict && (
        <>
          <Failure error={complete.error} />
          <p>
            {text.kept} <Button onClick={reload}>{text.reload}</Button>
          </p>
        </>
      )}
      {!task.mayComplete && <p className="quiet">{task.mayClaim ? text.claimFirst : text.readOnly}</p>}
      {sectionsOf(task.form).map((section) => (
        <fieldset className="section" key={section.key}>
          {section.title && <legend>{say(section.title)}</legend>}
          {section.fields.map((field) => (
            <TaskField
              key={field.name}
              field={{ ...field, readOnly: field.readOnly || !task.mayComplete }}
              {...(file ? { file } : {})}
              value={typed[field.name]}
              error={errors.find((error) => error.field === controlId(field.name))?.message}
              onChange={(value) => setTyped((typed) => ({ ...typed, [field.name]: value }))}
            />
          ))}
        </fieldset>
      ))}
      {task.mayComplete && (
        <Button type="primary" htmlType="submit" size="large" loading={complete.running} id="complete">
          {text.complete}
        </Button>
      )}
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

/** The field of this name holds the points of a correction notice, which have an editor of their own. */
const CORRECTION_POINTS = 'correctionPoints'

function TaskField({ field, file, value, error, onChange }: TaskFieldProps) {
  const say = useSay()
  if (file && field.name === CORRECTION_POINTS)
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
    kept: '您填的内容还在。取得最新情况后可以再提交。',
    reload: '取得最新情况',
    claimFirst: '领取以后才能填写。',
    readOnly: '您只能查看这项任务。',
    done: '办理结果',
  },
  en: {
    complete: 'Complete the task',
    kept: 'What you typed is still here. Take the latest state, then send again.',
    reload: 'Take the latest state',
    claimFirst: 'Claim the task before you fill it in.',
    readOnly: 'You can only look at this task.',
    done: 'Outcome',
  },
}

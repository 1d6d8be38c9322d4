import type { ReactNode } from 'react'
import { useSay } from '../i18n.ts'
import { sectionsOf, useAnswerText, type FormField } from './Fields.tsx'
import { Origin, type AnswerOrigin } from './Origin.tsx'

interface AnswerListProps {
  readonly form: readonly FormField[]
  readonly answers: readonly (AnswerOrigin & { readonly field: string; readonly value?: unknown })[]
  /** What stands behind an answer, such as a link to change it. */
  readonly action?: (field: FormField) => ReactNode
}

/** Answers as a person reads them over: question, answer, where it came from. */
export function AnswerList({ form, answers, action }: AnswerListProps) {
  const say = useSay()
  const answerText = useAnswerText()
  const given = new Map(answers.map((answer) => [answer.field, answer]))
  return sectionsOf(form).map((section) => (
    <section key={section.key}>
      {section.title && <h2>{say(section.title)}</h2>}
      <dl className="answers">
        {section.fields.map((field) => {
          const answer = given.get(field.name)
          return (
            <div key={field.name} data-field={field.name}>
              <dt>{say(field.label)}</dt>
              <dd>
                {answerText(field, answer?.value)}
                {answer && answer.origin !== 'person' && <Origin answer={answer} />}
              </dd>
              {action && <dd>{action(field)}</dd>}
            </div>
          )
        })}
      </dl>
    </section>
  ))
}

import { defineErrors } from '../../core/errors.ts'
import type { BranchDefinition, Condition, ItemContent, Question, ScenarioDefinition } from './item.ts'

/** Answers to the questions that choose the scenario, by question id; `yes`, `no` or an option's value. */
export type QuestionAnswers = Readonly<Record<string, string>>

/** What the office knows of the applicant and never asks, such as a bar from the trade; absent when no register tells. */
export type Facts = Readonly<Record<string, string>>

export const errors = defineErrors('SERVICE', {
  SCENARIO_UNDECIDED: {
    kind: 'invalid',
    zh: '还不能确定适用情形，请回答：{questions}',
    en: 'The answers lead to no scenario yet; please answer {questions}',
  },
  SCENARIO_NOT_APPLICABLE: {
    kind: 'conflict',
    zh: '按您的回答，不能在此申请：{reason}',
    en: 'By your answers this is not the place to apply: {reason}',
  },
})

/**
 * The item's scenario for these answers: the first row all of whose conditions hold. A row that an open
 * question could still make hit leaves it undecided, so every complete set of answers has exactly one.
 *
 * @throws SERVICE_SCENARIO_UNDECIDED
 */
export function decide(
  { questions, scenarios }: Pick<ItemContent, 'questions' | 'scenarios'>,
  answers: QuestionAnswers,
  facts: Facts = {},
): ScenarioDefinition {
  const wrong = questions.filter((question) => !isOffered(question, answers[question.id])).map(({ id }) => id)
  if (wrong.length > 0) throw errors.SCENARIO_UNDECIDED({ questions: wrong.join(', ') })

  const asked = new Set(questions.map(({ id }) => id))
  for (const row of scenarios) {
    const failing = Object.entries(row.when).filter(([input, values]) => {
      const given = asked.has(input) ? answers[input] : facts[input]
      // A fact that no register tells is no ground for anything.
      return asked.has(input)
        ? given !== undefined && !values.includes(given)
        : !given || !values.includes(given)
    })
    if (failing.length > 0) continue
    const open = Object.keys(row.when).filter((input) => asked.has(input) && answers[input] === undefined)
    if (open.length > 0) throw errors.SCENARIO_UNDECIDED({ questions: open.join(', ') })
    return requireWhole(row, questions, answers)
  }
  throw errors.SCENARIO_UNDECIDED({ questions: questions.map(({ id }) => id).join(', ') })
}

/** An application needs every question answered, since staff and process read them too. */
function requireWhole(
  row: ScenarioDefinition,
  questions: readonly Question[],
  answers: QuestionAnswers,
): ScenarioDefinition {
  const open = questions.filter(({ id }) => answers[id] === undefined).map(({ id }) => id)
  if (row.outcome === 'apply' && open.length > 0)
    throw errors.SCENARIO_UNDECIDED({ questions: open.join(', ') })
  return row
}

function isOffered({ kind, options }: Question, answer: unknown): boolean {
  if (answer === undefined) return true
  if (kind === 'yes-no') return answer === 'yes' || answer === 'no'
  return options.some(({ value }) => value === answer)
}

/** The answers as texts; members that are no answer to a question are left out. */
export function readAnswers({ questions }: Pick<ItemContent, 'questions'>, input: unknown): QuestionAnswers {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return {}
  const given = new Map(Object.entries(input))
  return Object.fromEntries(
    questions.flatMap(({ id }) => {
      const value: unknown = given.get(id)
      if (value === undefined || value === null || value === '') return []
      return [[id, value === true ? 'yes' : value === false ? 'no' : String(value)]]
    }),
  )
}

/** The parts of the review that these answers ask for. */
export function branchesOf({ branches }: ScenarioDefinition, answers: QuestionAnswers): BranchDefinition[] {
  return branches.filter(({ when }) => when === undefined || holds(when, answers))
}

const holds = (when: Condition, answers: QuestionAnswers) =>
  Object.entries(when).every(([id, values]) => values.includes(answers[id] ?? ''))

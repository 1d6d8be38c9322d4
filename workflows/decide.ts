import {
  Compiled,
  type DecisionModel,
  errors,
  evaluateDecision,
  inputsNeeded,
  inputsOf,
  type PlainRule,
  plainAnswer,
} from './decisions/index.ts'
import type { BusinessRuleTask, ProcessDefinition } from './definition.ts'
import type { Warning } from './feel/index.ts'

/** What is kept of a decision a process made: which rules fired, with which inputs. */
export interface Decided {
  readonly decision: string
  readonly result: unknown
  readonly rules: readonly PlainRule[]
  readonly warnings: readonly Warning[]
}

/** Models are values of deployed versions, which never change: each is compiled once. */
const kept = new WeakMap<DecisionModel, Compiled>()

/** The model among them that has the decision or decision service, compiled. */
export function modelOf(models: readonly DecisionModel[], decision: string): Compiled | undefined {
  const model = models.find(({ decisions, services }) =>
    [...decisions, ...services].some(({ name }) => name === decision),
  )
  if (!model) return undefined
  const compiled = kept.get(model) ?? new Compiled(model, models)
  kept.set(model, compiled)
  return compiled
}

/**
 * What the node's decision gives for the variables of its inputs' names. Pure. A number that a double cannot
 * hold becomes the nearest one in the variable, and its text in what is kept.
 *
 * @throws DECISION_UNDECIDED where an error makes the result null, DECISION_NOT_FOUND, DECISION_INPUT_INVALID,
 *   FEEL_EVALUATION_TOO_LONG
 */
export function decide(
  { decisions = [] }: ProcessDefinition,
  { decision }: BusinessRuleTask,
  variables: Readonly<Record<string, unknown>>,
  now: Date,
): { readonly result: unknown; readonly decided: Decided } {
  const compiled = modelOf(decisions, decision)
  if (!compiled) throw errors.NOT_FOUND({ name: decision, known: '' })
  const names = inputsNeeded(compiled, decision).map(({ name }) => name)
  const given = names.filter((name) => Object.hasOwn(variables, name))
  const inputs = inputsOf(
    compiled,
    decision,
    Object.fromEntries(given.map((name) => [name, variables[name]])),
  )
  const evaluated = evaluateDecision(compiled, decision, inputs, now)
  const [warning] = evaluated.warnings
  if (evaluated.value === null && warning) throw errors.UNDECIDED({ decision, reason: warning.en })
  const { result } = plainAnswer(evaluated, (number) => number.toNumber())
  return { result, decided: { decision, ...plainAnswer(evaluated) } }
}

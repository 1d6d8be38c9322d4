import { type Binding, bindingTo } from '../standards/index.ts'
import { modelOf } from './decide.ts'
import { answersOf, Compiled, type Reading, readingsOf } from './decisions/index.ts'
import { type Activity, isActivity, type Node, type ProcessDefinition } from './definition.ts'
import { namings } from './expressions/index.ts'
import type { Pack } from './pack.ts'
import { isWritten } from './timer.ts'

/** The standards that the values of one name are of. */
interface Typed {
  readonly name: string
  readonly elementCode?: string | undefined
  readonly codeListId?: string | undefined
}

/**
 * The standards a process uses (2.6), and where: the fields of its forms and its variables that name one, and every
 * FEEL expression and decision that reads such a field or variable, with the codes it compares it with.
 */
export function bindingsOf(definition: ProcessDefinition, { forms }: Pick<Pack, 'forms'>): Binding[] {
  const fields = Object.entries(forms).flatMap(([form, { fields }]) =>
    fields.map((field) => ({ form, field })),
  )
  const typed = new Map<string, Typed[]>()
  for (const one of [...definition.variables, ...fields.map(({ field }) => field)])
    typed.set(one.name, [...(typed.get(one.name) ?? []), one])
  return [
    ...definition.variables.flatMap((variable) => to(variable, `variable#${variable.name}`)),
    ...fields.flatMap(({ form, field }) => {
      const offered = field.options.map(({ value }) => value)
      return to(field, `${form}.${field.name}`, offered.length === 0 ? undefined : offered)
    }),
    ...expressionsOf(definition).flatMap(({ place, text }) =>
      namings(text).flatMap(({ name, texts }) =>
        (typed.get(name) ?? []).flatMap((one) => to(one, place, texts ?? undefined)),
      ),
    ),
    ...decisionReadings(definition).flatMap(({ place, name, texts }) =>
      (typed.get(name) ?? []).flatMap((one) => to(one, place, texts ?? undefined)),
    ),
  ]
}

/** What the pack's decisions read of the process's variables, and the codes they answer into one. */
function decisionReadings({ decisions = [], nodes }: ProcessDefinition): Reading[] {
  const answered = Object.values(nodes).flatMap((node): Reading[] => {
    if (node.kind !== 'businessRuleTask') return []
    const { decision, resultVariable } = node
    const model = modelOf(decisions, decision)
    const place = `${decision}#${resultVariable}`
    return model ? [{ place, name: resultVariable, texts: answersOf(model, decision) }] : []
  })
  return [...decisions.flatMap((model) => readingsOf(new Compiled(model, decisions))), ...answered]
}

function to({ elementCode, codeListId }: Typed, place: string, values?: readonly string[]): Binding[] {
  return [
    ...(elementCode === undefined ? [] : [bindingTo('element', elementCode, place, values)]),
    ...(codeListId === undefined ? [] : [bindingTo('code-list', codeListId, place, values)]),
  ]
}

interface Expression {
  /** Id of the flow or node, `#` and what the expression decides there. */
  readonly place: string
  readonly text: string
}

function expressionsOf({ flows, nodes }: ProcessDefinition): Expression[] {
  return [
    ...Object.values(flows).flatMap(({ id, condition }) =>
      condition === undefined ? [] : [{ place: `${id}#condition`, text: condition }],
    ),
    ...Object.values(nodes).flatMap(expressionsIn),
  ]
}

function expressionsIn(node: Node): Expression[] {
  const at = (what: string, text: string | undefined): Expression[] =>
    text === undefined ? [] : [{ place: `${node.id}#${what}`, text }]
  const trigger = 'awaits' in node ? node.awaits : 'throws' in node ? node.throws : undefined
  return [
    ...('organisation' in node ? at('organisation', node.organisation) : []),
    ...(trigger?.kind === 'message' ? at('correlationKey', trigger.correlationKey) : []),
    ...(trigger?.kind === 'condition' ? at('condition', trigger.condition) : []),
    // A time in ISO 8601 is no expression.
    ...(trigger?.kind === 'timer' && !isWritten(trigger) ? at('timer', trigger.text) : []),
    ...(isActivity(node) ? expressionsOfActivity(node, at) : []),
  ]
}

function expressionsOfActivity(
  node: Activity,
  at: (what: string, text: string | undefined) => Expression[],
): Expression[] {
  const { loop, inputs = [], outputs = [] } = node
  return [
    ...inputs.flatMap(({ from, to }) => at(`input.${to}`, from)),
    ...outputs.flatMap(({ from, to }) => at(`output.${to}`, from)),
    ...(loop?.kind === 'standard' ? at('loopCondition', loop.condition) : []),
    ...(loop?.kind === 'multi'
      ? [
          ...at('loopCardinality', loop.cardinality),
          ...at('collection', loop.collection),
          ...at('completionCondition', loop.until),
        ]
      : []),
    ...(node.kind === 'adHocSubProcess' ? at('completionCondition', node.until) : []),
  ]
}

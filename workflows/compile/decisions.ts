import { checkModel, Compiled, type DecisionModel, inputsNeeded } from '../decisions/index.ts'
import { modelOf } from '../decide.ts'
import type { BusinessRuleTask, ProcessDefinition, Variable } from '../definition.ts'
import { declaredAt } from '../runtime/step/variables.ts'
import { type FeelType } from '../feel/index.ts'
import type { Findings } from './finding.ts'

/** The findings of the pack's decision tables: overlaps keep it from being deployed, gaps are warnings. */
export function checkDecisions(models: readonly DecisionModel[], findings: Findings): void {
  const seen = new Set<string>()
  for (const model of models) {
    for (const { rule, severity, decision, zh, en } of checkModel(new Compiled(model, models)))
      if (severity === 'error') findings.add(`decision-${rule}`, decision, zh, en)
      else findings.warn(`decision-${rule}`, decision, zh, en)
    for (const { name } of [...model.decisions, ...model.services]) {
      if (seen.has(name))
        findings.add('decision-duplicate', name, `决策“${name}”重复`, `Two files have a decision “${name}”`)
      seen.add(name)
    }
  }
}

export function checkBusinessRuleTasks(definition: ProcessDefinition, findings: Findings): void {
  for (const node of Object.values(definition.nodes))
    if (node.kind === 'businessRuleTask')
      checkTask(node, declaredAt(definition, node.id), definition.decisions ?? [], findings)
}

/** A business rule task's decision exists, and its inputs and its result are declared variables of fitting types. */
function checkTask(
  { id, decision, resultVariable }: BusinessRuleTask,
  variables: readonly Variable[],
  models: readonly DecisionModel[],
  findings: Findings,
): void {
  const compiled = modelOf(models, decision)
  if (!compiled) {
    const en =
      decision === ''
        ? 'The task does not say which decision it makes: add gdbos:decision'
        : `The pack has no decision “${decision}”`
    const zh = decision === '' ? '任务未指明决策（gdbos:decision）' : `流程包中没有决策“${decision}”`
    findings.add('decision-unknown', id, zh, en)
  }
  const declared = new Map(variables.map(({ name, type }) => [name, type]))
  if (!declared.has(resultVariable))
    findings.add(
      'decision-result-undeclared',
      id,
      `结果变量“${resultVariable}”未声明（gdbos:resultVariable）`,
      `The variable of the result, “${resultVariable}”, is not declared (gdbos:resultVariable)`,
    )
  for (const { name, typeRef } of compiled ? inputsNeeded(compiled, decision) : []) {
    const type = declared.get(name)
    if (type === undefined) {
      const en = `The input “${name}” of “${decision}” is no declared variable`
      findings.add('decision-input-undeclared', id, `决策“${decision}”的输入“${name}”不是已声明的变量`, en)
    } else if (!fits(type, compiled?.type(typeRef))) {
      const en = `The input “${name}” of “${decision}” is ${typeRef}, but the variable is ${type}`
      const zh = `决策“${decision}”的输入“${name}”为${typeRef}，变量为${type}`
      findings.add('decision-input-type', id, zh, en)
    }
  }
}

const KINDS: Readonly<Record<string, readonly string[]>> = {
  string: ['string'],
  number: ['number'],
  boolean: ['boolean'],
  date: ['date', 'date and time'],
  'date-time': ['date and time'],
  duration: ['days and time duration', 'years and months duration'],
  list: ['list'],
  context: ['context'],
}

/** A DMN type that takes what the variable holds; an unknown one is the model's own finding. */
function fits(variable: Variable['type'], type: FeelType | undefined): boolean {
  if (!type || variable === 'any' || type.kind === 'any') return true
  if (type.kind === 'constrained') return fits(variable, type.of)
  return KINDS[variable]?.includes(type.kind === 'basic' ? type.name : type.kind) ?? false
}

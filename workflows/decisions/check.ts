import { type Compiled, partsOf } from './compiled.ts'
import { checkTable } from './check-table.ts'
import { checkText, error } from './check-text.ts'
import type { DecisionFinding } from './finding.ts'
import type { Boxed, Decision, Knowledge } from './model.ts'

/**
 * All findings of a model: expressions that do not parse, types and requirements that do not exist, rules of a
 * table that overlap against its hit policy or can never be reached, and inputs no rule answers.
 */
export function checkModel(compiled: Compiled): DecisionFinding[] {
  const { decisions, knowledge, imports } = compiled.model
  const missing = imports.filter(({ name }) => !compiled.imported.has(name))
  return [
    ...missing.map(({ name, namespace }) =>
      error(
        'import-unknown',
        name,
        `没有提供引入的模型“${namespace}”`,
        `The imported model “${namespace}” is not given`,
      ),
    ),
    ...[...decisions, ...knowledge].flatMap((element) => [
      ...checkRequirements(element, compiled),
      ...checkBoxed(element.logic, element.name, compiled),
    ]),
  ]
}

function checkRequirements({ name, requires }: Decision | Knowledge, { model }: Compiled): DecisionFinding[] {
  const { inputs, decisions, knowledge, services, namespace } = model
  const ids = new Set([...inputs, ...decisions, ...knowledge, ...services].map(({ id }) => id))
  return requires
    .filter((one) => (one.namespace === undefined || one.namespace === namespace) && !ids.has(one.id))
    .map(({ id }) =>
      error('requirement-unknown', name, `所需的“${id}”不存在`, `“${id}”, which it requires, does not exist`),
    )
}

function checkBoxed(boxed: Boxed, decision: string, compiled: Compiled): DecisionFinding[] {
  const own: DecisionFinding[] = []
  if (boxed.typeRef !== undefined && !compiled.type(boxed.typeRef))
    own.push(
      error('type-unknown', decision, `没有类型“${boxed.typeRef}”`, `There is no type “${boxed.typeRef}”`),
    )
  if (boxed.kind === 'literal') own.push(...checkText(() => compiled.expression(boxed.text), decision))
  if (boxed.kind === 'table') own.push(...checkTable(boxed, decision, compiled))
  if (boxed.kind === 'function' && boxed.isExternal)
    own.push(
      error('function-external', decision, '不运行外部函数', 'A function of another language is not run'),
    )
  return [...own, ...partsOf(boxed).flatMap((inner) => checkBoxed(inner, decision, compiled))]
}

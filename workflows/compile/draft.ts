import type { Texts } from '../../core/errors.ts'
import type { Flow, Variable } from '../definition.ts'
import { VARIABLE_TYPES, type VariableType } from '../definition.ts'
import { check } from '../expressions/index.ts'
import type { Findings } from './finding.ts'
import { elementIn, elementsIn, idOf, type ModelElement, textIn } from './model.ts'

export const nameOf = (element: ModelElement): Texts => {
  const zh = textIn(element, 'name') ?? idOf(element)
  return { zh, en: textIn(element, 'nameEn') ?? zh }
}

/** The variables a process, sub-process or task declares, each name once and usable in FEEL. */
export function variablesOf(process: ModelElement, findings: Findings): Variable[] {
  const extension = elementIn(process, 'extensionElements')
  const declared = extension
    ? elementsIn(extension, 'values').filter(({ $type }) => $type === 'gdbos:Variable')
    : []
  const variables = new Map<string, Variable>()
  for (const element of declared) {
    const name = textIn(element, 'name') ?? ''
    const type = textIn(element, 'type') ?? ''
    const [elementCode, codeListId] = [textIn(element, 'elementCode'), textIn(element, 'codeListId')]
    if (variables.has(name))
      findings.add(
        'variable-duplicate',
        idOf(process),
        `变量“${name}”重复声明`,
        `The variable “${name}” is declared twice`,
      )
    else if (!isVariableName(name))
      findings.add(
        'variable-invalid',
        idOf(process),
        `变量名“${name}”不可用`,
        `“${name}” cannot name a variable`,
      )
    else if (!isVariableType(type))
      findings.add(
        'variable-invalid',
        idOf(process),
        `变量“${name}”的类型“${type}”无效，可用：${VARIABLE_TYPES.join('、')}`,
        `The type “${type}” of “${name}” is not one of ${VARIABLE_TYPES.join(', ')}`,
      )
    else if (elementCode !== undefined && !/^DE\d{8}$/.test(elementCode))
      findings.add(
        'variable-invalid',
        idOf(process),
        `变量“${name}”的数据元“${elementCode}”无效`,
        `“${elementCode}”, which “${name}” names, is no data element`,
      )
    else
      variables.set(name, {
        name,
        type,
        ...(elementCode !== undefined && { elementCode }),
        ...(codeListId !== undefined && { codeListId }),
      })
  }
  return [...variables.values()]
}

const isVariableType = (type: string): type is VariableType =>
  (VARIABLE_TYPES as readonly string[]).includes(type)

/** One word that FEEL reads as a name and JSON as an ordinary member. */
export function isVariableName(name: string): boolean {
  if (!/^[\p{L}_][\p{L}\p{N}_]{0,62}$/u.test(name) || name === '__proto__' || name === 'item') return false
  try {
    return check(name, [{ name, type: 'any' }]).reads[0] === name
  } catch {
    // A keyword of FEEL does not parse as a name.
    return false
  }
}

export function flowOf(element: ModelElement): Flow {
  const source = elementIn(element, 'sourceRef')
  const target = elementIn(element, 'targetRef')
  const written = elementIn(element, 'conditionExpression')
  const condition = written && textIn(written, 'body')
  return {
    id: idOf(element),
    source: source ? idOf(source) : '',
    target: target ? idOf(target) : '',
    ...(written && { condition: condition ?? '' }),
  }
}

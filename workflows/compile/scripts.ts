import { EXECUTABLE_FOREIGN } from './elements.ts'
import { NAMESPACE } from './extension.ts'
import type { Findings } from './finding.ts'
import { type ModelElement, textIn, walk } from './model.ts'

/**
 * No JavaScript in a model (K5): script tasks, conditions in another language than FEEL, listeners and
 * attributes of other engines that run something. Looked for everywhere, in other pools and data notes too.
 */
export function refuseScripts(top: ModelElement, findings: Findings): void {
  for (const { element, near } of walk(top)) {
    if (element.$type === 'bpmn:ScriptTask')
      script(findings, near, 'scriptTask', '改用服务任务，由模块的任务完成', 'use a service task of a module')
    const language = textIn(element, 'language')
    if (element.$type.endsWith('FormalExpression') && language !== undefined && !/feel/i.test(language))
      script(findings, near, language, '改用FEEL表达式', 'write it in FEEL')
    const implementation = textIn(element, 'implementation')
    if (implementation !== undefined && /[${}()=;]|javascript:/i.test(implementation))
      script(findings, near, implementation, '写出模块任务的名称', 'name a task of a module')
    if (!/^(?:bpmn|bpmndi|di|dc|gdbos|xsi):/.test(element.$type)) refuseForeign(element.$type, near, findings)
    for (const attribute of Object.keys(element.$attrs ?? {})) {
      if (attribute.startsWith('gdbos:')) refuseUnknown(attribute, near, findings)
      else if (attribute.includes(':')) refuseForeign(attribute, near, findings)
    }
    if (element.$type.startsWith('gdbos:') && !OWN.has(element.$type))
      refuseUnknown(element.$type, near, findings)
  }
  refuseLanguage(top, findings)
}

const OWN = new Set(['gdbos:Variable', 'gdbos:Input', 'gdbos:Output'])

/** `expressionLanguage` of the file holds for every expression that names none. */
function refuseLanguage(top: ModelElement, findings: Findings): void {
  const language = textIn(top, 'expressionLanguage')
  const standard = 'http://www.w3.org/1999/XPath'
  if (language !== undefined && language !== standard && !/feel/i.test(language))
    script(findings, '', language, '改用FEEL表达式', 'write expressions in FEEL')
}

function refuseForeign(name: string, near: string, findings: Findings): void {
  const local = name.slice(name.indexOf(':') + 1)
  const local0 = local.charAt(0).toLowerCase() + local.slice(1)
  if (EXECUTABLE_FOREIGN.test(local0))
    script(findings, near, name, '删除；改用模块的任务', 'remove it; use a task of a module')
}

function refuseUnknown(name: string, near: string, findings: Findings): void {
  const en = `${name} is not part of ${NAMESPACE}`
  findings.add('extension-unknown', near, `${NAMESPACE} 没有“${name}”`, en)
}

function script(findings: Findings, near: string, what: string, zh: string, en: string): void {
  const shown = what.slice(0, 80)
  findings.add(
    'script-forbidden',
    near,
    `不允许脚本（${shown}）：${zh}`,
    `No script runs here (${shown}): ${en}`,
  )
}

import type { Findings } from './finding.ts'
import { type ModelElement, walk } from './model.ts'

/** What to write in the place of the commonest extensions of other engines, by local name. */
const INSTEAD: Readonly<Record<string, string>> = {
  formKey: 'gdbos:formKey',
  assignee: 'gdbos:candidateRole',
  candidateUsers: 'gdbos:candidateRole',
  candidateGroups: 'gdbos:candidateRole',
  assignmentDefinition: 'gdbos:candidateRole',
  formDefinition: 'gdbos:formKey',
  collection: 'loopDataInputRef',
  elementVariable: 'inputDataItem',
  loopCharacteristics: 'loopDataInputRef, inputDataItem',
  calledElementBinding: 'gdbos:calledVersion',
  calledElementVersion: 'gdbos:calledVersion',
  calledElement: 'calledElement',
  inputOutput: 'dataInputAssociation, gdbos:input',
  ioMapping: 'dataInputAssociation, gdbos:input',
  in: 'dataInputAssociation, gdbos:input',
  out: 'dataOutputAssociation, gdbos:output',
  topic: 'implementation',
  type: 'implementation',
  taskDefinition: 'implementation',
  subscription: 'correlationSubscription, gdbos:correlationKey',
  resultVariable: 'gdbos:output',
  dueDate: 'gdbos:limitDays',
  versionTag: 'version',
  errorCodeVariable: 'errorCode',
}

/** Drawing aids of editors, which no engine reads. */
const DRAWING = new Set([
  'bioc',
  'color',
  'modeler',
  'xmlns',
  'xml',
  'xsi',
  'bpmn',
  'bpmndi',
  'di',
  'dc',
  'gdbos',
])

/**
 * Attributes and elements of other engines' namespaces are never obeyed and never silently dropped: each
 * element that has some is named, with what the standard or this platform has for it.
 */
export function reportVendors(top: ModelElement, findings: Findings): void {
  const found = new Map<string, Set<string>>()
  const note = (near: string, name: string) => {
    const prefix = name.slice(0, name.indexOf(':'))
    if (!name.includes(':') || DRAWING.has(prefix)) return
    found.set(near, (found.get(near) ?? new Set()).add(name))
  }
  for (const { element, near } of walk(top)) {
    note(near, element.$type)
    for (const attribute of Object.keys(element.$attrs ?? {})) note(near, attribute)
  }
  for (const [near, names] of found) {
    const listed = [...names].sort().map(withInstead)
    const en = `Extensions of another engine have no effect here: ${listed.join(', ')}`
    findings.warn('extension-ignored', near, `其他引擎的扩展在此无效：${listed.join('、')}`, en)
  }
}

function withInstead(name: string): string {
  const local = name.slice(name.indexOf(':') + 1)
  const known = local.charAt(0).toLowerCase() + local.slice(1)
  const instead = Object.hasOwn(INSTEAD, known) ? INSTEAD[known] : undefined
  return instead === undefined ? name : `${name} → ${instead}`
}

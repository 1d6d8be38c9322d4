import { expect } from 'chai'
import { gate, type ProcessDefinition, type Report } from '../../workflows/index.ts'

/** BPMN around the elements of one process; `variables` are `name:type`. */
export function model(
  elements: string,
  { variables = [] as readonly string[], key = 'p', before = '' } = {},
): string {
  const declared = variables.map((one) => {
    const [name, type] = one.split(':')
    return `<gdbos:variable name="${name}" type="${type}"/>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:gdbos="urn:gdbos:bpmn:1"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="definitions" targetNamespace="urn:test">
  <message id="m_go" name="go"/><message id="m_stop" name="stop"/><error id="e_bad" errorCode="AREA_BAD"/>
  ${before}
  <process id="${key}" isExecutable="true">
    <extensionElements>${declared.join('')}</extensionElements>
    ${elements}
  </process>
</definitions>`
}

/** Sequence flows of a chain: `chain('a b c')` joins a to b and b to c; ids are `a_b`. */
export function chain(text: string): string {
  const nodes = text.trim().split(/\s+/)
  return nodes
    .slice(1)
    .map((node, index) => flow(`${nodes[index]}`, node))
    .join('')
}

export const flow = (from: string, to: string, condition?: string) =>
  `<sequenceFlow id="${from}_${to}" sourceRef="${from}" targetRef="${to}">${
    condition === undefined
      ? ''
      : `<conditionExpression xsi:type="tFormalExpression">${condition.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</conditionExpression>`
  }</sequenceFlow>`

export const known = {
  tasks: new Set(['area.work', 'area.send']),
  commands: new Set(['area.decide']),
}

export const checked = (xml: string): Promise<Report> => gate(xml, { known })

/** The compiled definition of a model that must pass the gate. */
export async function compiled(xml: string): Promise<ProcessDefinition> {
  const { definition, findings } = await checked(xml)
  expect(findings).to.deep.equal([])
  if (!definition) throw new Error('the gate passed the model but compiled nothing')
  return definition
}

export const userTask = (id: string, attributes = '') => `<userTask id="${id}" ${attributes}/>`
export const serviceTask = (id: string, task = 'area.work') =>
  `<serviceTask id="${id}" implementation="${task}"/>`
export const message = (ref = 'm_go', key = '') =>
  `<messageEventDefinition id="d_${Math.abs(hash(ref + key))}_${counter()}" messageRef="${ref}" ${key === '' ? '' : `gdbos:correlationKey="${key}"`}/>`
export const timer = (duration: string) =>
  `<timerEventDefinition id="t_${counter()}"><timeDuration xsi:type="tFormalExpression">${duration}</timeDuration></timerEventDefinition>`

let count = 0
const counter = () => (count += 1)

function hash(text: string): number {
  return [...text].reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) | 0, 7)
}

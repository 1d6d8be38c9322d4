import type { Node, ProcessDefinition } from '../definition.ts'
import type { Findings } from './finding.ts'

/** Where conditions must stand, may stand and must not. */
export function checkConditions(definition: ProcessDefinition, findings: Findings): void {
  for (const node of Object.values(definition.nodes)) checkWaysOut(node, definition, findings)
}

function checkWaysOut(node: Node, { flows }: ProcessDefinition, findings: Findings): void {
  const out = Object.values(flows).filter(({ source }) => source === node.id)
  const chooses = node.kind === 'exclusiveGateway' || node.kind === 'inclusiveGateway'
  const fallback = chooses ? node.defaultFlow : undefined
  if (fallback !== undefined && !out.some(({ id }) => id === fallback)) {
    const en = `The default flow “${fallback}” does not leave this gateway`
    findings.add('gateway-default-foreign', node.id, `默认连线“${fallback}”不从此网关出发`, en)
  }
  for (const { id, condition } of out) {
    if (condition === undefined) continue
    if (!chooses) {
      const en = 'A condition stands only after an exclusive or inclusive gateway'
      findings.add('condition-misplaced', id, '条件只能写在独占或包容网关之后', en)
    } else if (id === fallback)
      findings.add('condition-misplaced', id, '默认连线不写条件', 'The default flow has no condition')
  }
  if (!chooses || out.length < 2) return
  for (const { id, condition } of out) {
    if (condition !== undefined || id === fallback) continue
    const en = 'This way out has no condition and is not the default: it would never or always be taken'
    findings.add('gateway-condition-missing', id, '此连线既无条件又非默认', en)
  }
  if (fallback === undefined) {
    const en = 'No default flow: when no condition holds the process stands still'
    findings.add('gateway-default-missing', node.id, '没有默认连线：条件都不成立时流程无法继续', en)
  }
}

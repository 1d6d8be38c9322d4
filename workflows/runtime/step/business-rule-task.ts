import { decide } from '../../decide.ts'
import type { BusinessRuleTask } from '../../definition.ts'
import type { Machine } from './machine.ts'
import type { Token } from './state.ts'
import { accepted } from './variables.ts'

export function enter(machine: Machine, node: BusinessRuleTask): void {
  const token = machine.rest(node)
  machine.entered(node, token.id)
  begin(machine, node, token)
}

/** Decides within the step and goes on; a decision that cannot be made leaves the token there. */
export function begin(machine: Machine, node: BusinessRuleTask, token: Token): void {
  machine.guarded(token, () => {
    const { result, decided } = decide(machine.definition, node, machine.state.variables, machine.now)
    const output = accepted(machine.definition, { [node.resultVariable]: result })
    machine.effect({ kind: 'decided', node: node.id, token: token.id, decided })
    machine.lift(token)
    machine.merge(output)
    machine.leave(node, token.id)
  })
}

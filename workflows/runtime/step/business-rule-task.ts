import { decide } from '../../decide.ts'
import type { BusinessRuleTask } from '../../definition.ts'
import { finish } from './activity.ts'
import type { Machine } from './machine.ts'
import { type Token, valuesAt, type Variables } from './state.ts'
import { accepted } from './variables.ts'

/** Decides within the step and goes on; a decision that cannot be made leaves the token there. */
export function perform(machine: Machine, node: BusinessRuleTask, token: Token): void {
  const { definition, now } = machine
  let output: Variables = {}
  const isDecided = machine.guarded(token, () => {
    const { result, decided } = decide(definition, node, valuesAt(machine.state, token.id), now)
    output = accepted(definition, { [node.resultVariable]: result }, node.id)
    machine.effect({ kind: 'decided', node: node.id, token: token.id, decided })
  })
  if (isDecided) finish(machine, token, output)
}

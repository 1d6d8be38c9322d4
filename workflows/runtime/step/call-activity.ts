import type { CallActivity, Mapping } from '../../definition.ts'
import { declaredAt } from './variables.ts'
import type { Machine } from './machine.ts'
import { type Token, valuesAt, type Variables } from './state.ts'

/**
 * Asks for an instance of the called process, whose end, error or escalation comes back as a command. With
 * inputs it gets those and nothing else; without, the variables declared here.
 */
export function perform(machine: Machine, node: CallActivity, token: Token): void {
  machine.guarded(token, () => {
    const variables = node.inputs ? inputsOf(machine, node.inputs, token) : given(machine, token)
    machine.effect({
      ...{ kind: 'call-asked', token: token.id, node: node.id },
      ...{ called: node.called, version: node.version ?? null, variables },
    })
  })
}

/** Worked out already, when the token got its own variables. */
function inputsOf(machine: Machine, inputs: readonly Mapping[], { id }: Token): Variables {
  const own = machine.tokenAt(id)?.variables
  return Object.fromEntries(inputs.map(({ to }) => [to, own?.[to] ?? null]))
}

function given(machine: Machine, token: Token): Variables {
  const values = valuesAt(machine.state, token.id)
  const names = declaredAt(machine.definition, token.node).map(({ name }) => name)
  return Object.fromEntries(names.flatMap((name) => (name in values ? [[name, values[name]]] : [])))
}

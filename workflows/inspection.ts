import type { ProcessDefinition, VariableType } from './definition.ts'
import { nodeOf } from './definition.ts'
import { localsOf } from './outline.ts'
import { isReserved } from './answer.ts'
import type { Instance } from './runtime/instance.ts'
import { isSkippable, Machine, startable, type State, targetsOf } from './runtime/step/index.ts'

/** A value that an instance holds, with the token that holds it (0 for the process itself). */
export interface HeldVariable {
  readonly token: number
  /** Where the token stands; null for the process itself. */
  readonly node: string | null
  readonly name: string
  /** `any` where none is declared. */
  readonly type: VariableType
  readonly isDeclared: boolean
  readonly value: unknown
  /** Some names are the runtime's own. */
  readonly maySet: boolean
}

/** The variables of an instance, those of the process first; what is declared and has no value is null. */
export function variablesOf(
  definition: ProcessDefinition,
  { state }: Pick<Instance, 'state'>,
): HeldVariable[] {
  const scopes = [
    { token: 0, node: null, declared: definition.variables, values: state.variables },
    ...state.tokens.flatMap(({ id, node, variables }) =>
      variables ? [{ token: id, node, declared: localsOf(nodeOf(definition, node)), values: variables }] : [],
    ),
  ]
  return scopes.flatMap(({ token, node, declared, values }) => {
    const types = new Map(declared.map(({ name, type }) => [name, type]))
    const names = new Set([...types.keys(), ...Object.keys(values)])
    return [...names].map((name) => ({
      ...{ token, node, name },
      type: types.get(name) ?? ('any' as const),
      isDeclared: types.has(name),
      value: Object.hasOwn(values, name) ? (values[name] ?? null) : null,
      maySet: !isReserved(name),
    }))
  })
}

/** What an operator may do with a token; the step function decides again when it is done. */
export interface Possible {
  readonly maySkip: boolean
  /** Nodes it may be taken to. */
  readonly moveTargets: readonly string[]
  /** Activities a person may begin now, in an ad-hoc sub-process. */
  readonly startable: readonly string[]
}

const NOTHING: Possible = { maySkip: false, moveTargets: [], startable: [] }

/** Of one token of a state that runs; nothing where it does not. */
export function possibleFor(definition: ProcessDefinition, state: State, id: number): Possible {
  const token = state.tokens.find((one) => one.id === id)
  if (!token || state.status !== 'running') return NOTHING
  const machine = new Machine(definition, state, new Date(0))
  const node = machine.node(token.node)
  return {
    maySkip: isSkippable(node),
    moveTargets: targetsOf(machine, token).map((target) => target.id),
    startable: startable(definition, node.id).map((activity) => activity.id),
  }
}

import { DomainError } from '../../core/errors.ts'
import type { ProcessDefinition } from '../definition.ts'
import type { Instance } from '../runtime/instance.ts'
import { accepted, leaves, type State, step } from '../runtime/step/index.ts'
import { mappedBy, migrate, type NodeMapping, type Obstacle } from '../runtime/step/migration.ts'
import { movesBetween, rearm, type Rearmed } from '../runtime/step/rearm.ts'
import { NO_WAITS } from './migration.ts'
import { type Rows, waitsIn } from './waits.ts'

/** From which definition to which, and how. */
export interface Course {
  readonly from: ProcessDefinition
  readonly to: ProcessDefinition
  readonly mapping: NodeMapping
}

/** What the plan makes of one instance. */
export type Move =
  | {
      readonly state: State
      readonly visited: readonly string[]
      readonly rearmed: Rearmed
      /** Where tokens stood and stand; see {@link movesBetween}. */
      readonly stays: readonly (readonly [string, string])[]
      /** Something follows of itself in the new version, as where a condition holds already that waits only there. */
      readonly goesOn: boolean
      readonly obstacles: readonly []
    }
  | { readonly state: undefined; readonly obstacles: readonly Obstacle[] }

/** Works out a move; pure, so that a rehearsal is the same as the execution without the writing. */
export function moveOf(
  { from, to, mapping }: Course,
  { state, visited }: Pick<Instance, 'state' | 'visited'>,
  rows: Rows,
  now: Date,
): Move {
  const migrated = migrate(from, to, mapping, state)
  if (!migrated.state) return migrated
  const after = migrated.state
  const misfits = [...misfitsIn(to, after)]
  if (misfits.length > 0) return { state: undefined, obstacles: misfits }
  const rearmed = rearm({ from, to, mapping, before: state, after, waits: waitsIn(rows, now), now })
  if (rearmed.obstacles.length > 0) return { state: undefined, obstacles: rearmed.obstacles }
  const known = [...new Set(visited.map(mappedBy(mapping)))]
  const stays = movesBetween(from, state, after)
  try {
    const goesOn = after.status === 'running' && step(to, after, { kind: 'settle' }, now).effects.length > 0
    return { state: after, visited: known, rearmed, stays, goesOn, obstacles: [] }
  } catch (error) {
    // A condition that refuses what the instance holds is an obstacle of it; a bug goes on upwards.
    if (!(error instanceof DomainError)) throw error
    const { zh, en } = error.messages
    return { state: undefined, obstacles: [{ token: 0, node: to.key, code: 'wait-fails', zh, en }] }
  }
}

/** Variables that are not of the type the new version declares them with. */
function* misfitsIn(to: ProcessDefinition, state: State): Generator<Obstacle> {
  const scopes = [{ id: 0, node: to.key, variables: state.variables }, ...state.tokens]
  for (const { id, node, variables } of scopes) {
    if (!variables) continue
    try {
      accepted(to, variables, id === 0 ? undefined : node)
    } catch (error) {
      // A refused variable is an obstacle of this instance; a bug goes on upwards.
      if (!(error instanceof DomainError)) throw error
      yield { token: id, node, code: 'variable-differs', zh: error.messages.zh, en: error.message }
    }
  }
}

/** Nodes where an instance stands, each once. */
export const placesOf = ({ state }: Pick<Instance, 'state'>) => [
  ...new Set(leaves(state).map(({ node }) => node)),
]

export const waitsOf = (move: Move) => (move.state ? move.rearmed.counts : NO_WAITS)

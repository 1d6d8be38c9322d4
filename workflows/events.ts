import type { Decided } from './decide.ts'
import type { Effect } from './runtime/step/index.ts'

declare module '../core/events.ts' {
  interface EventMap {
    'workflow.definition.deployed': { definitionId: string; key: string; version: number }
    'workflow.process.handed-over': { key: string; from: string; organisationId: string }
    /** One step of an instance: what was done and which nodes it moved through. */
    'workflow.instance.stepped': {
      instanceId: string
      definitionKey: string
      businessKey: string
      organisationId: string
      /** The version the instance has now. */
      version: number
      command: string
      taskId?: string
      moves: Move[]
      /** What business rule tasks decided in the step, with the rules that fired. */
      decisions?: DecidedAt[]
      status: string
    }
    'workflow.task.claimed': {
      taskId: string
      instanceId: string
      businessKey: string
      organisationId: string
    }
    'workflow.task.released': {
      taskId: string
      instanceId: string
      businessKey: string
      organisationId: string
    }
    'workflow.incident.raised': {
      instanceId: string
      businessKey: string
      organisationId: string
      node: string
      kind: string
      code: string
    }
    /** A message end event or send task; heard by this module, which delivers it. */
    'workflow.message.thrown': { message: string; key: string | null; instanceId: string; payload: object }
  }
}

/** A move as stored: `+` entered, `-` left, `x` cancelled. */
export type Move = readonly ['+' | '-' | 'x', string]

/** A decision with the node that made it. */
export interface DecidedAt extends Decided {
  readonly node: string
}

export const decisionsOf = (effects: readonly Effect[]): DecidedAt[] =>
  effects.flatMap((effect) => (effect.kind === 'decided' ? [{ node: effect.node, ...effect.decided }] : []))

const SIGNS = { entered: '+', left: '-', cancelled: 'x' } as const

export function movesOf(effects: readonly Effect[]): Move[] {
  return effects.flatMap((effect) =>
    effect.kind === 'entered' || effect.kind === 'left' || effect.kind === 'cancelled'
      ? [[SIGNS[effect.kind], effect.node] as const]
      : [],
  )
}

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
      /** It was taken to another version, or back: which, and the nodes where its tokens stood and stand. */
      migrated?: Migrated
      /** What business rule tasks decided in the step, with the rules that fired. */
      decisions?: DecidedAt[]
      status: string
    }
    /** Heard by this module, which delivers it to everybody who waits. */
    'workflow.signal.thrown': { signal: string; instanceId: string; organisationId: string }
    /** A call activity has made an instance of the called process, which is to begin. */
    'workflow.call.asked': { childId: string; parentId: string; token: number }
    /** The called process is over, or could not be started (`childId` null then). */
    'workflow.call.ended': { parentId: string; token: number; childId: string | null; error: string | null }
    'workflow.call.escalated': { parentId: string; token: number; childId: string; code: string }
    'workflow.call.cancelled': { parentId: string; token: number }
    /** An operator has put a hand in: what, at which node, and why; trying again asks for no reason. */
    'workflow.instance.operated': {
      instanceId: string
      businessKey: string
      organisationId: string
      operation: string
      node: string | null
      reason: string
    }
    'workflow.process.operated': {
      key: string
      organisationId: string
      operation: string
      reason: string
    }
    'workflow.task.claimed': TaskFact
    'workflow.task.released': TaskFact & { from: string | null }
    /** The owner keeps it; the assignee works on it and gives it back. */
    'workflow.task.delegated': TaskFact & { owner: string; assignee: string }
    'workflow.task.resolved': TaskFact & { owner: string }
    'workflow.task.recalled': TaskFact & { from: string | null }
    /** By its assignee or the head of the body. */
    'workflow.task.handed-over': TaskFact & { from: string | null; assignee: string }
    'workflow.task.follow-up-set': TaskFact & { on: string | null }
    'workflow.task.prioritised': TaskFact & { priority: number }
    /** Completed by who stands in for the absent assignee. */
    'workflow.task.completed-on-behalf': TaskFact & { absent: string }
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

export interface Migrated {
  readonly definitionId: string
  /** The oldest token first. */
  readonly stays: readonly (readonly [string, string])[]
}

export interface TaskFact {
  taskId: string
  instanceId: string
  businessKey: string
  organisationId: string
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

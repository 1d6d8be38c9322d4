import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { Texts } from '../core/errors.ts'
import type { Finding } from './compile/finding.ts'
import type { Rehearsal } from './compile/rehearsal.ts'
import type { ProcessDefinition } from './definition.ts'
import type { Pack } from './pack.ts'
import type { IncidentError } from './runtime/instance.ts'
import type { TaskStatus } from './task.ts'

declare module '../core/database.ts' {
  interface Database {
    'workflow.process': { key: string; organisationId: string; suspendedAt: Generated<Date | null> }
    'workflow.definition': {
      id: Generated<string>
      key: string
      version: number
      name: JSONColumnType<Texts>
      xml: string
      sha256: string
      compiled: JSONColumnType<ProcessDefinition>
      pack: JSONColumnType<Pack>
      gateReport: JSONColumnType<Finding[]>
      rehearsal: JSONColumnType<Rehearsal>
      deployedBy: string
      deployedAt: Date
      retiredAt: Generated<Date | null>
    }
    'workflow.instance': {
      id: Generated<string>
      definitionId: string
      definitionKey: string
      businessKey: string
      parentId: string | null
      parentToken: number | null
      callId: string | null
      suspendedAt: Generated<Date | null>
      version: Generated<number>
      status: 'running' | 'completed' | 'terminated'
      state: JSONColumnType<object>
      variables: JSONColumnType<Record<string, unknown>>
      visited: Generated<string[]>
      organisationId: string
      onBehalfOf: string | null
      startedAt: Date
      endedAt: Date | null
    }
    'workflow.task': {
      id: Generated<string>
      instanceId: string
      token: number
      node: string
      formKey: string | null
      candidateRole: string | null
      organisationId: string
      candidateGroups: string[]
      assignee: string | null
      owner: string | null
      priority: Generated<number>
      status: TaskStatus
      version: Generated<number>
      output: ColumnType<Record<string, unknown> | null, string | null, string | null>
      draft: ColumnType<Record<string, unknown> | null, string | null, string | null>
      draftBy: string | null
      draftedAt: Date | null
      createdAt: Date
      dueAt: Date | null
      followUpAt: Date | null
      claimedAt: Date | null
      completedAt: Date | null
      completedBy: string | null
      onBehalfOf: string | null
    }
    'workflow.timer': {
      id: Generated<string>
      instanceId: string
      token: number
      node: string
      dueAt: Date
      repeatLeft: number | null
      calendar: string | null
      status: 'armed' | 'fired' | 'disarmed'
      lockedUntil: Date | null
    }
    'workflow.subscription': {
      id: Generated<string>
      message: string
      correlationKey: string | null
      instanceId: string
      token: number
      node: string
      kind: Generated<'message' | 'signal'>
    }
    'workflow.signal': {
      id: Generated<string>
      signal: string
      payload: JSONColumnType<Record<string, unknown>>
      organisationId: string
      onBehalfOf: string | null
      dedupKey: string
      heardTo: Generated<string>
      hearsTo: string
      status: 'new' | 'done'
      receivedAt: Date
    }
    'workflow.schedule': {
      id: Generated<string>
      definitionId: string
      definitionKey: string
      node: string
      dueAt: Date
      repeatLeft: number | null
      status: 'armed' | 'done' | 'replaced'
    }
    'workflow.message': {
      id: Generated<string>
      message: string
      correlationKey: string | null
      payload: JSONColumnType<Record<string, unknown>>
      dedupKey: string
      terminates: string[]
      status: 'new' | 'kept' | 'consumed'
      attempts: Generated<number>
      runAfter: Date
      receivedAt: Date
      consumedBy: string | null
      organisationId: string | null
      onBehalfOf: string | null
    }
    'workflow.job': {
      id: string
      instanceId: string
      token: number
      node: string
      task: string
      input: JSONColumnType<Record<string, unknown>>
      status: 'waiting' | 'done' | 'dropped' | 'failed'
      attempts: Generated<number>
      retriesLeft: number
      runAfter: Date
      lockedBy: string | null
      lockedUntil: Date | null
      result: ColumnType<object | null, string | null | undefined, string | null>
      lastError: string | null
    }
    'workflow.incident': {
      id: Generated<string>
      instanceId: string
      token: number
      node: string
      kind: string
      error: JSONColumnType<IncidentError>
      createdAt: Date
      resolvedAt: Date | null
      resolvedBy: string | null
      resolution: string | null
    }
    'workflow.command': {
      id: Generated<string>
      instanceId: string
      actorId: string
      kind: string
      idempotencyKey: string
      payloadSha256: string
      /** `added`: variables that the module's command gave back, absent before they were kept. */
      answer: ColumnType<CommandAnswer | null, string | null, string | null>
      createdAt: Date
    }
  }
}

export interface CommandAnswer {
  readonly taskId: string | null
  readonly added?: Record<string, unknown>
}

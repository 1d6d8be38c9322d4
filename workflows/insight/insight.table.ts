import type { Generated, JSONColumnType } from 'kysely'
import type { ProcessDefinition } from '../definition.ts'
import type { Fact, Trace, Visit } from './projection.ts'
import type { ReplayCase, ReplayCounts, ReplayStatus } from './replay.ts'

declare module '../../core/database.ts' {
  interface Database {
    /** `people`, and of a visit what it has of its task, are set when the instance is archived and its tasks are gone. */
    'workflow.trace': Omit<Trace, 'path'> & { path: string[]; people: Generated<number | null> }
    'workflow.visit': Visit & {
      instanceId: string
      definitionId: string
      organisationId: string
      claimedAt: Generated<Date | null>
      taskOrganisationId: Generated<string | null>
      candidateRole: Generated<string | null>
    }
    'workflow.passage': {
      instanceId: string
      seq: number
      flow: string
      definitionId: string
      organisationId: string
      setOutAt: Date
      arrivedAt: Date
    }
    'workflow.stepAhead': { instanceId: string; version: number; fact: JSONColumnType<Fact> }
    'workflow.replay': {
      id: string
      definitionKey: string
      fromId: string
      toVersion: number | null
      target: JSONColumnType<ProcessDefinition>
      organisationId: string | null
      requestedBy: string
      requestedFor: string
      status: ReplayStatus
      total: number
      counts: JSONColumnType<ReplayCounts>
      steps: Generated<string | number>
      failure: string | null
      createdAt: Date
      endedAt: Date | null
    }
    'workflow.replayCase': ReplayCase & { replayId: string }
  }
}

import type { Context } from '../core/context.ts'
import { mergeResolvers, type Module } from '../core/module.ts'
import { deployPacks as deployShipped, shippedPacks } from './definition.service.ts'
import type { Deployed } from './deployed.ts'
import * as insight from './insight/index.ts'
import { knownNames, offersOf } from './known.ts'
import { can } from './policy.ts'
import { jobPoller } from './runtime/jobs.ts'
import { messagePoller, subscribersFor } from './runtime/messages.ts'
import { schedulePoller } from './runtime/schedules.ts'
import { signalPoller } from './runtime/signals.ts'
import { timerPoller } from './runtime/timers.ts'
import * as archived from './archive/archive.graphql.ts'
import * as batch from './batch/batch.graphql.ts'
import * as migration from './migration/index.ts'
import * as decisionFields from './decision.graphql.ts'
import * as incidentFields from './incident.graphql.ts'
import * as inspectionFields from './inspection.graphql.ts'
import * as draftFields from './draft.graphql.ts'
import * as operation from './operation.graphql.ts'
import * as taskFields from './task.graphql.ts'
import * as versionFields from './version.graphql.ts'
import * as processes from './workflow.graphql.ts'

export { gate, type Known, type Report } from './compile/gate.ts'
export { complete, type Completion } from './completion.service.ts'
export { emitBpmn } from './compile/emit.ts'
export { type Path, type Rehearsal, rehearse } from './compile/rehearsal.ts'
export {
  checkModel as checkDecisions,
  Compiled,
  errors as decisionErrors,
  evaluateDecision,
  inputsOf,
  readExact,
  readModel as readDecisions,
  writeAnswer,
} from './decisions/index.ts'
export type { ProcessDefinition } from './definition.ts'
export * as archive from './archive/archive.service.ts'
export * as batches from './batch/batch.service.ts'
export { deploy, type Deployment, definitions, handOver, rehearseDeployment } from './definition.service.ts'
export type { Deployed } from './deployed.ts'
export {
  beginReplay,
  cancelReplay,
  compare as compareFigures,
  exportLog,
  insight,
  LOG_FORMATS,
  replay,
  replayNow,
  replays,
} from './insight/index.ts'
export { check, type Check } from './check.ts'
export { compare, type Comparison } from './comparison.ts'
export type { Draft, Files } from './draft.ts'
export * as drafts from './draft.service.ts'
export { incidentGroups, incidents } from './incident.service.ts'
export { mayOperate, possible, variables as heldVariables } from './inspection.service.ts'
export { operationsOf } from './inspection.repository.ts'
export { instances as processInstances } from './instance.list.service.ts'
export { filesIn } from './definition.service.ts'
export { filesOf, readPack } from './pack.files.ts'
export { runSimulation, readCommands, type SimulationStep } from './simulator.ts'
export { compareVersions, versions } from './version.service.ts'
export { knownNames, offersOf, type Offers } from './known.ts'
export { formSchema, packSchema } from './pack.ts'
export { errors, refusalOf } from './refusals.ts'
export { MemoryProcess, runScript } from './runtime/memory.ts'
export { readScript, type ScriptStep } from './runtime/script.ts'
export { ofBusinessKey as processInstance, retryIncident } from './runtime/instances.ts'
export { send as sendMessage } from './runtime/messages.ts'
export { broadcast as sendSignal } from './runtime/signals.ts'
export * as operations from './runtime/operations.ts'
export {
  executeNow,
  type Migration,
  migrationCounts,
  type MigrationInstance,
  migrationInstances,
  migrations,
  rehearseNow,
  reinstateVersion,
  retireVersion,
  suggest,
} from './migration/index.ts'
export { migrate } from './runtime/step/migration.ts'
export { draft, saveDraft } from './answer.service.ts'
export { assignAll, claimAll } from './bulk.service.ts'
export type { TaskFilter } from './desk.ts'
export { taskCounts, taskProcesses, tasks } from './desk.service.ts'
export {
  delegate,
  handOver as handOverTask,
  prioritise,
  recall,
  resolve,
  setFollowUp,
} from './handling.service.ts'
export type { Task } from './task.ts'
export { claim, release, task, tasksOfInstance } from './task.service.ts'

/**
 * The process runtime. It learns the tasks and commands of the other manifests from here alone, and hears
 * the facts the shipped packs name.
 */
export function workflows(manifests: readonly Module[]): Module {
  const offers = offersOf(manifests)
  const parts = [
    ...[processes, operation, taskFields, decisionFields, draftFields, versionFields],
    ...[inspectionFields, incidentFields, insight, migration, batch, archived],
  ]
  return {
    name: 'workflow',
    migrations: new URL('./migrations/', import.meta.url),
    permissions: { ...can, ...insight.permissions, ...migration.permissions, ...archived.permissions },
    typeDefs: parts.map(({ typeDefs }) => typeDefs).join('\n'),
    resolvers: mergeResolvers(
      processes.resolversFor(offers),
      operation.resolvers,
      taskFields.resolversFor(offers),
      decisionFields.resolvers,
      draftFields.resolversFor(offers),
      versionFields.resolvers,
      inspectionFields.resolvers,
      incidentFields.resolvers,
      insight.resolversFor(offers.known),
      migration.resolvers,
      batch.resolvers,
      archived.resolvers,
    ),
    repeatable: ['completeTask'],
    subscribers: [
      ...subscribersFor(shippedPacks().flatMap(({ file }) => file.messages)),
      ...insight.subscribers,
    ],
    jobs: { ...insight.jobs, ...migration.jobs, ...batch.jobs },
    pollers: [messagePoller, signalPoller, timerPoller, schedulePoller, jobPoller(offers)],
  }
}

/** Deploys every shipped pack against what the manifests offer; running it again changes nothing. */
export function deployPacks(ctx: Context, manifests: readonly Module[]): Promise<Deployed[]> {
  return deployShipped(ctx, knownNames(manifests))
}

import type { Context } from '../core/context.ts'
import { mergeResolvers, type Module } from '../core/module.ts'
import * as draftApi from './draft.graphql.ts'
import { deployPacks as deployShipped, shippedPacks } from './definition.service.ts'
import type { Deployed } from './deployed.ts'
import { knownNames, offersOf } from './known.ts'
import { can } from './policy.ts'
import { jobPoller } from './runtime/jobs.ts'
import { messagePoller, subscribersFor } from './runtime/messages.ts'
import { timerPoller } from './runtime/timers.ts'
import * as versionApi from './version.graphql.ts'
import { resolversFor, typeDefs } from './workflow.graphql.ts'

export { gate, type Known, type Report } from './compile/gate.ts'
export { emitBpmn } from './compile/emit.ts'
export { type Path, type Rehearsal, rehearse } from './compile/rehearsal.ts'
export type { ProcessDefinition } from './definition.ts'
export { deploy, type Deployment, definitions, handOver } from './definition.service.ts'
export type { Deployed } from './deployed.ts'
export { check, type Check } from './check.ts'
export { compare, type Comparison } from './comparison.ts'
export type { Draft, Files } from './draft.ts'
export * as drafts from './draft.service.ts'
export { instances as processInstances } from './instance.list.service.ts'
export { filesOf, readPack } from './pack.files.ts'
export { runSimulation, readCommands, type SimulationStep } from './simulator.ts'
export { compareVersions, versions } from './version.service.ts'
export { knownNames, offersOf, type Offers } from './known.ts'
export { formSchema, packSchema } from './pack.ts'
export { errors, refusalOf } from './refusals.ts'
export { MemoryProcess, readScript, runScript, type ScriptStep } from './runtime/memory.ts'
export { ofBusinessKey as processInstance, retryIncident } from './runtime/instances.ts'
export { send as sendMessage } from './runtime/messages.ts'
export type { Task } from './task.ts'
export { claim, complete, release, task, tasks, tasksOfInstance } from './task.service.ts'

/**
 * The process runtime. It learns the tasks and commands of the other manifests from here alone, and hears
 * the facts the shipped packs name.
 */
export function workflows(manifests: readonly Module[]): Module {
  const offers = offersOf(manifests)
  return {
    name: 'workflow',
    migrations: new URL('./migrations/', import.meta.url),
    permissions: can,
    typeDefs: `${typeDefs}${draftApi.typeDefs}${versionApi.typeDefs}`,
    resolvers: mergeResolvers(resolversFor(offers), draftApi.resolversFor(offers), versionApi.resolvers),
    subscribers: subscribersFor(shippedPacks().flatMap(({ file }) => file.messages)),
    pollers: [messagePoller, timerPoller, jobPoller(offers)],
  }
}

/** Deploys every shipped pack against what the manifests offer; running it again changes nothing. */
export function deployPacks(ctx: Context, manifests: readonly Module[]): Promise<Deployed[]> {
  return deployShipped(ctx, knownNames(manifests))
}

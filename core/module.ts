import type { z } from 'zod'
import type { Context, TransactionContext } from './context.ts'
import type { Subscriber } from './events.ts'
import type { Job, Poller } from './jobs.ts'
import type { Permission } from './policy.ts'

/** A BPMN service task: `<serviceTask implementation="name">` in a process pack runs it from a job, at least once. */
export interface ServiceTask<Input extends z.ZodType = z.ZodType, Output = unknown> {
  readonly input: Input
  /** `ctx.requestId` is the job's id `instance:version:seq`: the idempotency key. Returns the variables it adds. */
  run(ctx: Context, input: z.output<Input>): Promise<Output>
}

/** Lets `run` infer its input from the schema beside it. */
export function defineTask<Input extends z.ZodType, Output>(task: ServiceTask<Input, Output>): ServiceTask {
  return task as unknown as ServiceTask
}

/**
 * What completing a user task may run (`gdbos:command="name"`): in the transaction of the step, so that a
 * refusal refuses the completion. Gets the process variables overlaid with the form's answers.
 */
export interface Command<Input extends z.ZodType = z.ZodType, Output = unknown> {
  readonly input: Input
  run(ctx: TransactionContext, input: z.output<Input>): Promise<Output>
}

export function defineCommand<Input extends z.ZodType, Output>(command: Command<Input, Output>): Command {
  return command as unknown as Command
}

/** Field resolvers by type, or an enum's stored values by GraphQL name. */
export type Resolvers = Record<
  string,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a resolver's parent and arguments are typed by its SDL
  Record<string, string | ((parent: any, args: any, ctx: Context) => unknown)>
>

/** The resolvers of a module's parts as one; parts may add fields to the same type. */
export function mergeResolvers(...parts: readonly Resolvers[]): Resolvers {
  const merged: Resolvers = {}
  for (const part of parts)
    for (const [type, fields] of Object.entries(part)) merged[type] = { ...merged[type], ...fields }
  return merged
}

/** All the platform needs to know of a module. One object, listed once in `modules/index.ts`. */
export interface Module {
  readonly name: string
  /** Folder of `YYYYMMDDTHHMM_module_what.ts` files. */
  readonly migrations: URL
  readonly permissions: Record<string, Permission>
  readonly typeDefs: string
  readonly resolvers: Resolvers
  /** Mutations whose use case answers a repeated `commandId` itself; every other one is run once for it by the gateway. */
  readonly repeatable?: readonly string[]
  readonly tasks?: Record<string, ServiceTask>
  readonly commands?: Record<string, Command>
  readonly subscribers?: readonly Subscriber[]
  readonly jobs?: Record<string, Job>
  readonly pollers?: readonly Poller[]
  /** Tables (`schema.table`) in which the application role may only insert and select. */
  readonly appendOnly?: readonly string[]
}

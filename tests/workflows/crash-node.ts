import { createHash, randomInt } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { once } from '../../core/commands.ts'
import { readConfig } from '../../core/config.ts'
import type { Context } from '../../core/context.ts'
import { DomainError } from '../../core/errors.ts'
import { defineSubscriber, emit } from '../../core/events.ts'
import { type Kernel, openKernel, PLATFORM } from '../../core/kernel.ts'
import { defineTask, type Module } from '../../core/module.ts'
import { clock } from '../../modules/clock/index.ts'
import { organisation } from '../../modules/organisation/index.ts'
import { standards } from '../../standards/index.ts'
import { claim, complete, offersOf, sendMessage, type Task, tasks, workflows } from '../../workflows/index.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'trial.opened': { caseId: string; organisationId: string; processPack: string; variables: object }
    'trial.worked': { jobId: string }
    /** One for each step that was heard of. */
    'trial.noted': { eventId: string }
  }
}

export const BODY = 'trial-bureau'
export const ROUTES = [{ event: 'trial.opened', message: 'opened', key: 'caseId' }]
/** How much faster the clock of the trial runs, so that the leases of the dead end within seconds. */
const SPEED = 20

const trial: Module = {
  name: 'trial',
  migrations: workflows([]).migrations,
  permissions: {},
  typeDefs: '',
  resolvers: {},
  tasks: {
    'trial.work': defineTask({
      input: z.object({ caseId: z.string() }),
      // Run at least once; the job's id makes what it does happen once.
      async run(ctx, { caseId }) {
        const jobId = ctx.requestId
        const call = { commandId: idOf(jobId), name: 'trial.work', input: { caseId } }
        await once(ctx, call, (ctx) => emit(ctx, 'trial.worked', { jobId }))
        return { worked: true }
      },
    }),
    'trial.check': defineTask({
      input: z.object({ caseId: z.string() }),
      run: () => Promise.resolve({ worked: true }),
    }),
  },
  subscribers: [
    defineSubscriber({
      name: 'trial.note',
      event: 'workflow.instance.stepped',
      run: (ctx, { id }) => emit(ctx, 'trial.noted', { eventId: id }),
    }),
  ],
}

/** What the runtime stands on and no more: a node begins once for each that is killed. */
const others: readonly Module[] = [standards, organisation, clock, trial]
export const offers = offersOf(others)

/** The same text gives the same id, in whichever process. */
export function idOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** Where the trial happens: all its nodes share it. */
export interface Place {
  readonly databaseUrl: string
  readonly dataFolder: string
  /** When it began, in milliseconds since 1970. */
  readonly epoch: number
}

/** A node of the platform with the trial's module. */
export function openNode({ databaseUrl, dataFolder, epoch }: Place): Promise<Kernel> {
  const config = readConfig({ dataFolder, databaseUrl, logLevel: 'silent' }, { GDBOS_DATABASE_POOL: '8' })
  const runtime = workflows(others)
  const hear = runtime.subscribers?.find(({ name }) => name.startsWith('workflow.hear:'))
  if (!hear) throw new Error('the runtime hears nothing')
  const opened = { ...hear, name: 'workflow.hear:trial.opened', event: 'trial.opened' }
  const module = { ...runtime, subscribers: [...(runtime.subscribers ?? []), opened] }
  return openKernel(config, [...others, module], {
    now: () => new Date(epoch + (Date.now() - epoch) * SPEED),
  })
}

export const clerkOn = (kernel: Kernel): Context =>
  kernel.contextFor({ id: `clerk@${BODY}`, organisationId: BODY, roles: ['clerk'] })

/** What a node of the trial is told. */
export interface Orders extends Place {
  /** Every answer goes there before the next question, so that a killed node's answers are known. */
  readonly answersFile: string
  /** What is sent from outside: by every node, since none knows what the dead have sent. */
  readonly messages: readonly { readonly message: string; readonly key: string }[]
}

/** What another node has done first, or is doing; nothing else may be refused. */
const LOST_RACES = ['WORKFLOW_STEP_CLOSED', 'WORKFLOW_TASK_VERSION_STALE', 'WORKFLOW_INSTANCE_VERSION_STALE']

/**
 * A clerk at work: looks at the desk and completes some of what lies there, now and then claiming it first. So
 * does every other clerk of every node, so that a task is often asked for twice.
 */
export async function work(ctx: Context, answersFile: string, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    const { edges } = await tasks(ctx, { first: 100 })
    if (edges.length === 0) await pause(50)
    const lying = edges.map(({ node }) => node)
    for (let some = Math.ceil(lying.length / 16); some > 0 && !stopping.aborted; some--) {
      const [task] = lying.splice(randomInt(lying.length), 1)
      if (task) await handle(ctx, task, answersFile)
    }
  }
}

async function handle(ctx: Context, task: Task, answersFile: string): Promise<void> {
  const { id, version, instanceId } = task
  try {
    if (task.status === 'open' && randomInt(4) === 0) {
      await claim(ctx, id)
      return
    }
    // A clerk who got no answer asks again with the same id: here, by whichever node comes next.
    const commandId = idOf(`${id}:${version}`)
    await complete(ctx, { commandId, id, expectedVersion: version, output: {} }, offers)
    appendFileSync(answersFile, `${commandId} ${id} ${instanceId} ${version}\n`)
  } catch (error) {
    if (!(error instanceof DomainError && LOST_RACES.includes(error.code))) throw error
  }
}

/** Sends each message, in an order of its own; one that was sent before is the same message. */
export async function tellAll(
  ctx: Context,
  messages: Orders['messages'],
  stopping: AbortSignal,
): Promise<void> {
  const left = [...messages]
  while (left.length > 0 && !stopping.aborted) {
    const [{ message, key } = { message: '', key: '' }] = left.splice(randomInt(left.length), 1)
    await sendMessage(ctx, { message, key, payload: {}, dedupKey: `${key}:${message}` })
    await pause(5)
  }
}

export const platformOn = (kernel: Kernel): Context => kernel.contextFor(PLATFORM)

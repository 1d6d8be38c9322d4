import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Context, TransactionContext } from '../../core/context.ts'
import { transaction } from '../../core/context.ts'
import { defineErrors } from '../../core/errors.ts'
import { emit } from '../../core/events.ts'
import { assemble, type Kernel, PLATFORM } from '../../core/kernel.ts'
import { defineCommand, defineTask, type Module } from '../../core/module.ts'
import { modules } from '../../modules/index.ts'
import { standards } from '../../standards/index.ts'
import { deploy, type Deployment, offersOf, workflows } from '../../workflows/index.ts'
import { openWorld, type World, type WorldOptions } from '../support/world.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'area.matter.opened': {
      matterId: string
      organisationId: string
      variables?: object
      processPack?: string
    }
    'area.matter.heard': { matterId: string; organisationId: string; note?: string }
    'area.matter.ended': { matterId: string; organisationId: string }
    'area.worked': { requestId: string; actorId: string; onBehalfOf: string | null; organisationId: string }
    'area.decided': { caseId: string; outcome: string; completedBy: string }
  }
}

export const errors = defineErrors('AREA', {
  BAD: { kind: 'invalid', zh: '不可', en: 'Not so' },
  BUSY: { kind: 'unavailable', zh: '忙', en: 'Busy' },
})

/** Does as the variable `do` says. */
const work = defineTask({
  input: z.object({ do: z.string().nullish(), caseId: z.string() }),
  async run(ctx, input) {
    if (input.do === 'refuse') throw errors.BAD()
    if (input.do === 'busy') throw errors.BUSY()
    if (input.do === 'break') throw new Error('secret: the disk of db-7 is on fire')
    const { actor, requestId } = ctx
    await transaction(ctx, (ctx) =>
      emit(ctx, 'area.worked', {
        requestId,
        actorId: actor.id,
        onBehalfOf: actor.onBehalfOf ?? null,
        organisationId: actor.organisationId,
      }),
    )
    return { worked: true, at: ctx.now() }
  },
})

/** A module as a process sees one: its facts, two service tasks that do the same, a command. */
const area: Module = {
  name: 'area',
  migrations: workflows([]).migrations,
  permissions: {},
  typeDefs: '',
  resolvers: {},
  tasks: { 'area.work': work, 'area.send': work },
  commands: {
    'area.decide': defineCommand({
      input: z.object({ caseId: z.string(), outcome: z.enum(['yes', 'no']), completedBy: z.string() }),
      async run(ctx, { caseId, outcome, completedBy }) {
        await emit(ctx, 'area.decided', { caseId, outcome, completedBy })
        if (outcome === 'no') throw errors.BAD()
        return { decided: true }
      },
    }),
  },
}

export const MESSAGES = [
  { event: 'area.matter.opened', message: 'opened', key: 'matterId' },
  { event: 'area.matter.heard', message: 'go', key: 'matterId' },
  { event: 'area.matter.ended', message: 'stop', key: 'matterId', then: 'terminate' as const },
]

const others: readonly Module[] = [standards, ...modules, area]
export const offers = offersOf(others)
export const BODY = 'demo-bureau'

/** The platform with one module of the test's own, and processes deployed by the test. */
export async function openProcessWorld(options: WorldOptions = {}) {
  const world = await openWorld(options)
  return onWorld(world)
}

export function onWorld(world: World) {
  const kernel = kernelOn(world)
  return {
    world,
    ...helpers(world, kernel),
    /** A node that knows nothing but the rows: what another server, or this one after a crash, is. */
    restarted: () => helpers(world, kernelOn(world)),
    close: () => world.close(),
  }
}

function kernelOn(world: World): Kernel {
  const routes = workflows(others)
  // The shipped packs name no facts of the test's module: its routes are heard like theirs.
  const hear = routes.subscribers?.find(({ name }) => name.startsWith('workflow.hear:'))
  if (!hear) throw new Error('the runtime hears nothing')
  const facts = MESSAGES.map(({ event }) => ({ ...hear, name: `workflow.hear:${event}`, event }))
  const module = { ...routes, subscribers: [...(routes.subscribers ?? []), ...facts] }
  return assemble({ ...world.kernel, manifests: [...others, module], now: () => world.now })
}

function helpers(world: World, kernel: Kernel) {
  const system = () => kernel.contextFor(PLATFORM, randomUUID())
  return {
    kernel,
    as: (role: string, organisationId = BODY, person = role): Context =>
      kernel.contextFor({ id: `${person}@${organisationId}`, organisationId, roles: [role] }, randomUUID()),

    deploy: (xml: string, rest: Partial<Deployment> = {}) =>
      deploy(system(), { key: 'p', xml, pack: { messages: MESSAGES }, ...rest }, offers.known),

    /** A citizen opens a matter; what it starts runs when the world settles. Answers the matter's id. */
    async open(variables: object = {}, matterId = randomUUID()) {
      const applicant = { id: 'citizen-1', organisationId: 'citizen:1', roles: ['citizen'] }
      await this.tell('area.matter.opened', { matterId, organisationId: BODY, variables }, applicant)
      await this.settle()
      return matterId
    },

    async tell<Name extends 'area.matter.opened' | 'area.matter.heard' | 'area.matter.ended'>(
      name: Name,
      payload: Parameters<typeof emit<Name>>[2],
      actor = PLATFORM,
    ) {
      await transaction(kernel.contextFor(actor), (ctx: TransactionContext) => emit(ctx, name, payload))
    },

    async settle() {
      const { signal } = new AbortController()
      for (let round = 0; round < 2_000; round++) {
        let done = 0
        for (const poller of kernel.pollers) done += await poller.poll(system(), signal)
        if (done === 0) return
      }
      throw new Error('the processes did not come to rest')
    },

    /** Only the pollers named, once each. */
    async pollOnce(...names: string[]) {
      const { signal } = new AbortController()
      for (const poller of kernel.pollers)
        if (names.includes(poller.name)) await poller.poll(system(), signal)
    },

    advance(milliseconds: number) {
      world.now = new Date(world.now.getTime() + milliseconds)
    },

    instance: async (businessKey: string) =>
      world.db
        .selectFrom('workflow.instance')
        .select(['id', 'version', 'status', 'state', 'variables', 'visited', 'organisationId', 'onBehalfOf'])
        .where('businessKey', '=', businessKey)
        .where('parentId', 'is', null)
        .executeTakeFirst(),

    async waiting(businessKey: string): Promise<string[]> {
      const found = await this.instance(businessKey)
      return (
        (found?.state as { tokens: { node: string }[] } | undefined)?.tokens.map(({ node }) => node) ?? []
      )
    },
  }
}

export type ProcessWorld = ReturnType<typeof onWorld>

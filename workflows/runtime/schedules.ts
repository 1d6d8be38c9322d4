import { transaction, type TransactionContext } from '../../core/context.ts'
import type { Poller } from '../../core/jobs.ts'
import * as definitions from '../definition.repository.ts'
import type { Deployed } from '../deployed.ts'
import { type Due, firstDue, nextDue } from '../timer.ts'
import { start } from './instances.ts'
import { ENDLESS } from './save.parts.repository.ts'
import * as repository from './schedule.repository.ts'
import { startNodes } from './step/index.ts'

/** Registers when a version starts instances by itself, in place of the versions before it. */
export async function schedule(ctx: TransactionContext, { id, key, compiled }: Deployed): Promise<void> {
  const due = startNodes(compiled).flatMap(({ id: node, awaits }) => {
    if (awaits?.kind !== 'timer') return []
    const first = firstDue(awaits, compiled.variables, {}, ctx.now())
    return typeof first === 'string' ? [] : [{ node, ...stored(first) }]
  })
  await repository.replace(ctx, { id, key }, due)
}

const stored = ({ dueAt, left }: Due) => ({
  dueAt,
  repeatLeft: left === null ? ENDLESS : (left ?? null),
})

/** Starts what is due, one instance a transaction; its business key names the event and the time. */
export const schedulePoller: Poller = {
  name: 'workflow.schedules',
  poll: (ctx) => transaction(ctx, startNext),
}

async function startNext(ctx: TransactionContext): Promise<number> {
  const due = await repository.claim(ctx)
  if (!due) return 0
  const deployed = await definitions.deployedById(ctx, due.definitionId)
  const node = startNodes(deployed.compiled).find(({ id }) => id === due.node)
  if (node?.awaits?.kind !== 'timer') throw new Error(`schedule ${due.id} starts nothing`)
  await start(ctx, deployed, {
    businessKey: `${due.node}:${due.dueAt.toISOString()}`,
    ...{ organisationId: deployed.organisationId, onBehalfOf: null, node: due.node, variables: {} },
  })
  const { dueAt, repeatLeft } = due
  const was: Due = { dueAt, ...(repeatLeft !== null && { left: repeatLeft === ENDLESS ? null : repeatLeft }) }
  const next = nextDue(node.awaits, deployed.compiled.variables, {}, was, ctx.now())
  await repository.settle(ctx, due.id, next && stored(next))
  return 1
}

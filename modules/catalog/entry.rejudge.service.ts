import { actingAs, type TransactionContext } from '../../core/context.ts'
import { defineSubscriber, emit, type Subscriber } from '../../core/events.ts'
import * as standards from '../../standards/index.ts'
import { isOpenable } from './entry.ts'
import { labelsToday } from './entry.held.service.ts'
import { closed } from './entry.life.ts'
import * as repository from './entry.repository.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'catalog.entry.closed': { entryId: string; code: string; organisationId: string }
  }
}

/**
 * Judges open entries again by the labels of today and takes those that may not be open out of the open directory;
 * their custodians find them on their desk with the reason. Twice changes nothing.
 */
async function judgeAgain(ctx: TransactionContext, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const before = await repository.lock(ctx, id)
    if (before?.status !== 'published' || !before.open) continue
    const held = await labelsToday(ctx, before)
    if (isOpenable(before, held)) continue
    const { code, organisationId } = before
    await repository.update(ctx, closed(before, held, ctx.now()))
    const asProvider = actingAs(ctx, { ...ctx.actor, organisationId })
    await emit(asProvider, 'catalog.entry.closed', { entryId: id, code, organisationId })
  }
}

export const subscribers: readonly Subscriber[] = [
  defineSubscriber({
    name: 'catalog.judge-open-entry',
    event: 'catalog.version.published',
    run: async (ctx, { payload }) =>
      judgeAgain(ctx, await repository.openOf(ctx, { datasetIds: [payload.datasetId], elementCode: null })),
  }),
  defineSubscriber({
    name: 'catalog.judge-open-entries',
    event: 'standards.published',
    async run(ctx, { payload: { kind, code } }) {
      if (kind === 'code-list') return
      const datasets = await standards.datasetsUsing(ctx, kind, code)
      const datasetIds = datasets.map(({ id }) => id)
      const elementCode = kind === 'element' ? code : null
      await judgeAgain(ctx, await repository.openOf(ctx, { datasetIds, elementCode }))
    },
  }),
]

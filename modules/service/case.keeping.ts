import { actingAs, type TransactionContext } from '../../core/context.ts'
import { clocksOf } from '../clock/index.ts'
import { nextNumber } from './application.repository.ts'
import type { ItemCase } from './case.ts'
import * as repository from './case.repository.ts'
import type { Item } from './item.ts'
import { itemOfVersion } from './item.service.ts'
import { type NoticeKind, noticeText } from './notice.ts'
import { insertNotice } from './review.repository.ts'

/** Writes a changed case and every queue it stands in; after its clocks, so that the queues show their days. */
export async function keep(ctx: TransactionContext, file: ItemCase): Promise<ItemCase> {
  const saved = await repository.save(ctx, file)
  await queue(ctx, saved)
  return saved
}

export async function queue(ctx: TransactionContext, file: ItemCase): Promise<void> {
  const { content } = await itemOfVersion(ctx, file.itemVersionId)
  const days = (await clocksOf(ctx, file.id)).flatMap(({ state, dueOn, estimatedOn }) =>
    state === 'stopped' ? [] : [dueOn ?? estimatedOn],
  )
  const dueOn = days.filter((day) => day !== null).sort()[0] ?? null
  await repository.writeQueues(ctx, file, { title: content.name.zh, dueOn })
}

type Facts = Omit<Parameters<typeof noticeText>[1], 'item' | 'caseNumber' | 'promisedOn' | 'legalOn'>

/** Prepares a document to the applicant, once for each `cause`; its number is drawn only then. */
export async function prepareNotice(
  ctx: TransactionContext,
  file: ItemCase,
  kind: NoticeKind,
  { cause = '', ...facts }: Facts & { readonly cause?: string } = {},
): Promise<void> {
  const { content } = await itemOfVersion(ctx, file.itemVersionId)
  const clocks = await clocksOf(ctx, file.id)
  const dueOf = (wanted: string) => clocks.find((clock) => clock.kind === wanted)?.dueOn ?? null
  const body = noticeText(kind, {
    item: content.name,
    caseNumber: file.number,
    promisedOn: dueOf('promised'),
    legalOn: dueOf('legal'),
    ...facts,
  })
  const number = await nextNumber(ctx, 'notice')
  await insertNotice(ctx, { caseId: file.id, kind, cause, number, body })
}

/** What the clock does to a case is done by the clock, for the body whose case it is. */
export function asClock(ctx: TransactionContext, { organisationId }: ItemCase): TransactionContext {
  return actingAs(ctx, { id: 'system:clock', organisationId, roles: ['system'] })
}

export const materialsAsked = ({ content }: Item, scenarioId: string): readonly string[] =>
  content.scenarios.find(({ id }) => id === scenarioId)?.materials ?? []

import { type Context, transaction } from '../../core/context.ts'
import { emit } from '../../core/events.ts'
import type { Connection, PageRequest } from '../../core/page.ts'
import { authorize } from '../../core/policy.ts'
import { answered, type CorrectionOrder, errors, type OrderAnswer } from './correction-order.ts'
import * as repository from './correction-order.repository.ts'
import { numberedPage } from './numbered.ts'
import { can } from './policy.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'golden.correction-order.answered': { orderId: string; answer: OrderAnswer }
  }
}

/**
 * What others ask one's own register to correct, the last first.
 *
 * @throws POLICY_FORBIDDEN, GRAPHQL_PAGE_INVALID, GRAPHQL_CURSOR_INVALID
 */
export async function correctionOrders(
  ctx: Context,
  page: PageRequest,
): Promise<Connection<CorrectionOrder>> {
  const { organisationId } = ctx.actor
  await authorize(ctx, can.answerOrder, { organisationId })
  return numberedPage('correctionOrders', page, (page) => repository.list(ctx, organisationId, page))
}

/** @throws GOLDEN_ORDER_NOT_FOUND, POLICY_FORBIDDEN, GOLDEN_ORDER_ANSWERED, GOLDEN_ORDER_ANSWER_MISSING */
export async function answerOrder(
  ctx: Context,
  { id, answer, text }: { readonly id: string; readonly answer: OrderAnswer; readonly text: string },
): Promise<CorrectionOrder> {
  return transaction(ctx, async (ctx) => {
    const order = await repository.lock(ctx, id)
    if (!order) throw errors.ORDER_NOT_FOUND({ id })
    await authorize(ctx, can.answerOrder, order)
    const result = answered(order, answer, text, ctx.now())
    await repository.answer(ctx, result)
    await emit(ctx, 'golden.correction-order.answered', { orderId: id, answer })
    return result
  })
}

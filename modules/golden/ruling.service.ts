import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { emit } from '../../core/events.ts'
import type { Connection, PageRequest } from '../../core/page.ts'
import { authorize } from '../../core/policy.ts'
import { dataset } from '../catalog/index.ts'
import { holdsCertificate } from '../certificate/index.ts'
import type { Link } from './link.ts'
import * as links from './link.repository.ts'
import { mergeRegisters } from './merge.service.ts'
import { numberedPage } from './numbered.ts'
import { can } from './policy.ts'
import * as records from './record.repository.ts'
import {
  confirmed,
  errors,
  reasonOf,
  replacing,
  type Ruling,
  type RulingAnswer,
  undoAsked,
  undone,
} from './ruling.ts'
import * as repository from './ruling.repository.ts'
import * as runs from './run.repository.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'golden.ruling.made': { rulingId: string; answer: RulingAnswer; status: Ruling['status'] }
    'golden.ruling.confirmed': { rulingId: string }
    'golden.ruling.undo-asked': { rulingId: string }
    'golden.ruling.undone': { rulingId: string }
  }
}

export interface RulingInput {
  readonly datasetId: string
  readonly rowId: string
  readonly key: string
  readonly answer: RulingAnswer
  readonly reason: string
}

/**
 * Rules whether a row of one's own register is an entity: a candidate of the queue, a link the machine made, or
 * a row that is in the entity's record and is taken out of it. Binds every later merge until it is undone.
 * Where the entity holds a licence, a second person confirms it first.
 *
 * @throws GOLDEN_RULING_REASON_MISSING, CATALOG_DATASET_NOT_FOUND, POLICY_FORBIDDEN, GOLDEN_LINK_NOT_FOUND,
 * GOLDEN_LINK_FORBIDDEN, GOLDEN_RULING_STANDS
 */
export async function decideLink(ctx: Context, input: RulingInput): Promise<Ruling> {
  return transaction(ctx, async (ctx) => {
    const { datasetId, rowId, key, answer } = input
    await runs.lockServed(ctx)
    const { organisationId } = await dataset(ctx, datasetId)
    await authorize(ctx, can.decideLink, { organisationId })
    const reason = reasonOf(input.reason)
    const standing = await repository.standing(ctx, input)
    const replaced = replacing(standing, input)
    const evidence = await evidenceOf(ctx, input)

    if (replaced) await repository.update(ctx, undone(replaced, ctx.now()))
    const needsSecond = answer !== 'unsure' && (await holdsCertificate(ctx, key))
    const status = needsSecond ? 'proposed' : 'in-force'
    const ruling = await repository.insert(ctx, {
      ...{ datasetId, organisationId, rowId, key, answer, reason, status, ...evidence },
      marks: null,
      decidedBy: ctx.actor.id,
      decidedAt: ctx.now(),
      confirmedBy: null,
      confirmedAt: null,
      undoAskedBy: null,
      undoAskedAt: null,
      undoneAt: null,
    })
    await emit(ctx, 'golden.ruling.made', { rulingId: ruling.id, answer, status })
    if (binds(ruling)) await mergeRegisters(ctx)
    return ruling
  })
}

const binds = ({ status, answer }: Ruling) => status === 'in-force' && answer !== 'unsure'

/** What the machine weighed, or where in the record the row stands. @throws GOLDEN_LINK_NOT_FOUND */
async function evidenceOf(
  ctx: Context,
  { datasetId, rowId, key, answer }: RulingInput,
): Promise<Pick<Link, 'line' | 'weight'>> {
  const link = await links.find(ctx, { datasetId, rowId, key })
  if (link) return { line: link.line, weight: link.weight }
  const record = answer === 'different' ? await records.find(ctx, key) : undefined
  const said = record?.fields
    .flatMap(({ source, runnersUp }) => [...(source ? [source] : []), ...runnersUp])
    .find((each) => each.datasetId === datasetId && each.rowId === rowId)
  if (!said) throw errors.LINK_NOT_FOUND({ key })
  return { line: said.line, weight: null }
}

/**
 * The second person lets a ruling bind, or lets one go whose undoing was asked for.
 *
 * @throws GOLDEN_RULING_NOT_FOUND, POLICY_FORBIDDEN, GOLDEN_RULING_ENDED, GOLDEN_RULING_BY_SAME_PERSON
 */
export async function confirmRuling(ctx: Context, id: string): Promise<Ruling> {
  return transaction(ctx, async (ctx) => {
    const ruling = await locked(ctx, id)
    await authorize(ctx, can.confirmDecision, ruling)
    const result = confirmed(ruling, ctx.actor.id, ctx.now())
    await repository.update(ctx, result)
    const name = result.status === 'undone' ? 'golden.ruling.undone' : 'golden.ruling.confirmed'
    await emit(ctx, name, { rulingId: id })
    await mergeRegisters(ctx)
    return result
  })
}

/**
 * Takes a ruling back: the records are made anew without it. What a second person confirmed on an entity that
 * holds a licence binds until a second person confirms the undoing (6.4).
 *
 * @throws GOLDEN_RULING_NOT_FOUND, POLICY_FORBIDDEN, GOLDEN_RULING_ENDED, GOLDEN_RULING_UNDO_WAITS
 */
export async function undoRuling(ctx: Context, id: string): Promise<Ruling> {
  return transaction(ctx, async (ctx) => {
    const ruling = await locked(ctx, id)
    await authorize(ctx, can.decideLink, ruling)
    if (ruling.confirmedBy !== null && (await holdsCertificate(ctx, ruling.key))) {
      const asked = undoAsked(ruling, ctx.actor.id, ctx.now())
      await repository.update(ctx, asked)
      await emit(ctx, 'golden.ruling.undo-asked', { rulingId: id })
      return asked
    }
    const result = undone(ruling, ctx.now())
    await repository.update(ctx, result)
    await emit(ctx, 'golden.ruling.undone', { rulingId: id })
    if (binds(ruling)) await mergeRegisters(ctx)
    return result
  })
}

/** Those on rows of one's own registers, the last first. @throws POLICY_FORBIDDEN, GRAPHQL_PAGE_INVALID, GRAPHQL_CURSOR_INVALID */
export async function linkRulings(ctx: Context, page: PageRequest): Promise<Connection<Ruling>> {
  const { organisationId } = ctx.actor
  await authorize(ctx, can.confirmDecision, { organisationId })
  return numberedPage('linkRulings', page, (page) => repository.list(ctx, organisationId, page))
}

async function locked(ctx: TransactionContext, id: string): Promise<Ruling> {
  const ruling = await repository.lock(ctx, id)
  if (!ruling) throw errors.RULING_NOT_FOUND({ id })
  return ruling
}

import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { dayOf } from '../../core/day.ts'
import { emit } from '../../core/events.ts'
import { loadThrough } from '../../core/loader.ts'
import { type Connection, connection, type PageRequest } from '../../core/page.ts'
import { authorize } from '../../core/policy.ts'
import { organisationById } from '../organisation/index.ts'
import { unknownElements } from './form.service.ts'
import { bindItem, bindReading } from './item.binding.ts'
import { checkItem } from './item.check.ts'
import { parseItem } from './item.file.ts'
import { type Audience, errors, type Item, type ItemContent, type ItemState } from './item.ts'
import * as repository from './item.repository.ts'
import { can } from './policy.ts'
import { decide, type QuestionAnswers, readAnswers } from './scenario.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'service.item.published': { itemId: string; itemCode: string; version: number; organisationId: string }
    'service.item.state-changed': {
      itemId: string
      itemCode: string
      state: ItemState
      organisationId: string
    }
  }
}

/** The directory is public. @throws SERVICE_ITEM_NOT_FOUND */
export async function read(ctx: Context, id: string): Promise<Item> {
  const item = await repository.find(ctx, id)
  if (!item) throw errors.ITEM_NOT_FOUND({ id })
  return item
}

/** The item as it stood in a version; through the request's loader. */
export function itemOfVersion(ctx: Context, versionId: string): Promise<Item> {
  return loadThrough(ctx, repository.byVersions, versionId)
}

export async function list(
  ctx: Context,
  page: PageRequest,
  search?: string | null,
): Promise<Connection<Item>> {
  const wanted = search?.trim()
  const rows = await repository.list(ctx, page, wanted === '' ? undefined : wanted)
  return connection(repository.listName, rows, page, ({ itemCode }) => [itemCode])
}

/** The scenario that the answers lead to; nothing is stored. @throws SERVICE_ITEM_NOT_FOUND, SERVICE_SCENARIO_UNDECIDED */
export async function precheck(ctx: Context, itemId: string, input: unknown) {
  const { content } = await read(ctx, itemId)
  const answers: QuestionAnswers = readAnswers(content, input)
  return decide(content, answers)
}

/** Which audience of L05 the actor applies as: a person for herself, or for an enterprise. */
export async function audienceOf(ctx: Context): Promise<Audience | undefined> {
  const { organisationId } = ctx.actor
  if (organisationId.startsWith('citizen:')) return '1'
  const { kind } = await organisationById(ctx, organisationId)
  return kind === 'enterprise' ? '2' : kind === 'body' || kind === 'government' ? '5' : undefined
}

/** Whether the page should offer to begin: the command asks the same. */
export async function mayApply(ctx: Context, item: Item): Promise<boolean> {
  if (item.state !== 'in-use' || !(await ctx.policy.allows(ctx, can.draftApplication, ctx.actor)))
    return false
  const audience = await audienceOf(ctx)
  return audience !== undefined && item.content.audience.includes(audience)
}

/**
 * Publishes an item, or its next version; the versions before it stay as they are. The same content again
 * changes nothing.
 *
 * @throws SERVICE_ITEM_CONTENT_INVALID, POLICY_FORBIDDEN, ORGANISATION_NOT_FOUND of its own or a joint body,
 * SERVICE_ITEM_PROMISE_EXCEEDS_LEGAL, SERVICE_ITEM_CHECK_FAILED, STANDARDS_REFERENCE_DEPRECATED
 */
export async function publishItem(ctx: Context, input: unknown): Promise<Item> {
  const content = parseItem(input)
  return transaction(ctx, async (ctx) => {
    const before = await repository.lock(ctx, content.itemCode)
    await authorizePublishing(ctx, content, before?.organisationId)
    await requirePublishable(ctx, content)

    const sha256 = createHash('sha256').update(JSON.stringify(content)).digest('hex')
    if (before && before.sha256 === sha256) return read(ctx, before.id)
    const itemId = before?.id ?? randomUUID()
    const version = (before?.version ?? 0) + 1
    const versionId = randomUUID()
    await repository.saveVersion(ctx, { itemId, versionId, version, content, sha256 })
    const { itemCode, organisationId } = content
    await bindItem(ctx, { versionId, version, content })
    await bindReading(ctx, { version, content, isOffered: before?.state !== 'cancelled' })
    await emit(ctx, 'service.item.published', { itemId, itemCode, version, organisationId })
    return read(ctx, itemId)
  })
}

async function authorizePublishing(
  ctx: TransactionContext,
  { organisationId }: ItemContent,
  publishedBy: string | undefined,
): Promise<void> {
  if (await ctx.policy.allows(ctx, can.seedItem)) return
  await authorize(ctx, can.publishItem, { organisationId })
  if (publishedBy !== undefined) await authorize(ctx, can.publishItem, { organisationId: publishedBy })
}

const elementsOf = ({ form, materials }: ItemContent) => [
  ...form.map(({ elementCode }) => elementCode),
  ...materials.flatMap(({ elements = [] }) => elements),
]

async function requirePublishable(ctx: TransactionContext, content: ItemContent): Promise<void> {
  // A matter nobody handles cannot be finished.
  for (const id of [content.organisationId, ...Object.values(content.jointBodies)])
    await organisationById(ctx, id)
  const findings = checkItem(content, dayOf(ctx.now()))
  for (const code of await unknownElements(ctx, elementsOf(content)))
    findings.push({
      rule: 'M32',
      path: 'form',
      zh: `数据元 ${code} 未发布`,
      en: `element ${code} is not published`,
    })
  if (findings.some(({ rule }) => rule === 'M13')) throw errors.ITEM_PROMISE_EXCEEDS_LEGAL()
  if (findings.length === 0) return
  throw errors.ITEM_CHECK_FAILED({
    findings: findings.map(({ rule, zh, en }) => `${rule} ${zh} (${en})`).join('; '),
  })
}

/**
 * Takes an item out of use, or back into it; its open cases go on.
 *
 * @throws SERVICE_ITEM_NOT_FOUND, POLICY_FORBIDDEN
 */
export async function changeState(ctx: Context, id: string, state: ItemState): Promise<Item> {
  return transaction(ctx, async (ctx) => {
    const item = await read(ctx, id)
    await authorize(ctx, can.publishItem, item)
    if (item.state === state) return item
    await repository.setState(ctx, id, state)
    const { itemCode, organisationId } = item
    if ([item.state, state].includes('cancelled'))
      await bindReading(ctx, { ...item, isOffered: state !== 'cancelled' })
    await emit(ctx, 'service.item.state-changed', { itemId: id, itemCode, state, organisationId })
    return { ...item, state }
  })
}

/**
 * Publishes the items that process packs ship with, `<folder>/<pack>/item.json`, for a demonstration whose
 * bodies exist; running it again changes nothing.
 */
export async function seedItems(ctx: Context, folder: URL): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue
    const file = new URL(`${entry.name}/item.json`, folder)
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    if (text !== undefined) await publishItem(ctx, JSON.parse(text))
  }
}

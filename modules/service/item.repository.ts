import { sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import { type PageRequest, readCursor, rowsToRead } from '../../core/page.ts'
import { errors, type Item, type ItemContent, type ItemState } from './item.ts'
import './item.table.ts'

const LIST = 'service.items'

function select(ctx: Context) {
  return ctx.db
    .selectFrom('service.itemVersion as version')
    .innerJoin('service.item as item', 'item.id', 'version.itemId')
    .select([
      'item.id',
      'version.id as versionId',
      'version.version',
      'item.itemCode',
      'item.organisationId',
      'item.state',
      'version.content',
      'version.publishedAt',
    ])
    .select((row) => row('version.id', '=', row.ref('item.currentVersionId')).as('current'))
}

type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>

const itemOf = (row: Row): Item => ({ ...row, current: Boolean(row.current) })

/** The version in force. */
export async function find(ctx: Context, id: string): Promise<Item | undefined> {
  const row = await select(ctx)
    .where('item.id', '=', id)
    .whereRef('version.id', '=', 'item.currentVersionId')
    .executeTakeFirst()
  return row && itemOf(row)
}

export async function findByCode(ctx: Context, itemCode: string): Promise<Item | undefined> {
  const row = await select(ctx)
    .where('item.itemCode', '=', itemCode)
    .whereRef('version.id', '=', 'item.currentVersionId')
    .executeTakeFirst()
  return row && itemOf(row)
}

/** Items as they stood in these versions, in the order of `versionIds`; for loaders. */
export async function byVersions(ctx: Context, versionIds: readonly string[]): Promise<Item[]> {
  const rows = await select(ctx)
    .where('version.id', 'in', [...new Set(versionIds)])
    .execute()
  const byId = new Map(rows.map((row) => [row.versionId, itemOf(row)]))
  return versionIds.map((id) => {
    const found = byId.get(id)
    if (!found) throw errors.ITEM_NOT_FOUND({ id })
    return found
  })
}

/** Items in use by code, those whose name holds `search` when it is given. */
export async function list(ctx: Context, page: PageRequest, search?: string): Promise<Item[]> {
  const after = readCursor(LIST, ['text'], page)
  let query = select(ctx)
    .whereRef('version.id', '=', 'item.currentVersionId')
    .where('item.state', '=', 'in-use')
  if (search !== undefined)
    query = query.where(sql<boolean>`strpos(item.search, ${search.toLowerCase()}) > 0`)
  if (after) query = query.where('item.itemCode', '>', String(after[0]))
  const rows = await query.orderBy('item.itemCode').limit(rowsToRead(page)).execute()
  return rows.map(itemOf)
}

export const listName = LIST

/** Holds publishers of one item apart; undefined when it is new. */
export async function lock(ctx: TransactionContext, itemCode: string) {
  return ctx.db
    .selectFrom('service.item as item')
    .innerJoin('service.itemVersion as version', 'version.id', 'item.currentVersionId')
    .select(['item.id', 'item.organisationId', 'item.state', 'version.version', 'version.sha256'])
    .where('item.itemCode', '=', itemCode)
    .forUpdate('item')
    .executeTakeFirst()
}

export interface NewVersion {
  readonly itemId: string
  readonly versionId: string
  readonly version: number
  readonly content: ItemContent
  readonly sha256: string
}

/** Adds a version and makes it the one in force. */
export async function saveVersion(ctx: TransactionContext, input: NewVersion): Promise<void> {
  const { itemId, versionId, version, content, sha256 } = input
  const { itemCode, organisationId, name } = content
  const search = `${name.zh} ${name.en} ${itemCode}`.toLowerCase()
  await ctx.db
    .insertInto('service.item')
    .values({ id: itemId, itemCode, organisationId, state: 'in-use', currentVersionId: versionId, search })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ currentVersionId: versionId, search }))
    .execute()
  await ctx.db
    .insertInto('service.itemVersion')
    .values({
      id: versionId,
      itemId,
      version,
      content: JSON.stringify(content),
      sha256,
      publishedAt: ctx.now(),
      publishedBy: ctx.actor.id,
    })
    .execute()
}

export async function setState(ctx: TransactionContext, id: string, state: ItemState): Promise<void> {
  await ctx.db.updateTable('service.item').set({ state }).where('id', '=', id).execute()
}

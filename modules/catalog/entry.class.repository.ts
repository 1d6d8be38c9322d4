import { sql } from 'kysely'
import type { Context, TransactionContext } from '../../core/context.ts'
import { type EntryClass, nextClassCode } from './entry.class.ts'
import './entry.table.ts'

/** The classes under a class, by code. */
export async function classesUnder(ctx: Context, parent: string): Promise<EntryClass[]> {
  return ctx.db
    .selectFrom('catalog.entryClass')
    .select(['code', 'parent', 'name'])
    .where('parent', '=', parent)
    .orderBy('code')
    .limit(1_000)
    .execute()
}

/** Names by code; unknown codes are absent. */
export async function classNames(ctx: Context, codes: readonly string[]): Promise<Map<string, string>> {
  const rows = await ctx.db
    .selectFrom('catalog.entryClass')
    .select(['code', 'name'])
    .where('code', 'in', [...codes, ''])
    .execute()
  return new Map(rows.map(({ code, name }) => [code, name]))
}

/**
 * The class of that key under `parent`; made with the next code when it is not there. Holds the parent, so
 * that two authors of one class do not both make it.
 *
 * @throws CATALOG_ENTRY_CLASS_FULL
 */
export async function classWithin(
  ctx: TransactionContext,
  parent: string,
  name: string,
  nameKey: string,
): Promise<string> {
  await ctx.db
    .selectFrom('catalog.entryClass')
    .select('code')
    .where('code', '=', parent)
    .forUpdate()
    .execute()
  const known = await findClass(ctx, parent, nameKey)
  if (known !== undefined) return known
  const { children } = await ctx.db
    .selectFrom('catalog.entryClass')
    .select(({ fn }) => fn.countAll<string>().as('children'))
    .where('parent', '=', parent)
    .executeTakeFirstOrThrow()
  const code = nextClassCode(parent, Number(children))
  await ctx.db.insertInto('catalog.entryClass').values({ code, parent, name, nameKey }).execute()
  return code
}

export async function findClass(ctx: Context, parent: string, nameKey: string): Promise<string | undefined> {
  const row = await ctx.db
    .selectFrom('catalog.entryClass')
    .select('code')
    .where('parent', '=', parent)
    .where('nameKey', '=', nameKey)
    .executeTakeFirst()
  return row?.code
}

/** The next serial of a class, never given twice. */
export async function nextSerial(ctx: TransactionContext, classCode: string): Promise<number> {
  const { serials } = await ctx.db
    .updateTable('catalog.entryClass')
    .set({ serials: sql<number>`serials + 1` })
    .where('code', '=', classCode)
    .returning('serials')
    .executeTakeFirstOrThrow()
  return serials
}

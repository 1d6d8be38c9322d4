import { sql } from 'kysely'
import type { Context } from '../core/context.ts'
import type { ElementContent } from './element.ts'
import type { ExportedElement } from './exports/element-sheet.ts'
import './standard.table.ts'

const MAX_ELEMENTS = 20_000

/** Of each data element the newest published version, by code. */
export async function publishedElements(ctx: Context): Promise<ExportedElement[]> {
  const rows = await ctx.db
    .selectFrom('standards.standard')
    .distinctOn('code')
    .select(['code', 'version', 'content'])
    .where('kind', '=', 'element')
    .where('status', '=', 'published')
    .orderBy('code')
    .orderBy(sql`string_to_array(version, '.')::int[] desc`)
    .limit(MAX_ELEMENTS)
    .execute()
  return rows.map(({ content, ...named }) => ({ ...(content as ElementContent), ...named }))
}

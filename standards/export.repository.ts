import { sql } from 'kysely'
import type { Context } from '../core/context.ts'
import type { Day } from '../core/day.ts'
import type { ElementContent } from './element.ts'
import type { ExportedElement } from './exports/element-sheet.ts'
import { isInForceOn } from './standard.repository.ts'
import './standard.table.ts'

const MAX_ELEMENTS = 20_000

/** Of each data element the version in force on the day, by code. */
export async function elementsInForce(ctx: Context, day: Day): Promise<ExportedElement[]> {
  const rows = await ctx.db
    .selectFrom('standards.standard')
    .distinctOn('code')
    .select(['code', 'version', 'content'])
    .where('kind', '=', 'element')
    .where(isInForceOn(day))
    .orderBy('code')
    .orderBy(sql`string_to_array(version, '.')::int[] desc`)
    .limit(MAX_ELEMENTS)
    .execute()
  // The content of an element is an element's: `kind` says so above.
  return rows.map(({ content, ...named }) => ({ ...(content as ElementContent), ...named }))
}

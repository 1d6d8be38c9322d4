import type { Context, TransactionContext } from '../../core/context.ts'
import type { CalendarYear } from './calendar.ts'
import './clock.table.ts'

export interface CalendarKey {
  readonly region: string
  readonly year: number
  readonly version: number
}

/** The latest version of every year of these regions. */
export async function latest(
  ctx: Context,
  regions: readonly string[],
): Promise<(CalendarKey & { sha256: string })[]> {
  return ctx.db
    .selectFrom('clock.calendar')
    .distinctOn(['region', 'year'])
    .select(['region', 'year', 'version', 'sha256'])
    .where('region', 'in', [...regions])
    .orderBy('region')
    .orderBy('year')
    .orderBy('version', 'desc')
    .limit(1000)
    .execute()
}

/** The days of one published year; answers nothing for a year that is not there. */
export async function read(ctx: Context, key: CalendarKey): Promise<CalendarYear | undefined> {
  const known = await ctx.db
    .selectFrom('clock.calendar')
    .select(['region', 'year', 'version'])
    .where('region', '=', key.region)
    .where('year', '=', key.year)
    .where('version', '=', key.version)
    .executeTakeFirst()
  if (!known) return undefined
  const days = await ctx.db
    .selectFrom('clock.calendarDay')
    .select(['date', 'work', 'name', 'source'])
    .where('region', '=', key.region)
    .where('year', '=', key.year)
    .where('version', '=', key.version)
    .orderBy('date')
    .execute()
  return { ...known, days }
}

/** Answers whether this call wrote it; of two nodes publishing one version the second writes nothing. */
export async function insert(ctx: TransactionContext, year: CalendarYear, sha256: string): Promise<boolean> {
  const key = { region: year.region, year: year.year, version: year.version }
  const written = await ctx.db
    .insertInto('clock.calendar')
    .values({ ...key, sha256, publishedAt: ctx.now() })
    .onConflict((conflict) => conflict.columns(['region', 'year', 'version']).doNothing())
    .returning('version')
    .executeTakeFirst()
  if (!written || year.days.length === 0) return written !== undefined
  await ctx.db
    .insertInto('clock.calendarDay')
    .values(year.days.map((day) => ({ ...key, ...day })))
    .execute()
  return true
}

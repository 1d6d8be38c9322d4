import { createHash } from 'node:crypto'
import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { emit } from '../../core/events.ts'
import { enqueue } from '../../core/jobs.ts'
import { loadThrough } from '../../core/loader.ts'
import { type Calendar, calendarOf, type CalendarYear, errors, regionsAround } from './calendar.ts'
import * as repository from './calendar.repository.ts'
import { shippedCalendars } from './packs.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'clock.calendar.published': { region: string; year: number; version: number }
  }
}

/** Puts the shipped calendars in force; running it again changes nothing. */
export async function loadCalendars(ctx: Context): Promise<void> {
  await publishCalendars(ctx, await shippedCalendars())
}

/**
 * Publishes calendar years, each as the version after the one in force when its days differ from it. Open
 * clocks are worked out anew by a job (R1.10). The years' own `version` is not looked at.
 */
export async function publishCalendars(ctx: Context, years: readonly CalendarYear[]): Promise<void> {
  await transaction(ctx, async (ctx) => {
    for (const { year, sha256 } of await pending(ctx, years)) {
      if (!(await repository.insert(ctx, year, sha256))) continue
      const key = { region: year.region, year: year.year, version: year.version }
      await emit(ctx, 'clock.calendar.published', key)
      await enqueue(ctx, 'clock.recompute', `${key.region}/${key.year}/${key.version}`, {
        region: key.region,
      })
    }
  })
}

async function pending(ctx: TransactionContext, years: readonly CalendarYear[]) {
  if (years.length === 0) return []
  const inForce = await repository.latest(ctx, [...new Set(years.map(({ region }) => region))])
  return years.flatMap((year) => {
    const sha256 = createHash('sha256').update(JSON.stringify(year.days)).digest('hex')
    const before = inForce.find((each) => each.region === year.region && each.year === year.year)
    if (before?.sha256 === sha256) return []
    return { year: { ...year, version: (before?.version ?? 0) + 1 }, sha256 }
  })
}

/**
 * The calendar now in force for a region.
 *
 * @throws CLOCK_CALENDAR_MISSING
 */
export async function calendarFor(ctx: Context, region: string): Promise<Calendar> {
  const keys = await repository.latest(ctx, regionsAround(region))
  if (keys.length === 0) throw errors.CALENDAR_MISSING({ region })
  const version = keys.map(({ region, year, version }) => `${region}/${year}/${version}`).join(' ')
  return calendarOfVersion(ctx, region, version)
}

/** A calendar by the version a clock keeps, so that a clock that ended shows the days it was judged by. */
export function calendarOfVersion(ctx: Context, region: string, version: string): Promise<Calendar> {
  return loadThrough(ctx, assembled, `${region} ${version}`)
}

/** Versions never change, so one reading serves a whole request. */
async function assembled(ctx: Context, keys: readonly string[]): Promise<Calendar[]> {
  const calendars: Calendar[] = []
  for (const key of keys) {
    const [wanted = '', ...parts] = key.split(' ')
    const years: CalendarYear[] = []
    for (const part of parts) {
      const [region = '', year, version] = part.split('/')
      const found = await repository.read(ctx, { region, year: Number(year), version: Number(version) })
      if (found) years.push(found)
    }
    calendars.push(calendarOf(wanted, years))
  }
  return calendars
}

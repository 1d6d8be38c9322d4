import { parse } from 'csv-parse/sync'
import { readdir, readFile } from 'node:fs/promises'
import { calendarOf, type Calendar, type CalendarYear, checkDays, NATION } from './calendar.ts'

const PACKS = new URL('../../standards/packs/', import.meta.url)

/**
 * The calendars that ship with the platform, as version 1: `cn-calendar-<year>` for the nation,
 * `cn-calendar-<year>-<division code>` for a division's own days. Needs no database.
 *
 * @throws CLOCK_CALENDAR_CONTRADICTORY, CLOCK_CALENDAR_ROW_INVALID
 */
export async function shippedCalendars(folder: URL = PACKS): Promise<CalendarYear[]> {
  const names = (await readdir(folder)).sort()
  const found = names.flatMap((name) => {
    const [, year, region = NATION] = /^cn-calendar-(\d{4})(?:-(\d{6}))?$/.exec(name) ?? []
    return year === undefined ? [] : [{ name, year: Number(year), region }]
  })
  return Promise.all(
    found.map(async ({ name, year, region }) => {
      const csv = await readFile(new URL(`${name}/days.csv`, folder), 'utf8')
      const rows: Record<string, string>[] = parse(csv, {
        columns: true,
        bom: true,
        trim: true,
        skip_empty_lines: true,
      })
      return { region, year, version: 1, days: checkDays(rows) }
    }),
  )
}

/** The shipped calendar of a region. @throws CLOCK_CALENDAR_MISSING */
export async function shippedCalendar(region: string = NATION): Promise<Calendar> {
  return calendarOf(region, await shippedCalendars())
}

import { addDays, type Day, isDay, weekdayOf } from '../../core/day.ts'
import { defineErrors, type Texts } from '../../core/errors.ts'

/** A day on which a region departs from Monday to Friday: a holiday, or a weekend day worked (调休). */
export interface CalendarDay {
  readonly date: Day
  readonly work: boolean
  /** As published, in Chinese. */
  readonly name: string
  readonly source: string
}

/** The days one authority published for one year; never changed, only followed by a higher version. */
export interface CalendarYear {
  /** `CN` for the whole country, else the code of the division the override is for. */
  readonly region: string
  readonly year: number
  readonly version: number
  readonly days: readonly CalendarDay[]
}

/** All that decides whether a day counts in a region. */
export interface Calendar {
  /** Names every year and version it was made of, the narrowest region first: `CN/2026/1`. */
  readonly version: string
  /** Looked up in this order (R1.2). */
  readonly layers: readonly ReadonlyMap<Day, CalendarDay>[]
  /** Years the nation published; days of others are provisional (R1.10). */
  readonly years: ReadonlySet<number>
}

export const errors = defineErrors('CLOCK', {
  CALENDAR_MISSING: {
    kind: 'unavailable',
    zh: '地区“{region}”没有已发布的工作日历，无法计算期限',
    en: 'The region “{region}” has no published calendar; no due date can be worked out',
  },
  CALENDAR_CONTRADICTORY: {
    kind: 'invalid',
    zh: '工作日历把 {date} 既列为工作日又列为休息日',
    en: 'The calendar says of {date} both that it is worked and that it is off',
  },
  CALENDAR_ROW_INVALID: {
    kind: 'invalid',
    zh: '工作日历第{line}行无效：须为 date,work,name,source',
    en: 'Row {line} of the calendar is not valid; it holds date, work, name, source',
  },
})

export const NATION = 'CN'

/** Holidays fixed by decree, for years not published yet (R1.10). */
const FIXED = new Set(['01-01', '05-01', '05-02', '10-01', '10-02', '10-03'])

/** Chinese divisions lie in their county, city, province and the nation; any other region stands alone. */
export function regionsAround(region: string): string[] {
  if (!/^\d{6}(\d{6})?$/.test(region)) return [region]
  const county = region.slice(0, 6)
  return [...new Set([region, county, `${county.slice(0, 4)}00`, `${county.slice(0, 2)}0000`, NATION])]
}

/**
 * The calendar of a region from published years.
 *
 * @throws CLOCK_CALENDAR_MISSING when none of them is for the region
 */
export function calendarOf(region: string, published: readonly CalendarYear[]): Calendar {
  const around = regionsAround(region)
  const used = published
    .filter((year) => around.includes(year.region))
    .sort((a, b) => around.indexOf(a.region) - around.indexOf(b.region) || a.year - b.year)
  const ruling = around.at(-1)
  const years = new Set(used.filter((year) => year.region === ruling).map((year) => year.year))
  if (years.size === 0) throw errors.CALENDAR_MISSING({ region })
  return {
    version: used.map(({ region, year, version }) => `${region}/${year}/${version}`).join(' '),
    layers: [...new Set(used.map((year) => year.region))].map(
      (region) =>
        new Map(
          used
            .filter((year) => year.region === region)
            .flatMap((year) => year.days.map((day) => [day.date, day])),
        ),
    ),
    years,
  }
}

/** @throws CLOCK_CALENDAR_CONTRADICTORY, CLOCK_CALENDAR_ROW_INVALID */
export function checkDays(rows: readonly Readonly<Record<string, string>>[]): CalendarDay[] {
  const byDate = new Map<Day, CalendarDay>()
  rows.forEach(({ date = '', work = '', name = '', source = '' }, index) => {
    const worked = /^(true|1|work)$/i.test(work)
    if (!isDay(date) || name === '' || (!worked && !/^(false|0|off)$/i.test(work)))
      throw errors.CALENDAR_ROW_INVALID({ line: index + 2 })
    const known = byDate.get(date)
    if (known && known.work !== worked) throw errors.CALENDAR_CONTRADICTORY({ date })
    byDate.set(date, { date, work: worked, name, source })
  })
  return [...byDate.values()].sort((a, b) => (a.date < b.date ? -1 : 1))
}

export interface DayVerdict {
  readonly work: boolean
  readonly why: Texts
  /** Nobody has published the year yet. */
  readonly provisional: boolean
}

const NAMES: Record<string, string> = {
  元旦: 'New Year’s Day',
  春节: 'Spring Festival',
  清明节: 'Qingming Festival',
  劳动节: 'Labour Day',
  端午节: 'Dragon Boat Festival',
  中秋节: 'Mid-Autumn Festival',
  国庆节: 'National Day',
}

/** Whether a day is worked, and why (R1.2, R1.10). */
export function verdictOn(calendar: Calendar, day: Day): DayVerdict {
  const provisional = !calendar.years.has(Number(day.slice(0, 4)))
  for (const layer of calendar.layers) {
    const entry = layer.get(day)
    if (entry) return { work: entry.work, why: nameOf(entry), provisional }
  }
  const weekday = weekdayOf(day)
  if (provisional && FIXED.has(day.slice(5)))
    return { work: false, why: { zh: '法定节假日（预计）', en: 'public holiday (expected)' }, provisional }
  if (weekday === 0 || weekday === 6) return { work: false, why: { zh: '周末', en: 'weekend' }, provisional }
  return { work: true, why: { zh: '工作日', en: 'working day' }, provisional }
}

function nameOf({ name, work }: CalendarDay): Texts {
  const holiday = Object.keys(NAMES).find((each) => name.startsWith(each))
  const en = holiday === undefined ? name : String(NAMES[holiday])
  return { zh: name, en: work ? `worked in exchange: ${en}` : en }
}

export const isWorkingDay = (calendar: Calendar, day: Day) => verdictOn(calendar, day).work

/** The day itself when it is worked, else the next one that is. */
export function workingDayFrom(calendar: Calendar, day: Day): Day {
  let at = day
  while (!isWorkingDay(calendar, at)) at = addDays(at, 1)
  return at
}

/** How many working days lie after `from` up to and including `to`. */
export function workingDaysBetween(calendar: Calendar, from: Day, to: Day): number {
  let count = 0
  for (let day = addDays(from, 1); day <= to; day = addDays(day, 1))
    if (isWorkingDay(calendar, day)) count += 1
  return count
}

/** The last day on which `count` working days still lie before `day`: notice times count back (AL 48). */
export function workingDaysBefore(calendar: Calendar, day: Day, count: number): Day {
  let at = day
  for (let left = count; left > 0;) {
    at = addDays(at, -1)
    if (isWorkingDay(calendar, at)) left -= 1
  }
  return at
}

/** The day a receipt counts on: its own, or the next working day when it came after the body's cut-off (R1.9). */
export function receiptDay(
  calendar: Calendar,
  received: { day: Day; time: string },
  cutoffTime?: string,
): Day {
  if (cutoffTime === undefined || received.time <= cutoffTime) return received.day
  return workingDayFrom(calendar, addDays(received.day, 1))
}

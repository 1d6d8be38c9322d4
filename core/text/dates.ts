import { type Day, isDay } from '../day.ts'
import { readChineseNumber } from './chinese-number.ts'
import type { Calendar } from './column.ts'

/** A calendar that a text is read by; `auto` is resolved to one of these or refused. */
export type KnownCalendar = Exclude<Calendar, 'auto'>

/**
 * - `ambiguous`: it may mean several days (`03/04/2017`, `10101`)
 * - `impossible`: it is written like a date but is no day of the calendar (`0990230`, `105/525`)
 * - `unreadable`: it is no date at all
 */
export type DateFault = 'ambiguous' | 'impossible' | 'unreadable'

export type DateReading = { readonly day: Day } | { readonly fault: DateFault }

/** Those `auto` chooses from: the order of day and month is never guessed. */
type ChosenCalendar = Exclude<KnownCalendar, 'day-first'>
const CALENDARS: readonly ChosenCalendar[] = ['gregorian', 'roc', 'japanese']

/** Years of the Republic begin in 1912 (民國元年). */
const ROC_OFFSET = 1911

interface Era {
  readonly names: readonly string[]
  readonly from: Day
  /** The first day of the next era; absent for the running one. */
  readonly to?: Day
}

/** Each day belongs to one era; Meiji counts by the solar calendar from Meiji 6 (1873). */
const ERAS: readonly Era[] = [
  { names: ['明治', 'M'], from: '1868-01-25', to: '1912-07-30' },
  { names: ['大正', 'T'], from: '1912-07-30', to: '1926-12-25' },
  { names: ['昭和', 'S'], from: '1926-12-25', to: '1989-01-08' },
  { names: ['平成', 'H'], from: '1989-01-08', to: '2019-05-01' },
  { names: ['令和', 'R'], from: '2019-05-01' },
]
const SOLAR_CALENDAR_OF_JAPAN = '1873-01-01'

const ISO = /^\d{4}-\d{2}-\d{2}$/
const GREGORIAN = [/^(\d{4})(\d{2})(\d{2})$/, /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/u]
const ROC = [/^(\d{3})(\d{2})(\d{2})$/, /^(?:民[國国])?(\d{1,3}|元)[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/u]
const ROC_NAMED = /^民[國国]/u
const JAPANESE = /^(明治|大正|昭和|平成|令和|[MTSHR])(\d{1,2}|元)[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/u
const DAY_FIRST = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/
const CHINESE =
  /^([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日?$/u

/** Order not declared, or a year of unknown width: 03/04/2017, 10101, 870709. */
const AMBIGUOUS = [/^(0?[1-9]|[12]\d|3[01])[-/.](0?[1-9]|[12]\d|3[01])[-/.]\d{4}$/, /^\d{5,6}$/]
const LIKE_A_DATE = /^[\d/.年月日-]*\d[\d/.年月日-]*$/u

/**
 * Reads one cell by the column's calendar. A day already written `YYYY-MM-DD` is read by every calendar, so
 * that reading is idempotent. `auto` reads what exactly one calendar can read.
 */
export function readDate(text: string, calendar: Calendar = 'gregorian'): DateReading {
  const cell = text
    .normalize('NFKC')
    .replace(/\s/gu, '')
    .replace(/00:00(:00(\.0+)?)?$/, '')
  if (ISO.test(cell)) return isDay(cell) ? { day: cell } : { fault: 'impossible' }
  const days = new Set(
    (calendar === 'auto' ? CALENDARS : [calendar]).flatMap((each) => READERS[each](cell) ?? []),
  )
  const [day] = days
  if (days.size === 1 && day !== undefined) return { day }
  return { fault: days.size > 1 ? 'ambiguous' : faultOf(cell, calendar) }
}

function faultOf(cell: string, calendar: Calendar): DateFault {
  if (calendar !== 'day-first' && AMBIGUOUS.some((pattern) => pattern.test(cell))) return 'ambiguous'
  const written = calendar === 'japanese' || calendar === 'auto' ? JAPANESE.test(cell) : false
  return written || LIKE_A_DATE.test(cell) || ROC_NAMED.test(cell) || CHINESE.test(cell)
    ? 'impossible'
    : 'unreadable'
}

const READERS: Record<KnownCalendar, (cell: string) => Day | undefined> = {
  gregorian(cell) {
    const match = matched(GREGORIAN, cell)
    if (match) return dayOf(Number(match[1]), match[2], match[3])
    const chinese = CHINESE.exec(cell)
    return chinese
      ? dayOf(
          Number(readChineseNumber(chinese[1] ?? '')),
          chineseNumber(chinese[2]),
          chineseNumber(chinese[3]),
        )
      : undefined
  },
  roc(cell) {
    const match = matched(ROC, cell)
    if (!match) return undefined
    // A year of one digit is a slip of a longer one unless the era is named.
    if (match[1]?.length === 1 && !ROC_NAMED.test(cell)) return undefined
    const year = match[1] === '元' ? 1 : Number(match[1])
    return year === 0 ? undefined : dayOf(year + ROC_OFFSET, match[2], match[3])
  },
  japanese(cell) {
    const match = JAPANESE.exec(cell)
    // Years of the common era are written in Japan too.
    if (!match) return READERS.gregorian(cell)
    const era = ERAS.find(({ names }) => names.includes(match[1] ?? ''))
    if (!era) return undefined
    const year = match[2] === '元' ? 1 : Number(match[2])
    const day = dayOf(Number(era.from.slice(0, 4)) + year - 1, match[3], match[4])
    if (day === undefined || year === 0 || day < SOLAR_CALENDAR_OF_JAPAN) return undefined
    return day >= era.from && (era.to === undefined || day < era.to) ? day : undefined
  },
  'day-first'(cell) {
    const match = DAY_FIRST.exec(cell)
    return match ? dayOf(Number(match[3]), match[2], match[1]) : undefined
  },
}

function matched(patterns: readonly RegExp[], cell: string): RegExpExecArray | undefined {
  for (const pattern of patterns) {
    const match = pattern.exec(cell)
    if (match) return match
  }
  return undefined
}

const chineseNumber = (text = '') => String(readChineseNumber(text))

function dayOf(year: number, month = '', dayOfMonth = ''): Day | undefined {
  const day = `${String(year).padStart(4, '0')}-${month.padStart(2, '0')}-${dayOfMonth.padStart(2, '0')}`
  return year > 0 && isDay(day) ? day : undefined
}

/** `auto` may decide only where one calendar reads this share of the cells that hold something. */
export const AUTO_SHARE = 0.995

export interface CalendarChoice {
  /** Undefined when no calendar reads enough of the cells: a person must say. */
  readonly calendar: ChosenCalendar | undefined
  /** Share of non-empty cells that each calendar reads, 0 to 1. */
  readonly shares: Readonly<Record<ChosenCalendar, number>>
}

/** Which calendar a column is written in, from all its cells (5.4: at least 99.5 % must be read by one). */
export function chooseCalendar(cells: Iterable<string | null>): CalendarChoice {
  const read: Record<ChosenCalendar, number> = { gregorian: 0, roc: 0, japanese: 0 }
  let total = 0
  for (const cell of cells) {
    if (cell === null || cell.trim() === '') continue
    total += 1
    for (const calendar of CALENDARS) if ('day' in readDate(cell, calendar)) read[calendar] += 1
  }
  const share = (calendar: ChosenCalendar) => (total === 0 ? 0 : read[calendar] / total)
  const shares = { gregorian: share('gregorian'), roc: share('roc'), japanese: share('japanese') }
  // Two that fit read the same cells the same way: the Japanese calendar holds the Gregorian one.
  return { calendar: CALENDARS.find((calendar) => shares[calendar] >= AUTO_SHARE), shares }
}

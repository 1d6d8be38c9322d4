import { FeelDate, ofEpochDay, readDate, two } from './date.ts'

/** An offset from UTC in seconds, or a region of the IANA time zone database. */
export type Zone = { readonly offset: number } | { readonly region: string }

const DAY_SECONDS = 86_400
export const DAY_NANOS = 86_400_000_000_000n

/** A time of day to the nanosecond, with a zone or local. */
export class FeelTime {
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly nano: number
  readonly zone: Zone | undefined

  constructor(hour: number, minute: number, second: number, nano: number, zone?: Zone) {
    this.hour = hour
    this.minute = minute
    this.second = second
    this.nano = nano
    this.zone = zone
  }

  /** Since midnight, in its own zone. */
  get nanos(): bigint {
    return BigInt(this.hour * 3600 + this.minute * 60 + this.second) * 1_000_000_000n + BigInt(this.nano)
  }

  /** Seconds from UTC; of a region, on the day given. Undefined for a local time. */
  offset(on: FeelDate = new FeelDate(2000, 1, 1)): number | undefined {
    if (!this.zone) return undefined
    return 'offset' in this.zone ? this.zone.offset : offsetOf(this.zone.region, on, this)
  }

  toString(): string {
    const fraction = this.nano === 0 ? '' : `.${String(this.nano).padStart(9, '0').replace(/0+$/, '')}`
    return `${two(this.hour)}:${two(this.minute)}:${two(this.second)}${fraction}${zoneText(this.zone)}`
  }
}

/** A day and a time of it. */
export class FeelDateTime {
  readonly date: FeelDate
  readonly time: FeelTime

  constructor(date: FeelDate, time: FeelTime) {
    this.date = date
    this.time = time
  }

  /** Since 1970-01-01T00:00:00 UTC; a local one counts as if it were UTC. */
  get epochNanos(): bigint {
    const seconds =
      BigInt(this.date.epochDay) * BigInt(DAY_SECONDS) - BigInt(this.time.offset(this.date) ?? 0)
    return seconds * 1_000_000_000n + this.time.nanos
  }

  toString(): string {
    return `${this.date.toString()}T${this.time.toString()}`
  }
}

function zoneText(zone: Zone | undefined): string {
  if (!zone) return ''
  if ('region' in zone) return `@${zone.region}`
  if (zone.offset === 0) return 'Z'
  const size = Math.abs(zone.offset)
  const seconds = size % 60 === 0 ? '' : `:${two(size % 60)}`
  return `${zone.offset < 0 ? '-' : '+'}${two(Math.floor(size / 3600))}:${two(Math.floor(size / 60) % 60)}${seconds}`
}

const formats = new Map<string, Intl.DateTimeFormat | null>()

function formatOf(region: string): Intl.DateTimeFormat | null {
  const kept = formats.get(region)
  if (kept !== undefined) return kept
  const parts = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const
  const day = { year: 'numeric', month: '2-digit', day: '2-digit', hourCycle: 'h23' } as const
  let format: Intl.DateTimeFormat | null = null
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: region, ...day, ...parts })
  } catch {
    // No region of the database.
  }
  if (formats.size < 1_000) formats.set(region, format)
  return format
}

/** Offset of a region at a local time; years far away have the rules of the same place in the 400-year cycle. */
function offsetOf(region: string, date: FeelDate, time: FeelTime): number {
  const format = formatOf(region)
  if (!format) return 0
  const year = date.year >= 1900 && date.year <= 9000 ? date.year : 2000 + (((date.year % 400) + 400) % 400)
  const local = Date.UTC(year, date.month - 1, date.day, time.hour, time.minute, time.second)
  const at = (instant: number) => {
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
    const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0
    const shown = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    )
    return (shown - instant) / 1000
  }
  const guess = at(local)
  return at(local - guess * 1000)
}

/** Greatest offset there is, in seconds. */
const MAX_OFFSET = 18 * 3600

/** A time of day, or null where the clock has none such. */
export function timeOf(hour: number, minute: number, second: number, nano = 0, zone?: Zone): FeelTime | null {
  const fits = [hour, minute, second, nano].every((part) => Number.isInteger(part) && part >= 0)
  if (!fits || hour > 23 || minute > 59 || second > 59) return null
  if (zone && 'offset' in zone && Math.abs(zone.offset) > MAX_OFFSET) return null
  if (zone && 'region' in zone && !formatOf(zone.region)) return null
  return new FeelTime(hour, minute, second, nano, zone)
}

/** The time of day so many nanoseconds after midnight; goes round the clock. */
export function ofNanos(nanos: bigint, zone?: Zone): FeelTime {
  const left = ((nanos % DAY_NANOS) + DAY_NANOS) % DAY_NANOS
  const seconds = Number(left / 1_000_000_000n)
  const nano = Number(left % 1_000_000_000n)
  return new FeelTime(Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60, nano, zone)
}

const ZONE = String.raw`(Z|z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z][\w/+-]{0,60})?`
const TIME = new RegExp(String.raw`^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9})\d*)?${ZONE}$`)

function readZone(text: string | undefined): Zone | undefined {
  if (text === undefined) return undefined
  if (/^z$/i.test(text)) return { offset: 0 }
  if (text.startsWith('@')) return { region: text.slice(1) }
  const [hours = 0, minutes = 0, seconds = 0] = text.slice(1).split(':').map(Number)
  if (minutes > 59 || seconds > 59) return { offset: Number.POSITIVE_INFINITY }
  return { offset: (text.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds) }
}

/** XML Schema's `time`, or one with `@` and a region; null for anything else. */
export function readTime(text: string): FeelTime | null {
  const found = text.length > 120 ? null : TIME.exec(text)
  if (!found) return null
  const [, hour, minute, second, fraction = '', zone] = found
  const nano = Number(fraction.padEnd(9, '0'))
  return timeOf(Number(hour), Number(minute), Number(second), nano, readZone(zone))
}

/** XML Schema's `dateTime`, also with a region, also a day alone (midnight); null for anything else. */
export function readDateTime(text: string): FeelDateTime | null {
  const [day = '', clock, ...more] = text.split('T')
  // A region may hold a T of its own.
  const written = clock === undefined ? '00:00:00' : [clock, ...more].join('T')
  const date = readDate(day)
  if (date && /^24:00:00(?:\.0+)?(?![\d.])/.test(written)) {
    const next = ofEpochDay(date.epochDay + 1)
    const midnight = readTime(written.replace(/^24/, '00'))
    return next && midnight && new FeelDateTime(next, midnight)
  }
  const time = readTime(written)
  return date && time && new FeelDateTime(date, time)
}

/** The date and time so many nanoseconds after 1970-01-01T00:00:00, both in the zone; null beyond the years. */
export function ofLocalNanos(nanos: bigint, zone?: Zone): FeelDateTime | null {
  const inDay = ((nanos % DAY_NANOS) + DAY_NANOS) % DAY_NANOS
  const date = ofEpochDay(Number((nanos - inDay) / DAY_NANOS))
  return date && new FeelDateTime(date, ofNanos(inDay, zone))
}

/** A day of the proleptic Gregorian calendar, years -999999999 to 999999999. */
export class FeelDate {
  readonly year: number
  readonly month: number
  readonly day: number

  constructor(year: number, month: number, day: number) {
    this.year = year
    this.month = month
    this.day = day
  }

  /** Days since 1970-01-01. */
  get epochDay(): number {
    const year = this.month <= 2 ? this.year - 1 : this.year
    const era = Math.floor(year / 400)
    const yearOfEra = year - era * 400
    const dayOfYear = Math.floor((153 * (this.month + (this.month > 2 ? -3 : 9)) + 2) / 5) + this.day - 1
    const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /** 1 Monday to 7 Sunday. */
  get weekday(): number {
    return ((((this.epochDay + 3) % 7) + 7) % 7) + 1
  }

  get dayOfYear(): number {
    return this.epochDay - new FeelDate(this.year, 1, 1).epochDay + 1
  }

  /** ISO 8601 week, 1 to 53. */
  get weekOfYear(): number {
    const week = Math.floor((this.dayOfYear - this.weekday + 10) / 7)
    if (week < 1) return new FeelDate(this.year - 1, 12, 31).weekOfYear
    return week === 53 && new FeelDate(this.year + 1, 1, 1).weekday <= 4 ? 1 : week
  }

  /** The same day some months on, or the last of that month. Null beyond the years there are. */
  plusMonths(months: number): FeelDate | null {
    const count = this.year * 12 + this.month - 1 + months
    const [year, month] = [Math.floor(count / 12), (((count % 12) + 12) % 12) + 1]
    return dateOf(year, month, Math.min(this.day, daysIn(year, month)))
  }

  toString(): string {
    const year = String(Math.abs(this.year)).padStart(4, '0')
    return `${this.year < 0 ? '-' : ''}${year}-${two(this.month)}-${two(this.day)}`
  }
}

export const two = (number: number) => String(number).padStart(2, '0')

const MAX_YEAR = 999_999_999

export function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** The day, or null where the calendar has none such. */
export function dateOf(year: number, month: number, day: number): FeelDate | null {
  const isWhole = [year, month, day].every(Number.isInteger)
  if (!isWhole || Math.abs(year) > MAX_YEAR || month < 1 || month > 12) return null
  return day < 1 || day > daysIn(year, month) ? null : new FeelDate(year, month, day)
}

/** The day so many days after 1970-01-01; null beyond the years there are. */
export function ofEpochDay(days: number): FeelDate | null {
  if (!Number.isSafeInteger(days)) return null
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return dateOf(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}

/** XML Schema's `date` without a zone; null for anything else. */
export function readDate(text: string): FeelDate | null {
  const found = /^(-?(?:\d{4}|[1-9]\d{4,8}))-(\d\d)-(\d\d)$/.exec(text)
  return found ? dateOf(Number(found[1]), Number(found[2]), Number(found[3])) : null
}

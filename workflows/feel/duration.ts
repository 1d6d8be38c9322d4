import { DAY_NANOS } from './time.ts'

const SECOND = 1_000_000_000n

/** Days, hours, minutes and seconds as one number of nanoseconds. */
export class DayTimeDuration {
  readonly nanos: bigint

  constructor(nanos: bigint) {
    this.nanos = nanos
  }

  /** Days, hours, minutes, whole seconds and nanoseconds, all of the duration's sign. */
  get parts() {
    return {
      days: this.nanos / DAY_NANOS,
      hours: (this.nanos / (3600n * SECOND)) % 24n,
      minutes: (this.nanos / (60n * SECOND)) % 60n,
      seconds: (this.nanos / SECOND) % 60n,
      nanos: this.nanos % SECOND,
    }
  }

  /** ISO 8601, normalised: `P1DT2H`, `PT0S`. */
  toString(): string {
    if (this.nanos === 0n) return 'PT0S'
    const size = new DayTimeDuration(this.nanos < 0n ? -this.nanos : this.nanos)
    const { days, hours, minutes, seconds, nanos } = size.parts
    const fraction = nanos === 0n ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`
    const clock = [
      hours === 0n ? '' : `${hours}H`,
      minutes === 0n ? '' : `${minutes}M`,
      seconds === 0n && fraction === '' ? '' : `${seconds}${fraction}S`,
    ].join('')
    const written = `${days === 0n ? '' : `${days}D`}${clock === '' ? '' : `T${clock}`}`
    return `${this.nanos < 0n ? '-' : ''}P${written}`
  }
}

/** Years and months as one number of months. */
export class YearMonthDuration {
  readonly months: number

  constructor(months: number) {
    this.months = months
  }

  /** ISO 8601, normalised: `P1Y2M`, `P0M`. */
  toString(): string {
    if (this.months === 0) return 'P0M'
    const size = Math.abs(this.months)
    const [years, months] = [Math.floor(size / 12), size % 12]
    const written = `${years === 0 ? '' : `${years}Y`}${months === 0 ? '' : `${months}M`}`
    return `${this.months < 0 ? '-' : ''}P${written}`
  }
}

const DAY_TIME =
  /^(-)?P(?:(\d{1,12})D)?(?:T(?=\d)(?:(\d{1,15})H)?(?:(\d{1,15})M)?(?:(\d{1,18})(?:\.(\d{0,9})\d*)?S)?)?$/
const YEAR_MONTH = /^(-)?P(?:(\d{1,12})Y)?(?:(\d{1,12})M)?$/

/** XML Schema's dayTimeDuration or yearMonthDuration; null for anything else. */
export function readDuration(text: string): DayTimeDuration | YearMonthDuration | null {
  if (text.length > 120 || !/\d/.test(text)) return null
  const months = YEAR_MONTH.exec(text)
  if (months) {
    const count = Number(months[2] ?? 0) * 12 + Number(months[3] ?? 0)
    return new YearMonthDuration(count === 0 ? 0 : months[1] ? -count : count)
  }
  const found = DAY_TIME.exec(text)
  if (!found) return null
  const part = (index: number) => BigInt(found[index] ?? 0)
  const seconds = ((part(2) * 24n + part(3)) * 60n + part(4)) * 60n + part(5)
  const nanos = seconds * SECOND + BigInt((found[6] ?? '').padEnd(9, '0'))
  return new DayTimeDuration(found[1] ? -nanos : nanos)
}

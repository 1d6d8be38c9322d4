import { Decimal, finite, whole } from './decimal.ts'
import { DayTimeDuration, YearMonthDuration } from './duration.ts'
import { overload, type Overload } from './signature.ts'

type Rounding = NonNullable<Parameters<Decimal['toDecimalPlaces']>[1]>

const one = (body: (number: Decimal) => Decimal | boolean | null | undefined) => [
  overload([['number', 'number']], (_, number) => {
    const value = body(number)
    if (value === undefined || typeof value === 'boolean') return value
    return value === null ? undefined : (finite(value) ?? undefined)
  }),
]

const MIN_SCALE = -6_111
const MAX_SCALE = 6_176

/** `number` at so many digits after the point; undefined for a scale that decimal128 has not. */
function atScale(number: Decimal, scale: Decimal, rounding: Rounding): Decimal | undefined {
  const digits = whole(scale.truncated())
  if (digits === undefined || digits < MIN_SCALE || digits > MAX_SCALE) return undefined
  if (digits >= 0) return finite(number.toDecimalPlaces(digits, rounding)) ?? undefined
  const unit = new Decimal(10).pow(-digits)
  return finite(number.dividedBy(unit).toDecimalPlaces(0, rounding).times(unit)) ?? undefined
}

const scaled = (rounding: Rounding) => [
  overload(
    [
      ['n', 'number'],
      ['scale', 'number'],
    ],
    (_, number, scale) => atScale(number, scale, rounding),
  ),
]

const toWhole = (rounding: Rounding) => [
  overload([['n', 'number']], (_, number) => number.toDecimalPlaces(0, rounding)),
  ...scaled(rounding),
]

export const functions: Readonly<Record<string, readonly Overload[]>> = {
  decimal: scaled(Decimal.ROUND_HALF_EVEN),
  floor: toWhole(Decimal.ROUND_FLOOR),
  ceiling: toWhole(Decimal.ROUND_CEIL),
  'round up': scaled(Decimal.ROUND_UP),
  'round down': scaled(Decimal.ROUND_DOWN),
  'round half up': scaled(Decimal.ROUND_HALF_UP),
  'round half down': scaled(Decimal.ROUND_HALF_DOWN),
  abs: [
    overload([['n', 'number']], (_, number) => number.abs()),
    overload([['n', 'duration']], (_, duration) =>
      duration instanceof DayTimeDuration
        ? new DayTimeDuration(duration.nanos < 0n ? -duration.nanos : duration.nanos)
        : new YearMonthDuration(Math.abs(duration.months)),
    ),
  ],
  modulo: [
    overload(
      [
        ['dividend', 'number'],
        ['divisor', 'number'],
      ],
      (_, dividend, divisor) =>
        divisor.isZero()
          ? undefined
          : (finite(dividend.minus(divisor.times(dividend.dividedBy(divisor).floor()))) ?? undefined),
    ),
  ],
  sqrt: one((number) => (number.isNegative() && !number.isZero() ? null : number.sqrt())),
  log: one((number) => (number.greaterThan(0) ? number.ln() : null)),
  exp: one((number) => number.exp()),
  odd: one((number) => (number.isInteger() ? !number.modulo(2).isZero() : false)),
  even: one((number) => (number.isInteger() ? number.modulo(2).isZero() : false)),
}

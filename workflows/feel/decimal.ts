import { Decimal as Base } from 'decimal.js'

/**
 * A number of FEEL: IEEE 754-2008 decimal128, 34 significant digits, half-even (DMN 1.5, 10.3.2.3.1). Never a
 * binary fraction: 0.1 + 0.2 is 0.3.
 */
export const Decimal = Base.clone({
  precision: 34,
  rounding: Base.ROUND_HALF_EVEN,
  maxE: 6_144,
  minE: -6_143,
  toExpNeg: -6_143,
  toExpPos: 6_144,
})
export type Decimal = Base

export const isNumber = (value: unknown): value is Decimal => value instanceof Decimal

/** The number rounded to 34 digits; null where it is none (overflow, NaN). */
export const finite = (value: Decimal): Decimal | null =>
  value.isFinite() ? value.toSignificantDigits(34) : null

/** The number a text holds; null when it holds none. No hexadecimal, no Infinity. */
export function decimalOf(text: string): Decimal | null {
  if (text.length > 200 || !/^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,5})?$/.test(text)) return null
  return finite(new Decimal(text))
}

/** A whole number that JavaScript holds exactly; undefined for a fraction or one too large. */
export function whole(value: Decimal): number | undefined {
  const number = value.toNumber()
  return value.isInteger() && Number.isSafeInteger(number) ? number : undefined
}

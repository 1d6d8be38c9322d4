/**
 * How PostgreSQL's values come back, the same on a server and embedded: a bigint as text (it may pass
 * 2^53), a date as `YYYY-MM-DD` (it is a day, not an instant).
 */
const asText = (value: string) => value

export const PARSERS: Record<number, (value: string) => unknown> = {
  20: asText,
  1082: asText,
  1700: asText,
}

/** An amount in the smallest unit of its currency (fen for CNY). */
export interface Money {
  readonly minor: bigint
  /** ISO 4217. */
  readonly currency: string
}

/** Words of the registers; longer ones stand before their beginnings. */
const CURRENCIES: readonly (readonly [word: string, code: string])[] = [
  ['人民币元', 'CNY'],
  ['人民幣元', 'CNY'],
  ['人民币', 'CNY'],
  ['人民幣', 'CNY'],
  ['新臺幣', 'TWD'],
  ['新台幣', 'TWD'],
  ['新台币', 'TWD'],
  ['澳大利亚元', 'AUD'],
  ['德国马克', 'DEM'],
  ['香港元', 'HKD'],
  ['港币', 'HKD'],
  ['港元', 'HKD'],
  ['美元', 'USD'],
  ['欧元', 'EUR'],
  ['英镑', 'GBP'],
  ['日元', 'JPY'],
  ['日圆', 'JPY'],
  ['CNY', 'CNY'],
  ['RMB', 'CNY'],
  ['TWD', 'TWD'],
  ['HKD', 'HKD'],
  ['USD', 'USD'],
  ['EUR', 'EUR'],
  ['¥', 'CNY'],
]
const CODES = new Map(CURRENCIES)
/** Zeros that a currency's smallest unit adds; others add two. */
const MINOR_DIGITS: Readonly<Record<string, number>> = { JPY: 0 }
/** Zeros that a word adds. */
const MAGNITUDES: Readonly<Record<string, number>> = { 千: 3, 万: 4, 萬: 4, 百万: 6, 百萬: 6, 亿: 8, 億: 8 }

const WORD = CURRENCIES.map(([word]) => word).join('|')
const AMOUNT = new RegExp(
  String.raw`^(${WORD})?(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?\(?(百万|百萬|千|万|萬|亿|億)?(元|圆|圓)?\(?(${WORD})?(元|圆|圓)?\){0,2}$`,
  'u',
)

/**
 * Reads an amount as the registers write it: `1,000.50`, `100万元`, `51(万元人民币)`, `新台幣 10.0000元`.
 * Undefined when the text is no amount, names two currencies, or is finer than the smallest unit. Without
 * a word it is `currency`.
 */
export function readMoney(text: string, currency = 'CNY'): Money | undefined {
  const match = AMOUNT.exec(text.normalize('NFKC').replace(/\s/gu, ''))
  if (!match) return undefined
  const [, before, whole = '', fraction = '', magnitude = '', , after] = match
  if (before !== undefined && after !== undefined) return undefined
  const word = before ?? after
  const code = word === undefined ? currency : (CODES.get(word) ?? currency)
  const shift = (MAGNITUDES[magnitude] ?? 0) + (MINOR_DIGITS[code] ?? 2)
  const kept = fraction.slice(0, shift)
  if (/[1-9]/.test(fraction.slice(shift))) return undefined
  return { minor: BigInt(whole.replaceAll(',', '') + kept.padEnd(shift, '0')), currency: code }
}

/** The amount in its main unit with two places, as forms and the `money` normaliser write it: `1000000.50`. */
export function writeMoney(minor: bigint, digits = 2): string {
  if (digits === 0) return String(minor)
  const text = String(minor < 0n ? -minor : minor).padStart(digits + 1, '0')
  return `${minor < 0n ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

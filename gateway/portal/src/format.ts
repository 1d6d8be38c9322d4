import { useLocale, type Locale } from './i18n.ts'

const ZONE = 'Asia/Shanghai'
const TAG: Record<Locale, string> = { zh: 'zh-CN', 'zh-TW': 'zh-TW', en: 'en-GB' }

export interface Format {
  /** `2026-01-05` as a reader writes it. */
  day: (day: string) => string
  weekday: (day: string) => string
  /** An ISO instant as day and minute in Beijing time. */
  time: (instant: string) => string
  /** Integer fen as yuan. */
  money: (fen: number) => string
  count: (number: number) => string
  /** 0 to 1. */
  percent: (share: number) => string
  size: (bytes: number) => string
}

const formats = new Map<Locale, Format>()

export function useFormat(): Format {
  const locale = useLocale()
  let format = formats.get(locale)
  if (!format) formats.set(locale, (format = make(TAG[locale])))
  return format
}

function make(tag: string): Format {
  const day = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC' })
  const weekday = new Intl.DateTimeFormat(tag, { weekday: 'short', timeZone: 'UTC' })
  const time = new Intl.DateTimeFormat(tag, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: ZONE,
  })
  const money = new Intl.NumberFormat(tag, {
    style: 'currency',
    currency: 'CNY',
    currencyDisplay: 'narrowSymbol',
  })
  const count = new Intl.NumberFormat(tag)
  const percent = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 1 })
  const size = new Intl.NumberFormat(tag, { maximumFractionDigits: 1 })
  return {
    day: (value) => day.format(new Date(`${value}T00:00:00Z`)),
    weekday: (value) => weekday.format(new Date(`${value}T00:00:00Z`)),
    time: (instant) => time.format(new Date(instant)),
    money: (fen) => money.format(fen / 100),
    count: (number) => count.format(number),
    percent: (share) => percent.format(share),
    size: (bytes) =>
      bytes < 1024
        ? `${bytes} B`
        : bytes < 1024 ** 2
          ? `${size.format(bytes / 1024)} KB`
          : `${size.format(bytes / 1024 ** 2)} MB`,
  }
}

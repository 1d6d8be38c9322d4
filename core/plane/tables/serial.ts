const DAY_MS = 86_400_000
const LAST_1900 = 2_958_465
const DAYS_1904 = 1_462
/** 29 February 1900, which never was; Lotus counted it, and so does the 1900 system. */
const FALSE_LEAP_DAY = 60

/**
 * A serial number of a workbook as ISO text: a day, an instant where it has a fraction, a time of day below one.
 * Undefined outside the calendar of workbooks.
 */
export function serialText(serial: number, is1904: boolean): string | undefined {
  let days = Math.floor(serial)
  let seconds = Math.round((serial - days) * 86_400)
  if (seconds === 86_400) {
    days += 1
    seconds = 0
  }
  const time = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
  if (serial >= 0 && serial < 1 && seconds > 0) return time
  const day = dayText(is1904 ? days + DAYS_1904 : days)
  return day === undefined || seconds === 0 ? day : `${day} ${time}`
}

function dayText(days: number): string | undefined {
  if (days < 1 || days > LAST_1900) return undefined
  if (days === FALSE_LEAP_DAY) return '1900-02-29'
  const base = Date.UTC(1899, 11, days < FALSE_LEAP_DAY ? 31 : 30)
  return new Date(base + days * DAY_MS).toISOString().slice(0, 10)
}

/** How a number of a workbook is shown, as far as it changes what its text is. */
export type NumberForm = 'plain' | 'date' | 'text' | { readonly digits: number }

const DATES = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
] as const
const TEXT_FORM = 49

/** @param code of a format of the workbook's own; absent for the built-in ones */
export function numberForm(id: number, code: string | undefined): NumberForm {
  if (code === undefined) {
    if (id === TEXT_FORM) return 'text'
    return DATES.some(([from, to]) => id >= from && id <= to) ? 'date' : 'plain'
  }
  if (code === '@') return 'text'
  if (/^0{2,30}$/.test(code)) return { digits: code.length }
  const bare = code.replace(/"[^"]*"|\\.|[_*].|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
  return /[ymdhs]/i.test(bare) ? 'date' : 'plain'
}

/** The text of a number cell by its form; whole numbers keep every digit, others the fifteen a workbook shows. */
export function numberText(value: string, form: NumberForm, is1904: boolean): string {
  if (form === 'text') return value
  const number = Number(value)
  if (!Number.isFinite(number) || value.trim() === '') return value
  if (form === 'date') return serialText(number, is1904) ?? value
  const text = /^-?\d+$/.test(value) ? value : String(Number(number.toPrecision(15)))
  return typeof form === 'object' && /^\d+$/.test(text) ? text.padStart(form.digits, '0') : text
}

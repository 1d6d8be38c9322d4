const DIGITS: Readonly<Record<string, number>> = {
  〇: 0,
  '○': 0,
  零: 0,
  一: 1,
  壹: 1,
  二: 2,
  贰: 2,
  貳: 2,
  两: 2,
  兩: 2,
  三: 3,
  叁: 3,
  參: 3,
  四: 4,
  肆: 4,
  五: 5,
  伍: 5,
  六: 6,
  陆: 6,
  陸: 6,
  七: 7,
  柒: 7,
  八: 8,
  捌: 8,
  九: 9,
  玖: 9,
}
const TENS: Readonly<Record<string, number>> = { 十: 10, 拾: 10, 百: 100, 佰: 100, 千: 1000, 仟: 1000 }
const MYRIADS: Readonly<Record<string, number>> = { 万: 1e4, 萬: 1e4, 亿: 1e8, 億: 1e8 }

/** The whole text as a number: `一百二十三`, `二〇二四`, `三亿五千万`; undefined when it is none. */
export function readChineseNumber(text: string): number | undefined {
  const characters = [...text]
  if (characters.length === 0 || characters.length > 24) return undefined
  if (characters.every((character) => character in DIGITS))
    return Number(characters.map((character) => DIGITS[character]).join(''))
  return readWithUnits(characters)
}

function readWithUnits(characters: readonly string[]): number | undefined {
  let total = 0
  let section = 0
  let pending: number | undefined
  let lastUnit = Infinity
  for (const character of characters) {
    const value = DIGITS[character]
    if (value !== undefined) {
      if (pending !== undefined && pending !== 0) return undefined
      pending = value
      continue
    }
    const unit = TENS[character]
    if (unit !== undefined) {
      if (unit >= lastUnit) return undefined
      section += (pending ?? 1) * unit
      lastUnit = unit
      pending = undefined
      continue
    }
    const myriad = MYRIADS[character]
    const counted = section + (pending ?? 0)
    if (myriad === undefined || counted + total === 0) return undefined
    total = myriad > 1e4 || total < myriad ? (total + counted) * myriad : total + counted * myriad
    section = 0
    pending = undefined
    lastUnit = Infinity
  }
  const number = total + section + (pending ?? 0)
  return Number.isSafeInteger(number) ? number : undefined
}

/** Digits as people write them, single ones for a year: 二〇二四. */
const RUN = /[〇○零一二三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟貳兩两參陸萬億]+/gu

/** Every Chinese number in the text as Arabic digits: `博愛二路三五九號` → `博愛2路359號`. Runs that are no number stay. */
export function arabic(text: string): string {
  return text.replace(RUN, (run) => String(readChineseNumber(run) ?? run))
}

import { useText } from './i18n.ts'
import { DIRECTORY_WORDS_TEXT } from './words.directory.ts'
import { STAFF_WORDS_TEXT } from './words.staff.ts'
import { STANDARDS_WORDS_TEXT } from './words.standards.ts'
import { WINDOW_WORDS_TEXT } from './words.window.ts'

type Lists = typeof WINDOW_WORDS_TEXT.zh &
  typeof STAFF_WORDS_TEXT.zh &
  typeof DIRECTORY_WORDS_TEXT.zh &
  typeof STANDARDS_WORDS_TEXT.zh

/** Words for the codes that the API uses; an unknown code is shown as it is. */
export function useWords() {
  const lists: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    ...useText(WINDOW_WORDS_TEXT),
    ...useText(STAFF_WORDS_TEXT),
    ...useText(DIRECTORY_WORDS_TEXT),
    ...useText(STANDARDS_WORDS_TEXT),
  }
  return (list: keyof Lists, code: string) => lists[list]?.[code] ?? code
}

/** `10 working days`. */
export function useLimit() {
  const { limit } = useText(LIMIT_TEXT)
  return ({ amount, unit }: { amount: number; unit: keyof typeof LIMIT_TEXT.zh.limit }) => limit[unit](amount)
}

const LIMIT_TEXT = {
  zh: {
    limit: {
      WORKING_DAY: (n: number) => `${n} 个工作日`,
      CALENDAR_DAY: (n: number) => `${n} 天`,
      MONTH: (n: number) => `${n} 个月`,
    },
  },
  en: {
    limit: {
      WORKING_DAY: (n: number) => `${n} working ${n === 1 ? 'day' : 'days'}`,
      CALENDAR_DAY: (n: number) => `${n} ${n === 1 ? 'day' : 'days'}`,
      MONTH: (n: number) => `${n} ${n === 1 ? 'month' : 'months'}`,
    },
  },
}

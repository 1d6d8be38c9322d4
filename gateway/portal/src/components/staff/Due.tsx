import { useFormat } from '../../format.ts'
import { useText } from '../../i18n.ts'

const DAY_MS = 86_400_000

/** A due day with how near it is, in words and in colour. */
export function Due({ day }: { day: string | null | undefined }) {
  const text = useText(TEXT)
  const format = useFormat()
  if (!day) return <span className="quiet">{text.none}</span>
  const left = daysUntil(day)
  const [look, word] =
    left < 0
      ? ['tag tag-bad', text.over(-left)]
      : left === 0
        ? ['tag tag-bad', text.today]
        : left <= 2
          ? ['tag tag-warn', text.left(left)]
          : ['tag tag-quiet', text.left(left)]
  return (
    <span className="due" data-due={day}>
      {format.day(day)} <span className={look}>{word}</span>
    </span>
  )
}

/** Calendar days from today in Beijing; only a nearness shown to people, never a legal count. */
function daysUntil(day: string): number {
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date())
  return Math.round((Date.parse(day) - Date.parse(today)) / DAY_MS)
}

const TEXT = {
  zh: {
    none: '无期限',
    today: '今天到期',
    left: (n: number) => `还有 ${n} 天`,
    over: (n: number) => `已超 ${n} 天`,
  },
  en: {
    none: 'no limit',
    today: 'due today',
    left: (n: number) => (n === 1 ? '1 day left' : `${n} days left`),
    over: (n: number) => (n === 1 ? '1 day over' : `${n} days over`),
  },
}

import { useText } from '../../i18n.ts'

/** Elapsed seconds as a reader says them, in the two largest units; a dash for none. */
export function useDuration(): (seconds: number | null | undefined) => string {
  const text = useText(TEXT)
  return (seconds) => {
    if (seconds === null || seconds === undefined) return '–'
    const whole = Math.round(Math.abs(seconds))
    const [days, hours] = [Math.floor(whole / 86_400), Math.floor((whole % 86_400) / 3600)]
    const [minutes, rest] = [Math.floor((whole % 3600) / 60), whole % 60]
    const parts =
      days > 0
        ? [text.days(days), hours > 0 && text.hours(hours)]
        : hours > 0
          ? [text.hours(hours), minutes > 0 && text.minutes(minutes)]
          : [minutes > 0 && text.minutes(minutes), (rest > 0 || minutes === 0) && text.seconds(rest)]
    return `${seconds < 0 ? '−' : ''}${parts.filter(Boolean).join(text.space)}`
  }
}

const TEXT = {
  zh: {
    space: '',
    days: (n: number) => `${n}天`,
    hours: (n: number) => `${n}小时`,
    minutes: (n: number) => `${n}分`,
    seconds: (n: number) => `${n}秒`,
  },
  en: {
    space: ' ',
    days: (n: number) => `${n} d`,
    hours: (n: number) => `${n} h`,
    minutes: (n: number) => `${n} min`,
    seconds: (n: number) => `${n} s`,
  },
}

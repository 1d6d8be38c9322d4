import type { Calendar } from '../../text/column.ts'

/**
 * The SQL day of `x`, a text without blanks around it, where it is written in a common form of the calendar;
 * null for everything else, which core/text then judges (see plain.ts).
 */
export function commonDay(x: string, calendar: Calendar): string {
  return `case
    when regexp_full_match(${x}, '[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}') then try_cast(${x} as date)
    ${COMMON[calendar](x)}
  end`
}

const COMMON: Record<Calendar, (x: string) => string> = {
  gregorian: (
    x,
  ) => `when regexp_full_match(${x}, '[1-9][0-9]{7}') then cast(try_strptime(${x}, '%Y%m%d') as date)
    when regexp_full_match(${x}, '[1-9][0-9]{3}[-/.][0-9]{1,2}[-/.][0-9]{1,2}')
      then try_cast(replace(replace(${x}, '/', '-'), '.', '-') as date)`,
  // 民國: the year plus 1911.
  roc: (x) => `when regexp_full_match(${x}, '[0-9]{7}') and not starts_with(${x}, '000')
      then cast(try_strptime(cast(cast(${x} as integer) + 19110000 as varchar), '%Y%m%d') as date)
    when regexp_full_match(${x}, '[0-9]{2,3}[-/.][0-9]{1,2}[-/.][0-9]{1,2}')
      then ${rocDay(`replace(replace(${x}, '/', '-'), '.', '-')`)}`,
  japanese: () => '',
  'day-first': () => '',
  auto: () => '',
}

function rocDay(hyphened: string): string {
  const part = (at: number) => `split_part(${hyphened}, '-', ${at})`
  return `case when cast(${part(1)} as integer) > 0
    then try_cast(concat(cast(${part(1)} as integer) + 1911, '-', ${part(2)}, '-', ${part(3)}) as date) end`
}

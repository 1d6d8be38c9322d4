import { useFormat } from '../format.ts'
import type { ClockPartsFragment } from '../generated/graphql.ts'
import { useSay, useText } from '../i18n.ts'
import { useLimit, useWords } from '../words.ts'

/** One due date in words, with the days that led to it, each counted or not and why. */
export function ClockCard({ clock }: { clock: ClockPartsFragment }) {
  const text = useText(TEXT)
  const words = useWords()
  const limit = useLimit()
  const format = useFormat()
  const day = clock.dueOn ?? clock.estimatedOn
  const state = clock.overdue ? 'tag tag-bad' : clock.state === 'PAUSED' ? 'tag tag-warn' : 'tag tag-quiet'
  return (
    <article className="clock" data-clock={clock.kind}>
      <div className="heading-row">
        <h3>{words('clock', clock.kind)}</h3>
        <span className={state}>{clock.overdue ? text.overdue : words('clockState', clock.state)}</span>
      </div>
      <p className="clock-day">
        {day ? <time dateTime={day}>{format.day(day)}</time> : text.noDay}
        {!clock.dueOn && clock.estimatedOn && <span className="quiet"> {text.estimated}</span>}
        {clock.provisional && <span className="quiet"> {text.provisional}</span>}
      </p>
      <p className="quiet">
        {text.limit(limit(clock.limit))}
        {clock.remainingDays !== null && clock.remainingDays !== undefined && clock.state !== 'STOPPED'
          ? text.remaining(clock.remainingDays)
          : ''}
        {clock.pausedDays > 0 ? text.paused(clock.pausedDays) : ''}
      </p>
      {clock.steps.length > 0 && (
        <details>
          <summary>
            {text.explain}
            <span className="visually-hidden">{words('clock', clock.kind)}</span>
          </summary>
          <Days clock={clock} />
        </details>
      )}
    </article>
  )
}

export function Days({ clock }: { clock: ClockPartsFragment }) {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  let counted = 0
  return (
    <div className="table-scroll">
      <table className="plain">
        <caption className="visually-hidden">{text.explain}</caption>
        <thead>
          <tr>
            <th scope="col">{text.day}</th>
            <th scope="col">{text.counted}</th>
            <th scope="col">{text.why}</th>
          </tr>
        </thead>
        <tbody>
          {clock.steps.map((step) => (
            <tr key={step.on} className={step.counted ? undefined : 'not-counted'}>
              <th scope="row">
                {format.day(step.on)} {format.weekday(step.on)}
              </th>
              <td>{step.counted ? text.nth((counted += 1)) : text.not}</td>
              <td>{say(step.why)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet">{text.calendar(clock.calendarVersion)}</p>
    </div>
  )
}

const TEXT = {
  zh: {
    overdue: '已超期',
    noDay: '日期待定',
    estimated: '（预计，计时暂停中）',
    provisional: '（暂定，等节假日安排公布）',
    limit: (limit: string) => `期限 ${limit}`,
    remaining: (n: number) => (n >= 0 ? `，还剩 ${n} 天` : `，超过 ${-n} 天`),
    paused: (n: number) => `，暂停 ${n} 天不计`,
    explain: '看看是怎么算的',
    day: '日期',
    counted: '是否计入',
    why: '理由',
    nth: (n: number) => `第 ${n} 天`,
    not: '不计',
    calendar: (version: string) => `依据的日历：${version}`,
  },
  en: {
    overdue: 'overdue',
    noDay: 'not yet known',
    estimated: '(estimate while paused)',
    provisional: '(provisional until the holidays are published)',
    limit: (limit: string) => `Limit ${limit}`,
    remaining: (n: number) => (n >= 0 ? `, ${n} days left` : `, ${-n} days over`),
    paused: (n: number) => `, ${n} days paused`,
    explain: 'How this is counted ',
    day: 'Day',
    counted: 'Counted',
    why: 'Why',
    nth: (n: number) => `day ${n}`,
    not: 'no',
    calendar: (version: string) => `Calendar: ${version}`,
  },
}

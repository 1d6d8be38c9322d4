import { Button, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useMutation } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { useFormat } from '../../format.ts'
import { useText } from '../../i18n.ts'
import { SCHEDULE, type Source } from './source.ts'

const KINDS = ['HAND', 'HOUR', 'DAY', 'WEEK', 'MONTH'] as const
/** From Monday on, 0 for Sunday. */
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 0] as const

/** When a source is read by itself, and when that will be next. */
export function SourceSchedule({ source, reload }: { source: Source; reload: () => void }) {
  const text = useText(TEXT)
  const format = useFormat()
  const save = useMutation(SCHEDULE)
  const [every, setEvery] = useState<(typeof KINDS)[number]>(source.schedule?.every ?? 'HAND')
  const [at, setAt] = useState(source.schedule?.at ?? '02:00')
  const [weekday, setWeekday] = useState(source.schedule?.weekday ?? 1)
  const [day, setDay] = useState(source.schedule?.day ?? 1)
  const input = {
    every,
    ...(['DAY', 'WEEK', 'MONTH'].includes(every) && { at }),
    ...(every === 'WEEK' && { weekday }),
    ...(every === 'MONTH' && { day }),
  }

  return (
    <section className="task-form source-form" aria-labelledby="schedule">
      <h2 id="schedule">{text.title}</h2>
      <p role="status" data-due-at={source.dueAt ?? ''}>
        {source.dueAt === null ? text.byHand : text.next(format.time(source.dueAt))}
      </p>
      {save.error && <Failure error={save.error} />}
      <label htmlFor="schedule-every">{text.every}</label>
      <Select
        id="schedule-every"
        value={every}
        onChange={setEvery}
        options={KINDS.map((value) => ({ value, label: text.kinds[value] }))}
      />
      {every === 'WEEK' && (
        <>
          <label htmlFor="schedule-weekday">{text.weekday}</label>
          <Select
            id="schedule-weekday"
            value={weekday}
            onChange={setWeekday}
            options={WEEKDAYS.map((value) => ({ value, label: text.weekdays[value] }))}
          />
        </>
      )}
      {every === 'MONTH' && (
        <>
          <label htmlFor="schedule-day">{text.day}</label>
          <InputNumber
            id="schedule-day"
            min={1}
            max={28}
            precision={0}
            value={day}
            onChange={(value) => setDay(value ?? 1)}
          />
        </>
      )}
      {input.at !== undefined && (
        <>
          <label htmlFor="schedule-at">{text.at}</label>
          <Input
            id="schedule-at"
            type="time"
            required
            value={at}
            onChange={({ target }) => setAt(target.value.slice(0, 5))}
          />
        </>
      )}
      <Button
        type="primary"
        loading={save.running}
        disabled={source.reading === null}
        onClick={() => void save.run({ id: source.id, input }).then(reload)}
      >
        {text.save}
      </Button>
      {source.reading === null && <p className="field-hint">{text.first}</p>}
    </section>
  )
}

const TEXT = {
  zh: {
    title: '抽取计划',
    byHand: '目前只由人手动抽取。',
    next: (time: string) => `下次按计划抽取：${time}`,
    every: '多久抽取一次',
    kinds: { HAND: '手动', HOUR: '每小时整点', DAY: '每天', WEEK: '每周', MONTH: '每月' },
    weekday: '星期',
    weekdays: ['星期日', '星期一', '星期二', '星期三', '星期四', '星期五', '星期六'],
    day: '日期（1至28日）',
    at: '时间（北京时间）',
    save: '保存计划',
    first: '请先保存读取设置。',
  },
  en: {
    title: 'Schedule',
    byHand: 'It is read by hand alone.',
    next: (time: string) => `Read next by schedule: ${time}`,
    every: 'How often it is read',
    kinds: { HAND: 'by hand', HOUR: 'at each full hour', DAY: 'daily', WEEK: 'weekly', MONTH: 'monthly' },
    weekday: 'Weekday',
    weekdays: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
    day: 'Day of the month (1 to 28)',
    at: 'Time (Beijing)',
    save: 'Save the schedule',
    first: 'Save first what is read.',
  },
}

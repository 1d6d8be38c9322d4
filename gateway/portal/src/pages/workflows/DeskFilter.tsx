import { Segmented } from 'antd'
import { useId } from 'react'
import { SearchField } from '../../components/staff/SearchField.tsx'
import type { TaskCountsQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { navigate, usePlace, withQuery } from '../../router.tsx'
import { DUES, known, type Show, SHOWS, SORTS } from './desk.ts'

type Counts = TaskCountsQuery['taskCounts']

/** What the desk shows and in which order; all of it stands in the address. */
export function DeskFilter({ counts, isHead }: { counts: Counts | undefined; isHead: boolean }) {
  const text = useText(TEXT)
  const say = useSay()
  const place = usePlace()
  const show = known(SHOWS, place.query.get('show')) ?? 'all'
  const numbers: Partial<Record<Show, number>> = counts ? { ...counts, 'standing-in': counts.standingIn } : {}
  const go = (name: string, value: string) => navigate(withQuery(place, { [name]: value || undefined }))
  return (
    <>
      <div className="staff-filter">
        <Segmented
          aria-label={text.filter}
          value={show}
          options={SHOWS.filter((one) => one !== 'body' || isHead).map((value) => ({
            value,
            label: `${text.show[value]}${numbers[value] === undefined ? '' : ` ${numbers[value]}`}`,
          }))}
          onChange={(value) => go('show', value === 'all' ? '' : value)}
        />
      </div>
      <div className="staff-filter" role="group" aria-label={text.narrow}>
        <Choice
          label={text.due}
          value={known(DUES, place.query.get('due')) ?? ''}
          options={[
            ['', text.anyDue],
            ['overdue', said(text.overdue, counts?.overdue)],
            ['soon', said(text.soon, counts?.soon)],
            ['follow-up', said(text.followUp, counts?.followUp)],
          ]}
          onChange={(value) => go('due', value)}
        />
        <Choice
          label={text.process}
          value={place.query.get('process') ?? ''}
          options={[
            ['', text.anyProcess],
            ...(counts?.processes ?? []).map(
              ({ key, name, count }) => [key, said(say(name), count)] as const,
            ),
          ]}
          onChange={(value) => go('process', value)}
        />
        <Choice
          label={text.sort}
          value={known(SORTS, place.query.get('sort')) ?? 'created'}
          options={SORTS.map((sort) => [sort, text.sorts[sort]] as const)}
          onChange={(value) => go('sort', value === 'created' ? '' : value)}
        />
        <SearchField label={text.search} />
      </div>
    </>
  )
}

const said = (name: string, count: number | undefined) => (count === undefined ? name : `${name} (${count})`)

interface ChoiceProps {
  readonly label: string
  readonly value: string
  readonly options: readonly (readonly [value: string, label: string])[]
  readonly onChange: (value: string) => void
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  const id = useId()
  return (
    <span className="staff-choice">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input" value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </span>
  )
}

const TEXT = {
  zh: {
    filter: '显示哪些任务',
    narrow: '筛选和排序',
    show: {
      all: '我能办的',
      mine: '我领取的',
      group: '待领取',
      delegated: '我委托的',
      'standing-in': '代人办理',
      body: '本单位全部',
    },
    due: '期限',
    anyDue: '全部',
    overdue: '已超期',
    soon: '三天内到期',
    followUp: '今天要跟进',
    process: '流程',
    anyProcess: '全部流程',
    sort: '排序',
    sorts: { created: '到达先后', due: '期限先后', priority: '优先级' },
    search: '办件编号、任务名称或内容',
  },
  en: {
    filter: 'Which tasks',
    narrow: 'Filter and order',
    show: {
      all: 'Open to me',
      mine: 'Claimed by me',
      group: 'To be claimed',
      delegated: 'Delegated by me',
      'standing-in': 'Standing in',
      body: 'The whole body',
    },
    due: 'Due',
    anyDue: 'Any time',
    overdue: 'Overdue',
    soon: 'Within three days',
    followUp: 'To follow up today',
    process: 'Process',
    anyProcess: 'All processes',
    sort: 'Order',
    sorts: { created: 'Oldest first', due: 'Due first', priority: 'Most urgent first' },
    search: 'Case number, name of the task, or a word in it',
  },
}

import { Descriptions } from 'antd'
import type { ReactNode } from 'react'
import { useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { ENTRY, type EntryData } from './entry.ts'
import { EntryLife } from './EntryLife.tsx'

/** One entry of the directory: what it is, who answers for it, what may be done with it. */
export function Entry({ id = '' }: { id?: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const query = useQuery(ENTRY, { id })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const { entry } = query.data
  return (
    <StaffPage
      title={entry.name}
      lead={
        <>
          <code>{entry.code}</code> · {say(entry.provider.name)} ·{' '}
          <span className="tag tag-quiet">{words('entryStatus', entry.status)}</span>{' '}
          {entry.status === 'PUBLISHED' && (
            <span className={`tag ${entry.updateState === 'OVERDUE' ? 'tag-bad' : 'tag-quiet'}`}>
              {words('updateState', entry.updateState)}
            </span>
          )}
        </>
      }
    >
      <EntryLife entry={entry} reload={query.reload} />
      <Facts entry={entry} />
      <h2>{text.items}</h2>
      <Items entry={entry} />
    </StaffPage>
  )
}

function Facts({ entry }: { entry: EntryData }) {
  const text = useText(TEXT)
  const words = useWords()
  const format = useFormat()
  const basis = entry.sharingBasis && `${entry.sharingBasis.document} ${entry.sharingBasis.clause}`
  const shared = [words('sharingType', entry.sharingType), entry.sharingCondition, basis].filter(Boolean)
  const facts: Readonly<Record<keyof typeof text.facts, ReactNode>> = {
    summary: entry.summary,
    class: [words('entryKind', entry.kind), ...entry.classPath].join(' › '),
    keywords: entry.keywords.join(text.comma),
    unit: entry.unit,
    uscc: entry.provider.creditCode,
    format: `${words('entryFormat', entry.format)} · ${entry.formatType}`,
    sharing: shared.join(' · '),
    method: entry.sharingMethod && words('sharingMethod', entry.sharingMethod),
    open: entry.open ? [text.yes, entry.openCondition].filter(Boolean).join(' · ') : text.no,
    level: words('entryLevel', String(entry.level)),
    cycle: words('updateCycle', entry.updateCycle),
    published: entry.publishedOn && format.day(entry.publishedOn),
    updated: entry.updatedAt && format.time(entry.updatedAt),
    due: entry.dueAt && format.time(entry.dueAt),
    volume: entry.volume !== null && entry.volume !== undefined && text.rows(format.count(entry.volume)),
    dataset: entry.dataset && <Link to={`/data/datasets/${entry.dataset.id}`}>{entry.dataset.title}</Link>,
    related: entry.relatedCodes.join(text.comma),
    custodian: [entry.custodian, entry.contact].filter(Boolean).join(' · '),
    confirmed: `${format.time(entry.confirmedAt)}${entry.confirmationDue ? ` · ${text.confirmationDue}` : ''}`,
    system: entry.system,
    matters: entry.matters.join(text.comma),
  }
  const names = Object.keys(facts) as (keyof typeof facts)[]
  return (
    <Descriptions
      bordered
      size="small"
      column={{ xs: 1, lg: 2 }}
      items={names.map((name) => ({
        key: name,
        label: text.facts[name],
        children: facts[name] || text.none,
        ...(name === 'summary' ? { span: 'filled' as const } : {}),
      }))}
    />
  )
}

function Items({ entry }: { entry: EntryData }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const sourceOf = (code: string | null | undefined) =>
    entry.collectedElsewhere.find(({ elementCode }) => elementCode === code)
  return (
    <DataTable<EntryData['items'][number]>
      rowKey={({ name }) => name}
      caption={text.items}
      rows={entry.items}
      columns={[
        { title: text.item, cell: ({ name }) => name },
        {
          title: text.element,
          cell: ({ elementCode }) =>
            elementCode ? (
              <Link to={`/standards/elements/${elementCode}`}>{elementCode}</Link>
            ) : (
              <span className="tag tag-bad">{text.unbound}</span>
            ),
        },
        {
          title: text.type,
          cell: ({ dataType, length }) => `${words('dataType', dataType)} ${length ?? ''}`,
        },
        {
          title: text.level,
          cell: ({ level, personal }) => (
            <>
              {words('entryLevel', String(level))}{' '}
              {personal && <span className="tag tag-quiet">{text.personal}</span>}
            </>
          ),
        },
        {
          title: text.source,
          cell: ({ elementCode, duplicateReason }) => {
            const source = sourceOf(elementCode)
            if (!source) return text.own
            return (
              <>
                {say(source.organisation.name)}{' '}
                {source.entries.map(({ id, name }) => (
                  <Link key={id} to={`/directory/entries/${id}`}>
                    {name}
                  </Link>
                ))}
                <div className="quiet">{text.reason(duplicateReason ?? text.none)}</div>
              </>
            )
          },
        },
      ]}
    />
  )
}

const TEXT = {
  zh: {
    items: '信息项',
    item: '信息项名称',
    element: '数据元',
    unbound: '未对应',
    type: '类型和长度',
    level: '分级',
    personal: '个人信息',
    source: '数源单位（一数一源）',
    own: '本单位采集',
    reason: (why: string) => `重复采集的理由：${why}`,
    none: '无',
    yes: '向社会开放',
    no: '不开放',
    comma: '、',
    rows: (n: string) => `${n} 行`,
    confirmationDue: '已满一年，请管理员确认',
    facts: {
      summary: '摘要',
      class: '分类',
      keywords: '关键字',
      unit: '处室',
      uscc: '提供方代码',
      format: '信息资源格式',
      sharing: '共享类型',
      method: '共享方式',
      open: '开放属性',
      level: '分级',
      cycle: '更新周期',
      published: '发布日期',
      updated: '更新日期',
      due: '最迟更新',
      volume: '数据量',
      dataset: '数据集',
      related: '关联资源代码',
      custodian: '管理员和联系方式',
      confirmed: '最近确认',
      system: '所属系统',
      matters: '关联事项',
    },
  },
  en: {
    items: 'Items',
    item: 'Item',
    element: 'Data element',
    unbound: 'none',
    type: 'Type and length',
    level: 'Level',
    personal: 'personal data',
    source: 'Legal source',
    own: 'collected here',
    reason: (why: string) => `Why collected again: ${why}`,
    none: 'none',
    yes: 'open to the public',
    no: 'not open',
    comma: ', ',
    rows: (n: string) => `${n} rows`,
    confirmationDue: 'a year has passed; to be confirmed',
    facts: {
      summary: 'Summary',
      class: 'Class',
      keywords: 'Keywords',
      unit: 'Office',
      uscc: 'Provider’s code',
      format: 'Format',
      sharing: 'Sharing',
      method: 'Sharing method',
      open: 'Openness',
      level: 'Level',
      cycle: 'Update cycle',
      published: 'Published on',
      updated: 'Updated at',
      due: 'Due by',
      volume: 'Volume',
      dataset: 'Dataset',
      related: 'Related codes',
      custodian: 'Custodian and contact',
      confirmed: 'Last confirmed',
      system: 'System',
      matters: 'Matters',
    },
  },
}

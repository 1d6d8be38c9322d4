import { Button, Input } from 'antd'
import { useQuery } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { graphql } from '../../generated/gql.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { ElementPicker } from '../standards/ElementPicker.tsx'

const ELSEWHERE = graphql(`
  query LegalSourcesElsewhere($elementCodes: [String!]!) {
    legalSourcesElsewhere(elementCodes: $elementCodes) {
      elementCode
      organisation {
        name {
          zh
          en
        }
      }
      entries {
        id
        code
        name
      }
    }
  }
`)

export interface Item {
  readonly name: string
  readonly elementCode?: string | null | undefined
  readonly dataType: string
  readonly length?: number | null | undefined
  readonly duplicateReason?: string | null | undefined
}

interface EntryItemsProps {
  readonly items: readonly Item[]
  readonly onChange: (items: readonly Item[]) => void
}

/** The items of an entry; one whose legal source is another department shows its entry and asks why (一数一源). */
export function EntryItems({ items, onChange }: EntryItemsProps) {
  const text = useText(TEXT)
  const say = useSay()
  const elementCodes = items.flatMap(({ elementCode }) => elementCode ?? [])
  const query = useQuery(ELSEWHERE, { elementCodes })
  const elsewhere = query.state === 'ready' ? query.data.legalSourcesElsewhere : []
  const changeAt = (at: number, part: Partial<Item>) =>
    onChange(items.map((item, index) => (index === at ? { ...item, ...part } : item)))
  return (
    <>
      {query.state === 'failed' && <Failure error={query.error} retry={query.reload} />}
      <ElementPicker
        onPick={({ code, name, dataType }) =>
          onChange([...items, { name: name.zh, elementCode: code, dataType }])
        }
      />
      <DataTable<Item>
        rowKey={(_, index) => index}
        caption={text.items}
        rows={items}
        empty={text.none}
        columns={[
          {
            title: text.name,
            cell: (item, at) => (
              <Input
                aria-label={`${text.name} ${at + 1}`}
                value={item.name}
                onChange={({ target }) => changeAt(at, { name: target.value })}
              />
            ),
          },
          {
            title: text.element,
            cell: ({ elementCode }) =>
              elementCode ? (
                <code>{elementCode}</code>
              ) : (
                <span className="tag tag-quiet">{text.unbound}</span>
              ),
          },
          {
            title: text.source,
            cell: (item, at) => {
              const source = elsewhere.find(({ elementCode }) => elementCode === item.elementCode)
              if (!source) return text.own
              return (
                <>
                  <p>
                    {text.collected(say(source.organisation.name))}{' '}
                    {source.entries.map(({ id, code, name }) => (
                      <Link key={id} to={`/directory/entries/${id}`} target="_blank">
                        {name} {code}
                      </Link>
                    ))}
                  </p>
                  <Input
                    aria-label={`${text.reason} ${item.name}`}
                    placeholder={text.reason}
                    maxLength={200}
                    value={item.duplicateReason ?? ''}
                    onChange={({ target }) => changeAt(at, { duplicateReason: target.value })}
                  />
                </>
              )
            },
          },
          {
            title: text.remove,
            cell: (item, at) => (
              <Button
                aria-label={`${text.remove} ${item.name}`}
                onClick={() => onChange(items.filter((_, index) => index !== at))}
              >
                {text.remove}
              </Button>
            ),
          },
        ]}
      />
      <p>
        <Button onClick={() => onChange([...items, { name: '', dataType: 'text' }])}>{text.add}</Button>
      </p>
    </>
  )
}

const TEXT = {
  zh: {
    items: '信息项',
    none: '还没有信息项。先找数据元；没有合适的，再添加未对应的信息项。',
    name: '信息项名称',
    element: '数据元',
    unbound: '未对应，不能共享',
    source: '数源单位（一数一源）',
    own: '本单位采集',
    collected: (who: string) => `已由${who}采集：`,
    reason: '重复采集的理由',
    remove: '去掉',
    add: '添加未对应数据元的信息项',
  },
  en: {
    items: 'Items',
    none: 'No items yet. Find data elements first; add an item without one only when none fits.',
    name: 'Item',
    element: 'Data element',
    unbound: 'none; cannot be shared',
    source: 'Legal source',
    own: 'collected here',
    collected: (who: string) => `Collected by ${who}:`,
    reason: 'Why it is collected again',
    remove: 'Remove',
    add: 'Add an item without a data element',
  },
}

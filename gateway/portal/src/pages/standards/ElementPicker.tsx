import { Select } from 'antd'
import { useState } from 'react'
import { useQuery } from '../../api.ts'
import { graphql } from '../../generated/gql.ts'
import type { PickElementsQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { useWords } from '../../words.ts'

const ELEMENTS = graphql(`
  query PickElements($search: String) {
    dataElements(search: $search, first: 50) {
      edges {
        node {
          code
          version
          shortName
          dataType
          format
          name {
            zh
            en
          }
        }
      }
    }
  }
`)

export type PickedElement = PickElementsQuery['dataElements']['edges'][number]['node']

/** Finds a data element by name and adds it as a column. */
export function ElementPicker({ onPick }: { onPick: (element: PickedElement) => void }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const [search, setSearch] = useState('')
  const query = useQuery(ELEMENTS, search ? { search } : {})
  const elements = query.state === 'ready' ? query.data.dataElements.edges.map(({ node }) => node) : []
  return (
    <p>
      <Select
        id="pick-element"
        aria-label={text.add}
        style={{ width: '28rem', maxWidth: '100%' }}
        showSearch={{ filterOption: false, onSearch: setSearch }}
        value={null}
        placeholder={text.add}
        loading={query.state === 'loading'}
        notFoundContent={query.state === 'loading' ? text.loading : text.none}
        options={elements.map((element) => ({
          value: element.code,
          label: `${say(element.name)} · ${element.code} · ${words('dataType', element.dataType)} ${element.format}`,
        }))}
        onSelect={(code: string | null) => {
          const element = elements.find((element) => element.code === code)
          if (element) onPick(element)
          setSearch('')
        }}
      />
    </p>
  )
}

const TEXT = {
  zh: { add: '查找数据元，添加为一列', loading: '正在查找…', none: '没有这样的数据元' },
  en: { add: 'Find a data element to add as a column', loading: 'Searching…', none: 'No such element' },
}

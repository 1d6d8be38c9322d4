import { Input } from 'antd'
import { useText } from '../../i18n.ts'
import { navigate, usePlace, withQuery } from '../../router.tsx'

interface SearchFieldProps {
  /** Says what may be typed; the field's accessible name too. */
  readonly label: string
}

/** The search of a list, kept in the address as `q`. */
export function SearchField({ label }: SearchFieldProps) {
  const text = useText(TEXT)
  const place = usePlace()
  return (
    <div className="staff-filter">
      <Input.Search
        id="search"
        style={{ width: '26rem' }}
        aria-label={label}
        placeholder={label}
        defaultValue={place.query.get('q') ?? ''}
        // The icons of antd are called by their English names.
        allowClear={{ clearIcon: <span aria-label={text.clear}>×</span> }}
        enterButton={text.go}
        onSearch={(typed) => navigate(withQuery(place, { q: typed.trim() }))}
      />
    </div>
  )
}

const TEXT = {
  zh: { go: '查找', clear: '清除' },
  en: { go: 'Search', clear: 'Clear' },
}

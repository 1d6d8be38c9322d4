import { Input } from 'antd'
import { navigate, usePlace, withQuery } from '../../router.tsx'

interface SearchFieldProps {
  /** Says what may be typed; the field's accessible name too. */
  readonly label: string
  /** The words of a button beside it; without, Enter searches and the field can be cleared. */
  readonly go?: string
}

/** The search of a list, kept in the address as `q`. */
export function SearchField({ label, go }: SearchFieldProps) {
  const place = usePlace()
  return (
    <div className="staff-filter">
      <Input.Search
        id="search"
        style={{ width: '26rem' }}
        aria-label={label}
        placeholder={label}
        defaultValue={place.query.get('q') ?? ''}
        {...(go === undefined ? { allowClear: true } : { enterButton: go })}
        onSearch={(typed) => navigate(withQuery(place, { q: typed.trim() }))}
      />
    </div>
  )
}

import type { DatasetQuery } from '../../generated/graphql.ts'
import { useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'

/** A dataset's entry in the directory, or the offer to register it. */
export function EntryNote({ dataset }: { dataset: DatasetQuery['dataset'] }) {
  const text = useText(TEXT)
  const { id, entry, mayRegisterEntry } = dataset
  if (entry)
    return (
      <p>
        {text.entry}{' '}
        <Link to={`/directory/entries/${entry.id}`}>
          <code>{entry.code}</code>
        </Link>
      </p>
    )
  if (!mayRegisterEntry) return null
  return (
    <p className="notice">
      {text.missing} <Link to={`/directory/register?dataset=${id}`}>{text.register}</Link>
    </p>
  )
}

const TEXT = {
  zh: {
    entry: '资源目录条目：',
    missing: '这个数据集还没有列入资源目录。',
    register: '登记目录条目（已填好大部分）',
  },
  en: {
    entry: 'Directory entry:',
    missing: 'This dataset is not in the resource directory yet.',
    register: 'Register its entry (mostly filled in)',
  },
}

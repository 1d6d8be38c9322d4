import { useMemo, useState } from 'react'
import { Legend } from '../../components/bpmn/Diagram.tsx'
import { SideBySide } from '../../components/bpmn/SideBySide.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { useText } from '../../i18n.ts'
import { drawnChanges, type Comparison } from './comparison.ts'
import { useNames } from './nodes.ts'

interface Side {
  readonly title: string
  readonly xml: string
}

interface ComparisonViewProps {
  readonly comparison: Comparison
  /** Absent when there is nothing to compare with. */
  readonly before?: Side
  readonly after: Side
}

/** Two versions drawn side by side with what changed, and the same as a table. */
export function ComparisonView({ comparison, before, after }: ComparisonViewProps) {
  const text = useText(TEXT)
  const [sight, setSight] = useState<string>()
  const { marks, badges } = useMemo(() => drawnChanges(comparison, text.changes), [comparison, text])
  const names = [useNames(after.xml), useNames(before?.xml ?? after.xml)] as const
  const { elements, files } = comparison
  return (
    <>
      <Legend of={['added', 'removed', 'changed']} />
      <SideBySide
        sides={[...(before ? [before] : []), after].map((side) => ({ ...side, marks, badges, sight }))}
      />
      <DataTable
        caption={text.elements}
        rows={elements}
        rowKey={({ id }) => id}
        empty={text.same}
        columns={[
          {
            title: text.element,
            cell: ({ id, change }) => (
              <>
                <button type="button" className="button-plain" onClick={() => setSight(id)}>
                  {names[change === 'REMOVED' ? 1 : 0](id)}
                </button>{' '}
                <code className="quiet">{id}</code>
              </>
            ),
          },
          { title: text.kind, cell: ({ type }) => type },
          {
            title: text.change,
            cell: ({ change }) => (
              <span className={`tag tag-${LOOK[change]}`} data-change={change}>
                {text.changes[change]}
              </span>
            ),
          },
          {
            title: text.attributes,
            cell: ({ attributes }) => (
              <ul>
                {attributes.map(({ name, before, after }) => (
                  <li key={name}>
                    <code>{name}</code>: <del>{before ?? '–'}</del> → <ins>{after ?? '–'}</ins>
                  </li>
                ))}
              </ul>
            ),
          },
        ]}
      />
      {files.length > 0 && (
        <>
          <h2>{text.files}</h2>
          <ul>
            {files.map(({ path, change }) => (
              <li key={path}>
                <span className={`tag tag-${LOOK[change]}`}>{text.changes[change]}</span> <code>{path}</code>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

const LOOK = { ADDED: 'good', REMOVED: 'bad', CHANGED: 'warn' } as const

const TEXT = {
  zh: {
    elements: '变更的元素',
    same: '两个版本的流程图没有差别。',
    element: '元素',
    kind: '种类',
    change: '变更',
    attributes: '属性（原值 → 新值）',
    files: '变更的文件',
    changes: { ADDED: '新增', REMOVED: '删除', CHANGED: '变更' },
  },
  en: {
    elements: 'Elements that changed',
    same: 'The two models do not differ.',
    element: 'Element',
    kind: 'Kind',
    change: 'Change',
    attributes: 'Attributes (before → after)',
    files: 'Files that changed',
    changes: { ADDED: 'added', REMOVED: 'removed', CHANGED: 'changed' },
  },
}

import { useMemo, useState } from 'react'
import { Diagram, Legend } from '../../components/bpmn/Diagram.tsx'
import type { Marks } from '../../components/bpmn/diagram.ts'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { useFormat } from '../../format.ts'
import { useText } from '../../i18n.ts'
import { useNames } from './nodes.ts'

/** As the server stores it: see Rehearsal of workflows/compile. */
export interface Rehearsal {
  readonly outcome: 'ended' | 'standing' | 'failed' | 'timed-out'
  readonly coverage: number
  readonly paths: readonly {
    readonly forced: string | null
    readonly outcome: 'ended' | 'standing' | 'failed'
    readonly nodes: readonly string[]
    readonly error?: string
  }[]
}

/** The paths bpmn-engine went through a process, one of them drawn. */
export function RehearsalView({
  rehearsal,
  xml,
  retry,
}: {
  rehearsal: Rehearsal
  xml: string
  /** Offered when the time ran out. */
  retry?: () => void
}) {
  const text = useText(TEXT)
  const format = useFormat()
  const [chosen, setChosen] = useState(0)
  const names = useNames(xml)
  const path = rehearsal.paths[chosen]
  const marks = useMemo(() => {
    const ids = [...(path?.nodes ?? []), ...(path?.forced ? [path.forced] : [])]
    return Object.fromEntries(ids.map((id) => [id, ['path']])) as unknown as Marks
  }, [path])
  return (
    <>
      <p>
        <span className={rehearsal.outcome === 'ended' ? 'tag tag-good' : 'tag tag-warn'}>
          {text.outcomes[rehearsal.outcome]}
        </span>{' '}
        {text.covered(format.percent(rehearsal.coverage), rehearsal.paths.length)}{' '}
        {retry && rehearsal.outcome === 'timed-out' && (
          <button type="button" className="button-plain" onClick={retry}>
            {text.retry}
          </button>
        )}
      </p>
      <Legend of={['path']} />
      <Diagram xml={xml} label={text.diagram} marks={marks} />
      <DataTable
        caption={text.paths}
        rows={rehearsal.paths}
        rowKey={(_, index) => index}
        empty={text.none}
        columns={[
          {
            title: text.path,
            cell: ({ forced }, at) => (
              <button
                type="button"
                className="button-plain"
                aria-pressed={at === chosen}
                onClick={() => setChosen(at)}
              >
                {forced === null ? text.plain : text.forced(names(forced))}
              </button>
            ),
          },
          { title: text.outcome, cell: ({ outcome, error }) => error ?? text.outcomes[outcome] },
          { title: text.nodes, cell: ({ nodes }) => nodes.map(names).join(' → ') },
        ]}
      />
    </>
  )
}

const TEXT = {
  zh: {
    diagram: '预演路径',
    retry: '再预演一次',
    paths: '预演走过的路径',
    path: '路径',
    plain: '按条件自然走',
    forced: (name: string) => `经过“${name}”`,
    outcome: '结果',
    nodes: '环节',
    none: '没有路径。',
    covered: (share: string, n: number) => `共 ${n} 条路径，经过 ${share} 的环节`,
    outcomes: { ended: '走到结束', standing: '停在途中', failed: '失败', 'timed-out': '超时' },
  },
  en: {
    diagram: 'Path of the rehearsal',
    retry: 'Rehearse again',
    paths: 'Paths of the rehearsal',
    path: 'Path',
    plain: 'as the conditions lead',
    forced: (name: string) => `through “${name}”`,
    outcome: 'Outcome',
    nodes: 'Steps',
    none: 'There are no paths.',
    covered: (share: string, n: number) => `${n} paths went through ${share} of the steps`,
    outcomes: { ended: 'reached an end', standing: 'stands', failed: 'failed', 'timed-out': 'timed out' },
  },
}

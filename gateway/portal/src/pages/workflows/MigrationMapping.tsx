import { useMemo, useState } from 'react'
import { Legend } from '../../components/bpmn/Diagram.tsx'
import type { Badge, Mark, Marks } from '../../components/bpmn/diagram.ts'
import { SideBySide } from '../../components/bpmn/SideBySide.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { useSay, useText } from '../../i18n.ts'
import { keepsId, type Mapping, suggested, type Suggestion } from './migration.ts'

interface MigrationMappingProps {
  readonly suggestion: Suggestion
  readonly mapping: Mapping
  readonly onMap: (node: string, to: string) => void
}

const SIGN = { mapped: '=', unmapped: '?', 'by-hand': '✎' } as const
type Kind = keyof typeof SIGN
const LOOK = { mapped: 'good', unmapped: 'error', 'by-hand': 'change' } as const

/** Both versions side by side, and for each node where it goes: picked in the list, or on the right diagram. */
export function MigrationMapping({ suggestion, mapping, onMap }: MigrationMappingProps) {
  const text = useText(TEXT)
  const say = useSay()
  const [picked, setPicked] = useState('')
  const { from, to, nodes } = suggestion
  const first = useMemo(() => suggested(suggestion), [suggestion])
  const kindOf = (id: string): Kind =>
    !mapping[id] ? 'unmapped' : mapping[id] === first[id] ? 'mapped' : 'by-hand'
  const candidates = nodes.find(({ id }) => id === picked)?.candidates.map(({ id }) => id)
  const drawn = useMemo(() => {
    const [left, right]: [Record<string, Mark[]>, Record<string, Mark[]>] = [{}, {}]
    const badges: [Badge[], Badge[]] = [[], []]
    for (const { id } of nodes) {
      const kind = kindOf(id)
      const badge = {
        text: SIGN[kind],
        look: LOOK[kind],
        title: text.kinds[kind],
      } as const
      left[id] = id === picked ? ['path'] : [kind]
      badges[0].push({ element: id, ...badge })
      const target = mapping[id]
      if (!target) continue
      right[target] = [kind]
      badges[1].push({ element: target, ...badge })
    }
    for (const id of candidates ?? []) right[id] = ['target']
    return { left: left as Marks, right: right as Marks, badges }
  }, [nodes, mapping, first, picked, text])

  return (
    <>
      <Legend of={['mapped', 'by-hand', 'unmapped', 'target']} />
      <SideBySide
        sides={[
          {
            title: text.version(from.version),
            xml: from.xml,
            marks: drawn.left,
            badges: drawn.badges[0],
            sight: picked,
            onElement: (id) => setPicked(nodes.some((node) => node.id === id) ? id : ''),
          },
          {
            title: text.version(to.version),
            xml: to.xml,
            marks: drawn.right,
            badges: drawn.badges[1],
            sight: mapping[picked] || undefined,
            onElement: (id) => {
              if (candidates?.includes(id)) onMap(picked, id)
            },
          },
        ]}
      />
      <DataTable
        caption={text.mapping}
        empty={text.none}
        rows={nodes}
        rowKey={({ id }) => id}
        columns={[
          {
            title: text.node,
            cell: ({ id, name }) => (
              <>
                <button
                  type="button"
                  className="button-plain"
                  aria-pressed={picked === id}
                  onClick={() => setPicked(picked === id ? '' : id)}
                >
                  {say(name) || id}
                </button>{' '}
                <code className="quiet">{id}</code>
              </>
            ),
          },
          { title: text.instances, align: 'right', cell: ({ instances }) => instances },
          {
            title: text.becomes,
            cell: ({ id, name, candidates }) => (
              <select
                className="input"
                aria-label={text.becomesOf(say(name) || id)}
                value={mapping[id] ?? ''}
                onChange={(event) => onMap(id, event.target.value)}
              >
                {!keepsId({ id, candidates }) && <option value="">{text.choose}</option>}
                {candidates.map((one) => (
                  <option key={one.id} value={one.id}>
                    {say(one.name) || one.id} ({one.id})
                  </option>
                ))}
              </select>
            ),
          },
          {
            title: text.why,
            cell: ({ id, explanation }) => (
              <>
                <span className="tag tag-quiet" data-node={id} data-mapped={kindOf(id)}>
                  {SIGN[kindOf(id)]} {text.kinds[kindOf(id)]}
                </span>{' '}
                {kindOf(id) === 'by-hand' ? '' : say(explanation)}
              </>
            ),
          },
        ]}
      />
    </>
  )
}

const TEXT = {
  zh: {
    version: (n: number) => `第 ${n} 版`,
    mapping: '环节对应',
    none: '原版本没有需要对应的环节。',
    node: '原版本的环节',
    instances: '停在此处的实例',
    becomes: '对应到新版本的',
    becomesOf: (name: string) => `“${name}”对应到`,
    choose: '（未对应）',
    why: '依据',
    kinds: { mapped: '已对应', unmapped: '尚未对应', 'by-hand': '人工对应' },
  },
  en: {
    version: (n: number) => `Version ${n}`,
    mapping: 'What becomes of each node',
    none: 'No node of the old version needs one.',
    node: 'Node of the old version',
    instances: 'Instances there',
    becomes: 'In the new version',
    becomesOf: (name: string) => `“${name}” becomes`,
    choose: '(not mapped)',
    why: 'Why',
    kinds: { mapped: 'mapped', unmapped: 'not mapped yet', 'by-hand': 'by hand' },
  },
}

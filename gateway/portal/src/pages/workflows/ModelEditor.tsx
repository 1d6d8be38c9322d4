import { useMemo, useState, type Ref } from 'react'
import type { Editing } from '../../components/bpmn/editing.ts'
import { Modeler, type ModelerHandle } from '../../components/bpmn/Modeler.tsx'
import { Properties } from '../../components/bpmn/Properties.tsx'
import type { ProcessDraftQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { marked } from './FindingList.tsx'
import { choosable } from './nodes.ts'
import type { CheckState } from './useCheck.ts'
import type { Pack } from './usePack.ts'

interface ModelProps {
  readonly path: string
  readonly pack: Pack
  readonly vocabulary: ProcessDraftQuery['processVocabulary']
  readonly check: CheckState
  /** An element to begin with. */
  readonly sight: string | undefined
  readonly onChoose: (element: string) => void
  readonly handle: Ref<ModelerHandle>
}

/** The process model with the properties of the element in hand and what the check has against each. */
export function ModelEditor({ path, pack, vocabulary, check, handle, sight, onChoose }: ModelProps) {
  const text = useText(TEXT)
  const say = useSay()
  const [first] = useState(pack.files[path] ?? '')
  const [editing, setEditing] = useState<Editing>()
  const { marks, badges } = useMemo(() => marked(check.findings ?? [], say), [check.findings])
  const { files, put } = pack
  const names = {
    tasks: vocabulary.tasks,
    commands: vocabulary.commands,
    forms: Object.keys(files).flatMap((file) => /^forms\/(.+)\.json$/.exec(file)?.[1] ?? []),
    decisions: Object.entries(files).flatMap(([file, content]) =>
      file.endsWith('.dmn')
        ? [...content.matchAll(/<(?:\w+:)?decision\s[^>]*?\bid="([^"]+)"/g)].map(([, id]) => id!)
        : [],
    ),
  }
  return (
    <div className="console">
      <Modeler
        xml={first}
        label={text.model}
        extension={vocabulary.extension}
        marks={marks}
        badges={badges}
        onChange={(xml) => put(path, xml)}
        onEditing={setEditing}
        handle={handle}
        sight={sight}
      />
      <aside className="console-side" aria-label={text.properties} id="properties">
        <h2>{text.properties}</h2>
        <ElementSelect xml={pack.files[path] ?? ''} value={editing?.element.id ?? ''} onChoose={onChoose} />
        {editing ? <Properties editing={editing} vocabulary={names} /> : <p className="quiet">{text.none}</p>}
      </aside>
    </div>
  )
}

interface ElementSelectProps {
  readonly xml: string
  readonly value: string
  readonly onChoose: (element: string) => void
}

/** The elements by name, for those who choose without a pointer. */
function ElementSelect({ xml, value, onChoose }: ElementSelectProps) {
  const text = useText(TEXT)
  const elements = useMemo(() => choosable(xml), [xml])
  return (
    <select
      className="input"
      aria-label={text.element}
      value={elements.some(({ id }) => id === value) ? value : ''}
      onChange={(event) => onChoose(event.target.value)}
    >
      <option value="" disabled>
        {text.element}
      </option>
      {elements.map(({ id, name }) => (
        <option key={id} value={id}>
          {name ? `${name} · ${id}` : id}
        </option>
      ))}
    </select>
  )
}

const TEXT = {
  zh: { model: '流程图编辑区', properties: '属性', element: '选择元素', none: '请在图上选择一个元素。' },
  en: {
    model: 'Process model editor',
    properties: 'Properties',
    element: 'Choose an element',
    none: 'Choose an element of the diagram.',
  },
}

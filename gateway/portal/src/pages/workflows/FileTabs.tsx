import { useState, type FormEvent } from 'react'
import { useText } from '../../i18n.ts'
import { Link, navigate, usePlace, withQuery } from '../../router.tsx'
import { parsed } from './draft.ts'
import { emptyDecision, emptyForm } from './new-file.ts'
import type { Pack } from './usePack.ts'

/** The files of a pack to choose from, and what can be added. */
export function FileTabs({ pack, current, asSource }: { pack: Pack; current: string; asSource: boolean }) {
  const text = useText(TEXT)
  const place = usePlace()
  const [kind, setKind] = useState<'form' | 'decision'>('form')
  const [name, setName] = useState('')
  const changed = new Set(pack.changes.map(({ path }) => path))
  const hasDrawing = /\.(bpmn|dmn)$|^forms\//.test(current)
  const open = (file: string) => navigate(withQuery(place, { file, source: undefined }))

  function add(event: FormEvent) {
    event.preventDefault()
    if (!/^[a-z][a-z0-9-]{1,60}$/.test(name)) return
    const path = kind === 'form' ? `forms/${name}.json` : `${name}.dmn`
    if (!(path in pack.files)) {
      pack.put(path, kind === 'form' ? emptyForm() : emptyDecision(name))
      list(path, true)
    }
    setName('')
    open(path)
  }

  /** pack.json names forms by their key and decisions by their file. */
  function list(path: string, there: boolean) {
    const form = /^forms\/(.+)\.json$/.exec(path)?.[1]
    const [property, name] = form === undefined ? (['decisions', path] as const) : (['forms', form] as const)
    const manifest = parsed(pack.files['pack.json'])
    const listed = Array.isArray(manifest[property]) ? (manifest[property] as unknown[]) : []
    const next = [...listed.filter((other) => other !== name), ...(there ? [name] : [])]
    pack.put('pack.json', `${JSON.stringify({ ...manifest, [property]: next }, null, 2)}\n`)
  }

  function remove() {
    if (/^forms\/|\.dmn$/.test(current)) list(current, false)
    pack.put(current, null)
    navigate(withQuery(place, { file: undefined, source: undefined }))
  }

  return (
    <nav aria-label={text.files}>
      <ul className="console-files">
        {inOrder(Object.keys(pack.files)).map((path) => (
          <li key={path}>
            <Link
              to={withQuery(place, { file: path, source: undefined })}
              {...(path === current ? { 'aria-current': 'page' as const } : {})}
            >
              {path}
              {changed.has(path) && <span title={text.unsaved}> ●</span>}
            </Link>
          </li>
        ))}
      </ul>
      <div className="console-tools">
        {hasDrawing && (
          <Link to={withQuery(place, { source: asSource ? undefined : '1' })}>
            {asSource ? text.drawing : text.source}
          </Link>
        )}
        {/\.dmn$|^forms\/|^README|^item/.test(current) && (
          <button type="button" className="button-plain" onClick={remove}>
            {text.remove}
          </button>
        )}
        <details>
          <summary>{text.addFile}</summary>
          <form onSubmit={add}>
            <select
              className="input"
              aria-label={text.kind}
              value={kind}
              onChange={(event) => setKind(event.target.value as typeof kind)}
            >
              <option value="form">{text.form}</option>
              <option value="decision">{text.decision}</option>
            </select>
            <input
              className="input"
              id="file-name"
              aria-label={text.name}
              placeholder={text.name}
              pattern="[a-z][a-z0-9\-]+"
              required
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
            <button type="submit" className="button-second">
              {text.add}
            </button>
          </form>
        </details>
      </div>
    </nav>
  )
}

/** The model first, then decisions, pack.json, forms and the rest. */
function inOrder(paths: readonly string[]): string[] {
  const rank = (path: string) =>
    [/\.bpmn$/, /\.dmn$/, /^pack\.json$/, /^forms\//].findIndex((kind) => kind.test(path)) >>> 0
  return [...paths].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
}

const TEXT = {
  zh: {
    files: '流程包的文件',
    unsaved: '未保存',
    source: '源文件',
    drawing: '图形编辑',
    kind: '新文件的种类',
    form: '新表单',
    decision: '新决策表',
    name: '标识（小写字母、数字、连字符）',
    addFile: '增加文件',
    add: '增加',
    remove: '删除此文件',
  },
  en: {
    files: 'Files of the pack',
    unsaved: 'not saved',
    source: 'Source',
    drawing: 'Editor',
    kind: 'Kind of the new file',
    form: 'New form',
    decision: 'New decision table',
    name: 'Id (lower-case letters, digits, hyphens)',
    addFile: 'Add a file',
    add: 'Add',
    remove: 'Remove this file',
  },
}

import 'dmn-js/dist/assets/diagram-js.css'
import 'dmn-js/dist/assets/dmn-js-shared.css'
import 'dmn-js/dist/assets/dmn-js-drd.css'
import 'dmn-js/dist/assets/dmn-js-decision-table.css'
import 'dmn-js/dist/assets/dmn-js-decision-table-controls.css'
import 'dmn-js/dist/assets/dmn-js-literal-expression.css'
import 'dmn-js/dist/assets/dmn-js-boxed-expression.css'
import 'dmn-js/dist/assets/dmn-js-boxed-expression-controls.css'
import 'dmn-js/dist/assets/dmn-font/css/dmn.css'
import './bpmn.css'
import './dmn.css'
import DmnModeler, { type View } from 'dmn-js/lib/Modeler'
import { useEffect, useRef, useState } from 'react'
import { useLocale, useText } from '../../i18n.ts'
import { DECISION_WORDS_TEXT } from './decision.text.ts'
import { asRead } from './dmn-edition.ts'
import { translator } from './modeler.words.ts'

interface DmnEditorProps {
  /** Read once; to show another text give the component another key. */
  readonly xml: string
  readonly label: string
  readonly onChange: (xml: string) => void
}

/** Decisions drawn to be changed: their requirements, each table and expression. */
export function DmnEditor(props: DmnEditorProps) {
  const text = useText(TEXT)
  const locale = useLocale()
  const place = useRef<HTMLDivElement>(null)
  const latest = useRef(props)
  latest.current = props
  const [modeler, setModeler] = useState<DmnModeler>()
  const [views, setViews] = useState<readonly View[]>([])
  const [active, setActive] = useState<string>()
  const [drawn, setDrawn] = useState<'no' | 'yes' | 'failed'>('no')

  useEffect(() => {
    const view = { additionalModules: [translator(locale, DECISION_WORDS_TEXT)] }
    const modeler = new DmnModeler({
      container: place.current!,
      ...{ drd: view, decisionTable: view, literalExpression: view, boxedExpression: view },
    })
    const read = asRead(latest.current.xml)
    let current = true
    let ready = false
    let round = 0
    const heard = new WeakSet<object>()
    const tell = async () => {
      if (!ready) return
      const mine = (round += 1)
      const { xml } = await modeler.saveXML({ format: true })
      if (current && mine === round) latest.current.onChange(read.back(xml))
    }
    modeler.on('views.changed', ({ views = [], activeView }) => {
      if (!current) return
      setViews([...views])
      setActive(activeView && keyOf(activeView))
      const viewer = modeler.getActiveViewer()
      if (!viewer || heard.has(viewer)) return
      heard.add(viewer)
      viewer.on('commandStack.changed', () => void tell())
    })
    modeler.importXML(read.xml).then(
      async ({ warnings }) => {
        // What is not understood would be lost with the first change.
        if (warnings.length > 0) return void (current && setDrawn('failed'))
        const table = modeler.getViews().find(({ type }) => type !== 'drd')
        if (table && current) await modeler.open(table)
        if (!current) return
        ready = true
        setDrawn('yes')
      },
      () => current && setDrawn('failed'),
    )
    setModeler(modeler)
    return () => {
      current = false
      modeler.destroy()
    }
  }, [locale])

  return (
    <figure className="diagram diagram-edit" data-drawn={drawn}>
      <figcaption className="visually-hidden">{props.label}</figcaption>
      <ul className="console-files" aria-label={text.views}>
        {views.map((view) => (
          <li key={keyOf(view)}>
            <button
              type="button"
              className="button-plain"
              aria-pressed={keyOf(view) === active}
              onClick={() => void modeler?.open(view)}
            >
              {view.type === 'drd' ? text.drd : (view.element.name ?? view.element.id)}
            </button>
          </li>
        ))}
      </ul>
      <div className="diagram-canvas dmn-canvas" ref={place} role="group" aria-label={props.label} />
      {drawn === 'failed' && (
        <p className="notice notice-bad" role="alert">
          {text.failed}
        </p>
      )}
    </figure>
  )
}

const keyOf = ({ type, element }: View) => `${type} ${element.id}`

const TEXT = {
  zh: {
    views: '决策',
    drd: '决策关系图',
    failed: '决策无法画出：文件有误，或有图形编辑不认识的内容。请在“源文件”中编辑。',
  },
  en: {
    views: 'Decisions',
    drd: 'Requirements',
    failed:
      'The decisions cannot be drawn: the file is not right, or holds what the editor does not know. Edit it under “Source”.',
  },
}

import BpmnModeler from 'bpmn-js/lib/Modeler'
import { useEffect, useRef, useState, type Ref, useImperativeHandle } from 'react'
import { useLocale, useText } from '../../i18n.ts'
import {
  type Badge,
  type Canvas,
  bringToSight,
  decorate,
  type DiagramServices,
  type Marks,
} from './diagram.ts'
import { type Editing, processIn } from './editing.ts'
import { MODELER_WORDS_TEXT } from './modeler.text.ts'
import { translator } from './modeler.words.ts'
import { ZoomButtons } from './ZoomButtons.tsx'

export interface ModelerHandle {
  /** Selects the element and brings it into sight; false when it is not drawn. */
  readonly show: (id: string) => boolean
}

interface ModelerProps {
  /** Read once; to show another text give the component another key. */
  readonly xml: string
  readonly label: string
  /** The moddle descriptor of our attributes. */
  readonly extension: unknown
  readonly marks: Marks
  readonly badges: readonly Badge[]
  readonly onChange: (xml: string) => void
  /** After each selection and change: the element the panel shows, and what it may do to it. */
  readonly onEditing: (editing: Editing | undefined) => void
  readonly handle: Ref<ModelerHandle>
  /** An element to begin with. */
  readonly sight?: string | undefined
}

/** The process drawn to be changed, with bpmn.io's palette; every change is told as the file's new text. */
export function Modeler(props: ModelerProps) {
  const { label, marks, badges } = props
  const text = useText(TEXT)
  const locale = useLocale()
  const place = useRef<HTMLDivElement>(null)
  const latest = useRef(props)
  latest.current = props
  const [modeler, setModeler] = useState<BpmnModeler>()
  const [drawn, setDrawn] = useState<'no' | 'yes' | 'failed'>('no')
  const [changes, setChanges] = useState(0)

  useEffect(() => {
    const modeler = new BpmnModeler({
      container: place.current!,
      moddleExtensions: { gdbos: latest.current.extension as object },
      additionalModules: [translator(locale, MODELER_WORDS_TEXT)],
    })
    let current = true
    // Editing goes on while a text is made: only the last one counts.
    let round = 0
    const tell = async () => {
      const mine = (round += 1)
      const { xml } = await modeler.saveXML({ format: true })
      if (xml !== undefined && mine === round) latest.current.onChange(xml)
    }
    const select = () => {
      const selected = services(modeler).get('selection').get()
      const drawn = selected.length === 1 ? selected[0] : undefined
      const element = drawn?.labelTarget ?? drawn ?? services(modeler).get('canvas').getRootElement()
      const whole = processIn(modeler.getDefinitions() as never)
      const object = drawn || !whole ? element.businessObject : whole
      latest.current.onEditing({ element, object, modeler: modeler as never })
    }
    modeler.importXML(latest.current.xml).then(
      () => {
        if (!current) return
        besidePalette(services(modeler).get('canvas'))
        modeler.on('commandStack.changed', () => {
          void tell()
          select()
          setChanges((changes) => changes + 1)
        })
        modeler.on('selection.changed', select)
        setDrawn('yes')
        const { sight } = latest.current
        const wanted = sight === undefined ? undefined : services(modeler).get('elementRegistry').get(sight)
        if (wanted) services(modeler).get('selection').select(wanted)
        select()
      },
      () => current && setDrawn('failed'),
    )
    setModeler(modeler)
    return () => {
      current = false
      latest.current.onEditing(undefined)
      modeler.destroy()
    }
  }, [locale])

  useEffect(() => {
    if (modeler && drawn === 'yes') decorate(services(modeler), marks, badges)
  }, [modeler, drawn, marks, badges, changes])

  useImperativeHandle(
    props.handle,
    () => ({
      show(id) {
        if (!modeler || !bringToSight(services(modeler), id)) return false
        services(modeler)
          .get('selection')
          .select(services(modeler).get('elementRegistry').get(id) ?? null)
        return true
      },
    }),
    [modeler],
  )

  return (
    <figure className="diagram diagram-edit" data-drawn={drawn}>
      <figcaption className="visually-hidden">{label}</figcaption>
      <div className="diagram-canvas" ref={place} role="group" aria-label={label} />
      {drawn === 'failed' && (
        <p className="notice notice-bad" role="alert">
          {text.failed}
        </p>
      )}
      {modeler && drawn === 'yes' && <ZoomButtons diagram={services(modeler)} />}
    </figure>
  )
}

/** All of it in sight, to the right of the palette. */
function besidePalette(canvas: Canvas): void {
  canvas.zoom('fit-viewport', 'auto')
  const { x, y, width, height } = canvas.viewbox()
  canvas.viewbox({ x: x - width * 0.14, y, width: width * 1.16, height: height * 1.16 })
}

const services = (modeler: BpmnModeler) => modeler as unknown as DiagramServices

const TEXT = {
  zh: { failed: '流程图无法画出。请在“源文件”中改正文件。' },
  en: { failed: 'The diagram cannot be drawn. Put the file right under “Source”.' },
}

import { useEffect, useRef, useState } from 'react'
import { inLanguage } from '../../components/bpmn/language.ts'
import { useLocale, useText } from '../../i18n.ts'
import { DEPTHS, draw, type Drawn } from './diagram.ts'
import './insight.css'

/** What is written on one element of the diagram, and how dark it is drawn. */
export interface Mark {
  readonly element: string
  readonly label: string
  /** 0 to 1; undefined leaves it white. */
  readonly heat?: number
}

/**
 * A process as it was drawn, with a figure on each element; the darker the more. The figures are in the tables
 * below too, for who does not see the drawing.
 */
export function Heat({ xml, title, marks }: { xml: string; title: string; marks: readonly Mark[] }) {
  const text = useText(TEXT)
  const locale = useLocale()
  const place = useRef<HTMLDivElement>(null)
  const drawn = useRef<Promise<Drawn>>(undefined)
  const [state, setState] = useState<'loading' | 'ready' | 'none'>('loading')

  useEffect(() => {
    const container = place.current
    if (!container) return
    let isGone = false
    setState('loading')
    const drawing = draw(container, inLanguage(xml, locale))
    drawn.current = drawing
    drawing.then(
      () => isGone || setState('ready'),
      () => isGone || setState('none'),
    )
    return () => {
      isGone = true
      drawing.then(
        ({ destroy }) => destroy(),
        () => undefined,
      )
    }
  }, [xml, locale])

  useEffect(() => {
    if (state === 'ready') void drawn.current?.then(({ mark }) => mark(marks))
  }, [state, marks])

  return (
    <figure className="heat">
      <div
        className="heat-canvas"
        ref={place}
        role="group"
        aria-label={title}
        aria-busy={state === 'loading'}
        hidden={state === 'none'}
      />
      {state === 'none' && <p className="empty">{text.none}</p>}
      <figcaption className="quiet">
        <span className="heat-scale" aria-hidden="true">
          {Array.from({ length: DEPTHS }, (_, depth) => (
            <i key={depth} className={`heat-${depth + 1}`} />
          ))}
        </span>
        {text.scale}
      </figcaption>
    </figure>
  )
}

const TEXT = {
  zh: {
    none: '该流程没有图形信息，数字见下表。',
    scale: '颜色越深，数值越大；每个节点上写有数值。拖动可移动图形，Ctrl 加滚轮可缩放。',
  },
  en: {
    none: 'This process was not drawn; the figures are in the tables below.',
    scale:
      'The darker, the more; the figure is written on each element. Drag to move, Ctrl and wheel to zoom.',
  },
}

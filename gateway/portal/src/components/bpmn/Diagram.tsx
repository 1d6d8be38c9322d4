import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer'
import { useEffect, useRef, useState } from 'react'
import { useLocale, useText } from '../../i18n.ts'
import {
  type Badge,
  bringToSight,
  type Canvas,
  decorate,
  type DiagramServices,
  type Mark,
  type Marks,
  type Shape,
} from './diagram.ts'
import { inLanguage } from './language.ts'
import { ZoomButtons } from './ZoomButtons.tsx'

interface DiagramProps {
  readonly xml: string
  /** Says what is drawn. */
  readonly label: string
  readonly marks?: Marks
  readonly badges?: readonly Badge[]
  /** An element to bring into sight. */
  readonly sight?: string | undefined
  readonly onElement?: (id: string) => void
  readonly size?: 'half' | 'full'
}

const NOTHING: Marks = {}
const NO_BADGES: readonly Badge[] = []

/**
 * A process drawn to be read: it can be moved and enlarged by mouse, keyboard and buttons. What marks and badges say is
 * said in words beside it too, for those who do not see the drawing.
 */
export function Diagram({
  xml,
  label,
  marks = NOTHING,
  badges = NO_BADGES,
  sight,
  onElement,
  size = 'full',
}: DiagramProps) {
  const text = useText(TEXT)
  const locale = useLocale()
  const place = useRef<HTMLDivElement>(null)
  const listening = useRef(onElement)
  listening.current = onElement
  const [viewer, setViewer] = useState<NavigatedViewer>()
  const [drawn, setDrawn] = useState<'no' | 'yes' | 'failed'>('no')

  useEffect(() => {
    const viewer = new NavigatedViewer({ container: place.current! })
    viewer.on('element.click', ({ element }: { element: Shape }) =>
      listening.current?.((element.labelTarget ?? element).id),
    )
    setViewer(viewer)
    return () => viewer.destroy()
  }, [])

  useEffect(() => {
    if (!viewer) return
    let stale = false
    setDrawn('no')
    viewer.importXML(inLanguage(xml, locale)).then(
      () => {
        if (stale) return
        fitHeight(services(viewer).get('canvas'), place.current!)
        setDrawn('yes')
      },
      () => stale || setDrawn('failed'),
    )
    return () => void (stale = true)
  }, [viewer, xml, locale])

  useEffect(() => {
    if (viewer && drawn === 'yes') decorate(services(viewer), marks, badges)
  }, [viewer, drawn, marks, badges])

  useEffect(() => {
    if (viewer && drawn === 'yes' && sight) bringToSight(services(viewer), sight)
  }, [viewer, drawn, sight])

  return (
    <figure className={`diagram diagram-${size}`} data-drawn={drawn}>
      <figcaption className="visually-hidden">{label}</figcaption>
      <div className="diagram-canvas" ref={place} role="group" aria-label={label} />
      {drawn === 'failed' && (
        <p className="notice notice-bad" role="alert">
          {text.failed}
        </p>
      )}
      {viewer && drawn === 'yes' && <ZoomButtons diagram={services(viewer)} />}
    </figure>
  )
}

const [LOWEST, HIGHEST] = [220, 560]

/** As high as the drawing is at the full width, within bounds. */
function fitHeight(canvas: Canvas, place: HTMLElement): void {
  const { inner, outer } = canvas.viewbox()
  const wanted = (inner.height * outer.width) / Math.max(1, inner.width) + 60
  place.style.height = `${Math.min(HIGHEST, Math.max(LOWEST, wanted))}px`
  canvas.resized()
  canvas.zoom('fit-viewport', 'auto')
}

const services = (viewer: NavigatedViewer) => viewer as unknown as DiagramServices

const SIGNS: readonly Mark[] = ['visited', 'waiting', 'trouble']

/** What the colours of a diagram mean, with the sign that goes with each. */
export function Legend({ of = SIGNS }: { of?: readonly Mark[] }) {
  const text = useText(TEXT)
  return (
    <ul className="diagram-legend">
      {of.map((mark) => (
        <li key={mark}>
          <span className={`legend-sign legend-${mark}`} aria-hidden="true" />
          {text.marks[mark]}
        </li>
      ))}
    </ul>
  )
}

const TEXT = {
  zh: {
    failed: '流程图无法画出，请查看检查结果。',
    marks: {
      error: '有错误（粗红线）',
      warning: '有提醒（橙色虚线）',
      visited: '走过（绿色）',
      waiting: '正在等待（蓝色粗线）',
      trouble: '需要处理（红色虚线）',
      added: '新增（绿色，＋）',
      removed: '删除（红色虚线，－）',
      changed: '变更（橙色，≠）',
      path: '所选路径（蓝色）',
      target: '可以移到（蓝色底，虚线）',
      mapped: '已对应（绿色，＝）',
      unmapped: '尚未对应（红色虚线，？）',
      'by-hand': '人工对应（橙色，✎）',
    },
  },
  en: {
    failed: 'The diagram cannot be drawn; see the checks.',
    marks: {
      error: 'error (thick red)',
      warning: 'warning (dashed orange)',
      visited: 'visited (green)',
      waiting: 'waiting (thick blue)',
      trouble: 'needs attention (dashed red)',
      added: 'added (green, +)',
      removed: 'removed (dashed red, −)',
      changed: 'changed (orange, ≠)',
      path: 'the chosen path (blue)',
      target: 'can be moved to (blue, dashed)',
      mapped: 'mapped (green, =)',
      unmapped: 'not mapped yet (dashed red, ?)',
      'by-hand': 'mapped by hand (orange, ✎)',
    },
  },
}

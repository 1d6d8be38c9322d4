import { useText } from '../../i18n.ts'
import type { DiagramServices } from './diagram.ts'

/** Larger, smaller, all of it: what the wheel does, for the keyboard. */
export function ZoomButtons({ diagram }: { diagram: DiagramServices }) {
  const text = useText(TEXT)
  const canvas = diagram.get('canvas')
  const by = (factor: number) => canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * factor)), 'auto')
  return (
    <div className="diagram-zoom" role="group" aria-label={text.zoom}>
      <button type="button" title={text.larger} aria-label={text.larger} onClick={() => by(1.25)}>
        +
      </button>
      <button type="button" title={text.smaller} aria-label={text.smaller} onClick={() => by(0.8)}>
        −
      </button>
      <button
        type="button"
        title={text.whole}
        aria-label={text.whole}
        onClick={() => canvas.zoom('fit-viewport', 'auto')}
      >
        ⤢
      </button>
    </div>
  )
}

const TEXT = {
  zh: { zoom: '缩放', larger: '放大', smaller: '缩小', whole: '显示全图' },
  en: { zoom: 'Zoom', larger: 'Enlarge', smaller: 'Reduce', whole: 'Show all of it' },
}

import 'bpmn-js/dist/assets/diagram-js.css'
import 'bpmn-js/dist/assets/bpmn-js.css'
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css'
import './bpmn.css'

/** How an element stands out; a word or sign always says the same beside the colour. */
export type Mark =
  | ('error' | 'warning' | 'visited' | 'waiting' | 'trouble' | 'added' | 'removed' | 'changed' | 'path')
  /** Where a token may be taken; what becomes of a node in another version. */
  | ('target' | 'mapped' | 'unmapped' | 'by-hand')

/** A short text at an element: a token, a count of findings. */
export interface Badge {
  readonly element: string
  readonly text: string
  readonly look: 'token' | 'trouble' | 'error' | 'warning' | 'change' | 'good'
  readonly title: string
}

/** Marks by element. */
export type Marks = Readonly<Record<string, readonly Mark[]>>

/** What we use of diagram-js, whose services are untyped by name. */
export interface DiagramServices {
  get(name: 'canvas'): Canvas
  get(name: 'overlays'): Overlays
  get(name: 'elementRegistry'): Registry
  get(name: 'selection'): { select(element: Shape | null): void; get(): Shape[] }
}

export interface Shape {
  readonly id: string
  readonly type: string
  readonly businessObject: BusinessObject
  readonly parent?: Shape
  readonly labelTarget?: Shape
}

export interface BusinessObject {
  readonly $type: string
  readonly id?: string
  readonly $descriptor: {
    readonly properties: readonly {
      readonly name: string
      readonly ns: { readonly prefix: string }
      readonly isAttr?: boolean
    }[]
  }
  readonly $model: { create(type: string, attributes?: object): BusinessObject }
  readonly $parent?: BusinessObject
  get(name: string): unknown
}

export interface Canvas {
  addMarker(element: string, mark: string): void
  removeMarker(element: string, mark: string): void
  zoom(level: 'fit-viewport' | number, center?: 'auto'): number
  zoom(): number
  viewbox(): Viewbox & { readonly inner: Viewbox; readonly outer: { readonly width: number } }
  /** The place has another size now. */
  resized(): void
  viewbox(box: Viewbox): void
  scrollToElement(element: string): void
  getRootElement(): Shape
}

interface Viewbox {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

interface Overlays {
  add(element: string, type: string, overlay: { position: object; html: HTMLElement; scale: object }): string
  remove(filter: { type: string }): void
}

interface Registry {
  get(id: string): Shape | undefined
}

const TYPE = 'gdbos'
const shown = new WeakMap<object, Marks>()

/** Puts these marks and badges on the diagram in the place of those it has; elements it does not draw are left out. */
export function decorate(diagram: DiagramServices, marks: Marks, badges: readonly Badge[]): void {
  const [canvas, overlays, registry] = [
    diagram.get('canvas'),
    diagram.get('overlays'),
    diagram.get('elementRegistry'),
  ]
  for (const [element, kinds] of Object.entries(shown.get(diagram) ?? {}))
    if (registry.get(element)) for (const kind of kinds) canvas.removeMarker(element, `mark-${kind}`)
  for (const [element, kinds] of Object.entries(marks))
    if (registry.get(element)) for (const kind of kinds) canvas.addMarker(element, `mark-${kind}`)
  shown.set(diagram, marks)
  overlays.remove({ type: TYPE })
  const places = new Map<string, number>()
  for (const badge of badges) {
    const element = registry.get(badge.element)
    if (!element) continue
    const place = places.get(badge.element) ?? 0
    places.set(badge.element, place + 1)
    const html = document.createElement('span')
    html.className = `badge badge-${badge.look}`
    html.textContent = badge.text
    html.title = badge.title
    overlays.add(badge.element, TYPE, {
      position: { top: 0, left: place * 30 },
      html,
      // Of a large process seen whole it would be too small to read.
      scale: { min: 0.9 },
    })
  }
}

/** Brings the element into sight; answers whether the diagram draws it. */
export function bringToSight(diagram: DiagramServices, element: string): boolean {
  const found = diagram.get('elementRegistry').get(element)
  if (!found) return false
  if (found !== diagram.get('canvas').getRootElement()) diagram.get('canvas').scrollToElement(element)
  return true
}

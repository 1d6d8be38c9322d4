import type { Mark } from './Heat.tsx'

export const DEPTHS = 5

export interface Drawn {
  readonly mark: (marks: readonly Mark[]) => void
  readonly destroy: () => void
}

interface Canvas {
  zoom(to: 'fit-viewport', centre: 'auto'): void
  addMarker(element: string, name: string): void
  removeMarker(element: string, name: string): void
}

interface Overlays {
  add(element: string, overlay: object): void
  clear(): void
}

interface Registry {
  get(id: string): { waypoints?: { x: number; y: number }[] } | undefined
}

/** Loads the viewer when it is first needed and draws `xml`. Rejects where the file holds no drawing. */
export async function draw(container: HTMLElement, xml: string): Promise<Drawn> {
  const [{ default: Viewer }] = await Promise.all([
    import('bpmn-js/lib/NavigatedViewer'),
    import('bpmn-js/dist/assets/diagram-js.css'),
  ])
  const viewer = new Viewer({ container })
  try {
    await viewer.importXML(xml)
  } catch (error) {
    viewer.destroy()
    throw error
  }
  const canvas: Canvas = viewer.get('canvas')
  const overlays: Overlays = viewer.get('overlays')
  const registry: Registry = viewer.get('elementRegistry')
  canvas.zoom('fit-viewport', 'auto')
  let marked: { element: string; name: string }[] = []
  return {
    mark(marks) {
      overlays.clear()
      for (const { element, name } of marked) canvas.removeMarker(element, name)
      marked = []
      for (const { element, label, heat } of marks) {
        const shape = registry.get(element)
        if (!shape) continue
        overlays.add(element, { position: placeOf(shape), scale: false, html: badge(label) })
        if (heat === undefined) continue
        const name = `heat-${Math.max(1, Math.ceil(heat * DEPTHS))}`
        canvas.addMarker(element, name)
        marked.push({ element, name })
      }
    },
    destroy: () => viewer.destroy(),
  }
}

/** On a flow in its middle, on a shape at its upper right. */
function placeOf({ waypoints }: { waypoints?: { x: number; y: number }[] }): object {
  if (!waypoints) return { top: -10, right: 14 }
  const [x, y] = [waypoints.map((point) => point.x), waypoints.map((point) => point.y)]
  const at = Math.floor((waypoints.length - 1) / 2)
  const [from, to] = [waypoints[at], waypoints[at + 1]]
  if (!from || !to) return { top: 0, left: 0 }
  return { top: (from.y + to.y) / 2 - Math.min(...y) - 8, left: (from.x + to.x) / 2 - Math.min(...x) - 8 }
}

function badge(label: string): HTMLElement {
  const element = document.createElement('span')
  element.className = 'heat-badge'
  element.textContent = label
  return element
}

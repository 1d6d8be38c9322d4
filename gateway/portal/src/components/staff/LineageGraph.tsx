import './lineage.css'
import { useText } from '../../i18n.ts'
import { navigate, usePlace, withQuery } from '../../router.tsx'
import { layered, wayThrough, type GraphEdge, type GraphNode, type PlacedNode } from './lineage.ts'

const BOX = { width: 230, height: 46 }
const GAP = { x: 90, y: 10 }
const TOP = 34

const x = ({ layer }: PlacedNode) => layer * (BOX.width + GAP.x) + 2
const y = ({ row }: PlacedNode) => TOP + row * (BOX.height + GAP.y)

/**
 * Columns from left to right as boxes with lines between them. A box is a link that shows its way alone; the
 * same is said in the table beside the drawing.
 */
export function LineageGraph({
  title,
  nodes,
  edges,
}: {
  title: string
  nodes: readonly GraphNode[]
  edges: readonly GraphEdge[]
}) {
  const text = useText(TEXT)
  const place = usePlace()
  const placed = layered(nodes, edges)
  const byId = new Map(placed.map((node) => [node.id, node]))
  const chosen = byId.get(place.query.get('node') ?? '')
  const way = chosen && wayThrough(chosen.id, edges)
  const width = Math.max(...placed.map(x)) + BOX.width + 2
  const height = Math.max(...placed.map(y)) + BOX.height + 4
  const heads = new Map(placed.map((node) => [node.layer, node]))
  return (
    <div className="lineage" role="region" aria-label={title} tabIndex={0}>
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="group" aria-label={title}>
        {[...heads.values()].map((node) => (
          <text key={node.layer} className="lineage-head" x={x(node)} y={18} aria-hidden="true">
            {text.kinds[node.kind as keyof typeof text.kinds] ?? node.kind}
          </text>
        ))}
        <g aria-hidden="true">
          {edges.map((edge) => {
            const [from, to] = [byId.get(edge.from), byId.get(edge.to)]
            if (!from || !to) return null
            const dim = way && !(way.has(edge.from) && way.has(edge.to))
            return <path key={`${edge.from} ${edge.to}`} className={dim ? 'dim' : ''} d={curve(from, to)} />
          })}
        </g>
        {placed.map((node) => {
          const address = withQuery(place, { node: node === chosen ? undefined : node.id })
          return (
            <a
              key={node.id}
              href={address}
              data-node={node.id}
              className={way && !way.has(node.id) ? 'dim' : ''}
              aria-current={node === chosen ? 'true' : undefined}
              aria-label={`${text.kinds[node.kind as keyof typeof text.kinds] ?? node.kind} ${node.label} ${node.place}`}
              onClick={(event) => {
                event.preventDefault()
                navigate(address, { replace: true })
              }}
            >
              <title>{`${node.label} · ${node.place}`}</title>
              <rect
                className={`lineage-${node.kind}`}
                x={x(node)}
                y={y(node)}
                width={BOX.width}
                height={BOX.height}
                rx={6}
              />
              <text className="lineage-label" x={x(node) + 10} y={y(node) + 19}>
                {shortened(node.label, 28)}
              </text>
              <text className="lineage-place" x={x(node) + 10} y={y(node) + 37}>
                {shortened(node.place, 34)}
              </text>
            </a>
          )
        })}
      </svg>
    </div>
  )
}

function curve(from: PlacedNode, to: PlacedNode): string {
  const [x1, y1] = [x(from) + BOX.width, y(from) + BOX.height / 2]
  const [x2, y2] = [x(to), y(to) + BOX.height / 2]
  const middle = (x1 + x2) / 2
  return `M ${x1} ${y1} C ${middle} ${y1}, ${middle} ${y2}, ${x2} ${y2}`
}

/** To a width in half-width characters; the whole text is in the title and in the table. */
function shortened(label: string, most: number): string {
  let width = 0
  const kept: string[] = []
  for (const letter of label) {
    width += letter.charCodeAt(0) > 0xff ? 2 : 1
    if (width > most - 1) return `${kept.join('')}…`
    kept.push(letter)
  }
  return label
}

const TEXT = {
  zh: { kinds: { file: '文件的列', line: '文件的行', dataset: '数据集的列', golden: '黄金记录的数据项' } },
  en: {
    kinds: {
      file: 'Column of the file',
      line: 'Line of the file',
      dataset: 'Column',
      golden: 'Record field',
    },
  },
}

/** One box of a lineage graph: a column of a file or dataset, or a field of a record. */
export interface GraphNode {
  readonly id: string
  readonly kind: string
  readonly label: string
  /** Where it belongs, in small letters. */
  readonly place: string
}

export interface GraphEdge {
  readonly from: string
  readonly to: string
}

export interface PlacedNode extends GraphNode {
  readonly layer: number
  /** From the top, 0 for the first. */
  readonly row: number
}

/** No way of data here is longer; also ends a circle. */
const MAX_LAYERS = 20

/**
 * Puts each node one layer to the right of the last it comes from, and orders a layer by where its
 * predecessors stand, so that few lines cross.
 */
export function layered(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): PlacedNode[] {
  const layerOf = new Map(nodes.map(({ id }) => [id, 0]))
  for (let round = 0; round < MAX_LAYERS; round++)
    for (const { from, to } of edges) {
      const next = Math.min(MAX_LAYERS, (layerOf.get(from) ?? 0) + 1)
      if (next > (layerOf.get(to) ?? 0)) layerOf.set(to, next)
    }
  const rows = new Map<string, number>()
  const placed: PlacedNode[] = []
  for (const layer of [...new Set(layerOf.values())].sort((a, b) => a - b)) {
    const members = nodes
      .filter(({ id }) => layerOf.get(id) === layer)
      .map((node, at) => ({ node, weight: weightOf(node.id, edges, rows) ?? at }))
      .sort((a, b) => a.weight - b.weight)
    members.forEach(({ node }, row) => {
      rows.set(node.id, row)
      placed.push({ ...node, layer, row })
    })
  }
  return placed
}

/** The mean row of what leads to the node; undefined when nothing does. */
function weightOf(id: string, edges: readonly GraphEdge[], rows: ReadonlyMap<string, number>) {
  const above = edges.flatMap(({ from, to }) => (to === id ? (rows.get(from) ?? []) : []))
  return above.length ? above.reduce((sum, row) => sum + row, 0) / above.length : undefined
}

/** The node and all it comes from or leads to. */
export function wayThrough(id: string, edges: readonly GraphEdge[]): Set<string> {
  const way = new Set([id])
  for (const [near, far] of [
    ['from', 'to'],
    ['to', 'from'],
  ] as const) {
    const waiting = [id]
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop())
      for (const edge of edges)
        if (edge[near] === at && !way.has(edge[far])) {
          way.add(edge[far])
          waiting.push(edge[far])
        }
  }
  return way
}

import { defineErrors, type Texts } from '../../core/errors.ts'
import type { FindingCount } from '../../core/plane/plane.ts'

/**
 * - `file`: a column of the files a dataset is loaded from; `id` is the dataset's
 * - `dataset`: a column of a dataset's rows
 * - `golden`: a field of a merged record; `id` is the entity
 */
export type NodeKind = 'file' | 'dataset' | 'golden'

export interface LineageNode {
  readonly kind: NodeKind
  readonly id: string
  readonly column: string
}

/** What was done on the way: columns mapped and normalised, or the surviving value chosen. */
export type TransformationKind = 'mapping' | 'survivorship'

export interface LineageEdge {
  readonly from: LineageNode
  readonly to: LineageNode
  readonly kind: TransformationKind
  /** Names of what was applied, in order: normalisers (`trim`, `calendar:roc`), or the rules of choice. */
  readonly steps: readonly string[]
}

/** What is asked about: all columns, or one. */
export interface LineageStart {
  readonly kind: NodeKind
  readonly id: string
  readonly column?: string | undefined
}

export interface Lineage {
  readonly nodes: readonly LineageNode[]
  readonly edges: readonly LineageEdge[]
  /** There is more than is shown. */
  readonly truncated: boolean
}

/** Which column of the file filled a column of the dataset. */
export interface MappedColumn {
  readonly fileColumn: string
  readonly column: string
  readonly steps: readonly string[]
}

/** Where the rows of one version were read from. */
export interface VersionOrigin {
  /** Of the file as it was uploaded. */
  readonly fileSha256: string
  readonly columns: readonly MappedColumn[]
  /** What judging the rows found. */
  readonly findings: readonly FindingCount[]
}

/** A row of a version, as a merged record refers to it. */
export interface RowReference {
  readonly datasetId: string
  readonly version: number
  readonly rowId: string
  /** Of the file, 1 for the first; null when it is not known. */
  readonly line: number | null
}

/** The way of one row's value, from the file to the merged field. */
export interface RowOrigin extends RowReference {
  readonly batchId: string
  /** Null for a version made before origins were kept, as the two below. */
  readonly fileSha256: string | null
  /** Column of the dataset. */
  readonly column: string | null
  readonly fileColumn: string | null
}

export const MAX_DEPTH = 20
/** Edges answered at once. */
export const MAX_EDGES = 2_000

export const errors = defineErrors('CATALOG', {
  LINEAGE_DEPTH_INVALID: {
    kind: 'invalid',
    zh: '血缘层数须为1至{limit}的整数',
    en: 'A depth of lineage is a whole number from 1 to {limit}',
  },
  LINEAGE_COLUMN_UNKNOWN: {
    kind: 'not-found',
    zh: '该数据资源没有名为“{column}”的列的血缘',
    en: 'There is no lineage of a column “{column}” of this dataset',
  },
})

/** @throws CATALOG_LINEAGE_DEPTH_INVALID */
export function checkDepth(depth: number): void {
  if (!Number.isInteger(depth) || depth < 1 || depth > MAX_DEPTH)
    throw errors.LINEAGE_DEPTH_INVALID({ limit: MAX_DEPTH })
}

/** The edges that loading a version adds. */
export function mappingEdges(datasetId: string, { columns }: VersionOrigin): LineageEdge[] {
  return columns.map(({ fileColumn, column, steps }) => ({
    from: { kind: 'file', id: datasetId, column: fileColumn },
    to: { kind: 'dataset', id: datasetId, column },
    kind: 'mapping',
    steps,
  }))
}

/** Equal for the same node. */
export function nodeKey({ kind, id, column }: LineageNode): string {
  return `${kind}:${id}:${column}`
}

function edgeKey({ from, to, kind, steps }: LineageEdge): string {
  return JSON.stringify([nodeKey(from), nodeKey(to), kind, steps])
}

/** What ends and what begins when the edges into one output become `next`; what stays is in neither. */
export function difference<Edge extends LineageEdge>(
  standing: readonly Edge[],
  next: readonly LineageEdge[],
): { ended: Edge[]; begun: LineageEdge[] } {
  const wanted = new Map(next.map((edge) => [edgeKey(edge), edge]))
  const known = new Set(standing.map(edgeKey))
  return {
    ended: standing.filter((edge) => !wanted.has(edgeKey(edge))),
    begun: [...wanted].flatMap(([key, edge]) => (known.has(key) ? [] : [edge])),
  }
}

/** The graph of `edges` without datasets whose ids are `hidden`. */
export function lineageOf(
  edges: readonly LineageEdge[],
  hidden: ReadonlySet<string>,
  truncated: boolean,
): Lineage {
  const isShown = ({ kind, id }: LineageNode) => kind === 'golden' || !hidden.has(id)
  const shown = edges.filter(({ from, to }) => isShown(from) && isShown(to))
  const nodes = new Map<string, LineageNode>()
  for (const node of shown.flatMap(({ from, to }) => [from, to])) nodes.set(nodeKey(node), node)
  const distinct = new Map(shown.map((edge) => [edgeKey(edge), edge]))
  return {
    nodes: [...nodes.values()].toSorted((a, b) => order(nodeKey(a), nodeKey(b))),
    edges: [...distinct].toSorted(([a], [b]) => order(a, b)).map(([, edge]) => edge),
    truncated,
  }
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const STEPS: Readonly<Record<string, Texts>> = {
  trim: { zh: '去首尾空白', en: 'trim blanks' },
  nfkc: { zh: '全角转半角', en: 'full width to half width' },
  upper: { zh: '转大写', en: 'upper case' },
  digits: { zh: '统一数字', en: 'plain digits' },
  'fold-variant': { zh: '统一异体字', en: 'fold variant characters' },
  simplify: { zh: '转简体', en: 'simplified characters' },
  'null-words': { zh: '空值词转空', en: 'words for nothing to null' },
  money: { zh: '金额换算', en: 'read as money' },
  'chinese-number': { zh: '中文数字转数值', en: 'Chinese numerals to numbers' },
  list: { zh: '拆分列表', en: 'split the list' },
  date: { zh: '统一日期', en: 'read as a date' },
  'calendar:gregorian': { zh: '公历', en: 'Gregorian calendar' },
  'calendar:roc': { zh: '民国纪年', en: 'ROC calendar' },
  'calendar:japanese': { zh: '日本年号', en: 'Japanese eras' },
  'calendar:day-first': { zh: '日在前的日期', en: 'day first' },
  'calendar:auto': { zh: '自动识别纪年', en: 'calendar recognised' },
  'only-sound': { zh: '校验有效者优先', en: 'sound values first' },
  'legal-source': { zh: '法定数源优先', en: 'the legal source first' },
  'current-name': { zh: '曾用名在后', en: 'former names last' },
  freshest: { zh: '最新者优先', en: 'the freshest first' },
  'source-rank': { zh: '数源次序在前者优先', en: 'the better source rank first' },
  'smallest-id': { zh: '记录编号小者优先', en: 'the smallest record id first' },
}

/** What an edge does, in words. */
export function stepsInWords({ steps }: Pick<LineageEdge, 'steps'>): Texts {
  const words = steps.map((step) => STEPS[step] ?? { zh: step, en: step })
  return { zh: words.map(({ zh }) => zh).join('、'), en: words.map(({ en }) => en).join(', ') }
}

import { parse } from 'csv-parse/sync'
import { readFileSync } from 'node:fs'
import type { MatchResult, RowRef } from '../../modules/golden/index.ts'

export type Row = Readonly<Record<string, string>>

/** Rows of a CSV or TSV file, its header trimmed. */
export function rowsIn(path: string): Row[] {
  const tabs = path.endsWith('.tsv')
  return parse(readFileSync(path), {
    bom: true,
    columns: (header: string[]) => header.map((name) => name.trim()),
    delimiter: tabs ? '\t' : ',',
    quote: tabs ? null : '"',
    trim: true,
  }) as Row[]
}

/** Rows as the text of a CSV file. */
export function csvOf(rows: readonly Row[], columns: readonly string[]): string {
  const cells = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
  return cells.map((line) => `${line.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`).join('')
}

export interface Measured {
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

/** Pairwise, over all pairs inside clusters. */
export function ofClusters({ clusters }: MatchResult, truth: ReadonlyMap<string, string>): Measured {
  return measured(clusters.flatMap(pairsOf), truth)
}

/** Pairwise, over the pairs linked directly. */
export function ofLinks({ decided }: MatchResult, truth: ReadonlyMap<string, string>): Measured {
  const links = decided.filter(({ decision }) => decision === 'link')
  return measured(
    links.map(({ left, right }) => [left, right]),
    truth,
  )
}

/** Cluster by cluster (B³): of each row, how much of its cluster is right, and how much of the true one is in it. */
export function bCubed({ clusters }: MatchResult, truth: ReadonlyMap<string, string>): Measured {
  const sizes = sizesOf(truth)
  const alone = truth.size - clusters.flat().length
  let precision = alone
  let recall = [...truth].reduce((sum, [, entity]) => sum + 1 / (sizes.get(entity) ?? 1), 0)
  for (const cluster of clusters)
    for (const { id } of cluster) {
      const entity = truth.get(id) ?? ''
      const right = cluster.filter((other) => truth.get(other.id) === entity).length
      precision += right / cluster.length
      recall += (right - 1) / (sizes.get(entity) ?? 1)
    }
  return withF1(precision / truth.size, recall / truth.size)
}

function measured(pairs: readonly (readonly RowRef[])[], truth: ReadonlyMap<string, string>): Measured {
  const right = pairs.filter(([a, b]) => truth.get(a?.id ?? '') === truth.get(b?.id ?? '')).length
  const all = [...sizesOf(truth).values()].reduce((sum, size) => sum + (size * (size - 1)) / 2, 0)
  return withF1(right / pairs.length, right / all)
}

function sizesOf(truth: ReadonlyMap<string, string>): Map<string, number> {
  const sizes = new Map<string, number>()
  for (const entity of truth.values()) sizes.set(entity, (sizes.get(entity) ?? 0) + 1)
  return sizes
}

const withF1 = (precision: number, recall: number): Measured => ({
  precision,
  recall,
  f1: (2 * precision * recall) / (precision + recall),
})

function pairsOf(cluster: readonly RowRef[]): RowRef[][] {
  return cluster.flatMap((a, at) => cluster.slice(at + 1).map((b) => [a, b]))
}

/** Printed by the measurement, so that a build tells its figures. */
export function told(name: string, { precision, recall, f1 }: Measured): void {
  const figures = [precision, recall, f1].map((share) => share.toFixed(4))
  process.stderr.write(`    ${name}: precision ${figures[0]}, recall ${figures[1]}, F1 ${figures[2]}\n`)
}

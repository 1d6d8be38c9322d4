/** One measured figure beside what the same machine did with the bare part in the same run. */
export interface BenchRow {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What the figure stands beside: the bare engine, a peer. */
  readonly reference?: string
  readonly referenceValue?: number
  /** value / reference for times, reference-relative throughput otherwise. */
  readonly ratio?: number
  readonly target?: string
}

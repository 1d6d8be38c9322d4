import type { Value } from '../feel/index.ts'

/** A rule of a decision table that held, with what it held of. */
export interface FiredRule {
  /** Name of the decision or business knowledge model the table is of. */
  readonly decision: string
  /** Counts from 1. */
  readonly rule: number
  readonly id: string
  /** By the label or expression of the input. */
  readonly inputs: ReadonlyMap<string, Value>
  /** By the name of the output, or the decision's when there is one. */
  readonly outputs: ReadonlyMap<string, Value>
  readonly annotations: readonly string[]
}

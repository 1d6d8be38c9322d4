import type { Texts } from '../../core/errors.ts'

/** One thing a check has against a decision model. */
export interface DecisionFinding extends Texts {
  /** Stable, kebab-case. */
  readonly rule: string
  /** An error keeps the model from being deployed. */
  readonly severity: 'error' | 'warning'
  /** Name of the decision or business knowledge model. */
  readonly decision: string
  /** Numbers of the rules of its table it is about, from 1; empty when it is about none. */
  readonly rules: readonly number[]
}

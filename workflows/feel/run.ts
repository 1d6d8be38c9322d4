import type { Texts } from '../../core/errors.ts'
import { errors } from './refusals.ts'

/** Why a value became null: DMN answers null for an error and goes on (10.3.2.7). */
export interface Warning extends Texts {
  /** Stable, kebab-case. */
  readonly code: string
  /** The decision, rule or expression it arose in; empty when it stands alone. */
  readonly at: string
}

/** Members a list may have, characters a text may have, calls that may stand inside one another. */
export const MAX_LIST = 100_000
export const MAX_TEXT = 1_000_000
const MAX_CALLS = 400
const MAX_WARNINGS = 100
/** Operations of one evaluation: about a second's work. Counted, not timed, so that a repetition agrees. */
export const MAX_STEPS = 2_000_000

/** One evaluation: its clock, its budget and what went wrong. Made anew for every evaluation. */
export class Run {
  readonly now: Date
  readonly warnings: Warning[] = []
  /** Where the evaluation is, for the warnings. */
  at = ''
  #steps: number
  #calls = 0

  constructor(now: Date, steps = MAX_STEPS) {
    this.now = now
    this.#steps = steps
  }

  /** Counts work. @throws FEEL_EVALUATION_TOO_LONG */
  tick(steps = 1): void {
    this.#steps -= steps
    if (this.#steps < 0) throw errors.EVALUATION_TOO_LONG({ limit: `${MAX_STEPS} steps` })
  }

  /** Counts `cost`, the work of making the value. @throws FEEL_EVALUATION_TOO_LONG for one too long to make */
  sized<T extends { readonly length: number }>(value: T, cost = value.length >> 4): T {
    const max = typeof value === 'string' ? MAX_TEXT : MAX_LIST
    if (value.length > max) throw errors.EVALUATION_TOO_LONG({ limit: `${max} members or characters` })
    this.tick(cost)
    return value
  }

  /** Runs the body of a function, at a bounded depth. */
  within<T>(body: () => T): T {
    this.#calls += 1
    if (this.#calls > MAX_CALLS) throw errors.EVALUATION_TOO_LONG({ limit: `${MAX_CALLS} nested calls` })
    try {
      return body()
    } finally {
      this.#calls -= 1
    }
  }

  /** Names what is evaluated, for the warnings that arise in it. */
  during<T>(at: string, work: () => T): T {
    const before = this.at
    this.at = at
    try {
      return work()
    } finally {
      this.at = before
    }
  }

  /** Notes the error; its value is null. */
  fail(code: string, zh: string, en: string): null {
    if (this.warnings.length < MAX_WARNINGS) this.warnings.push({ code, at: this.at, zh, en })
    return null
  }
}

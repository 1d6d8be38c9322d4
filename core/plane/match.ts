import type { MatchForm } from '../text/match-form.ts'
import type { FastCheck } from './emitter/checks.ts'
import type { PlaneFile, SelectSource } from './plane.ts'

/** What is compared: one column in the form that makes two spellings comparable. */
export interface MatchField {
  readonly name: string
  readonly form: MatchForm
  /** Words left out after forming, whole words only. */
  readonly strip?: readonly string[]
}

/** One equality, or equality of the first `prefix` characters; all terms of a rule must hold. */
export interface BlockingTerm {
  readonly field: string
  readonly prefix?: number
}

export type MatchLevel =
  | { readonly kind: 'equal' }
  | { readonly kind: 'jaro-winkler'; readonly atLeast: number }
  | { readonly kind: 'damerau-levenshtein'; readonly atMost: number }
  | { readonly kind: 'contains' }
  /** Two fields exchanged, such as family and given name. */
  | { readonly kind: 'swapped'; readonly with: string }

export interface MatchComparison {
  readonly field: string
  /** The best first; what fits none differs. */
  readonly levels: readonly MatchLevel[]
  /** Whether equal rare values weigh more than equal frequent ones. */
  readonly termFrequency: boolean
}

export interface MatchSource extends SelectSource {
  readonly name: string
  /** Column of the files that names a row; unique, but in the hub. */
  readonly id: string
  /** Only the rows whose key is sound, or only the others; all when absent. */
  readonly keyed?: KeyedRows
}

/** Section 6.1: a key that is absent, a placeholder, one character repeated, or fails its check is none. */
export interface KeyedRows {
  readonly column: string
  readonly check: FastCheck
  readonly placeholders: readonly string[]
  /** Which rows: those with a key, or those without. */
  readonly sound: boolean
  /** The day birth dates are judged against. */
  readonly today: string
}

/** Other values by which rows may be known, such as former names: each a copy of the row with the value in `fields`. */
export interface Alternatives {
  readonly fields: readonly string[]
  /** Rows that are not there are passed over. */
  readonly rows: readonly { readonly source: string; readonly id: string; readonly value: string }[]
}

/** Probabilistic matching (Fellegi and Sunter 1969): within the one source, or between several. */
export interface MatchSpec {
  /** `columns`: field name → column of the files. */
  readonly sources: readonly MatchSource[]
  /**
   * Name of the source whose rows are the entities: the others are compared with it alone. Its rows of one id
   * are alternatives of one entity, such as former names; a pair has the weight of the best. It may stand for
   * several of `sources`.
   */
  readonly hub?: string
  /** Only with a hub, of rows of any source; a pair has the weight of the best. */
  readonly alternatives?: Alternatives
  /** With a hub: how many rows, half of which stand for an entity, are taken for seen before. 0 when absent. */
  readonly assumedRows?: number
  readonly fields: readonly MatchField[]
  /** A pair is compared when any rule holds. */
  readonly blocking: readonly (readonly BlockingTerm[])[]
  readonly comparisons: readonly MatchComparison[]
  /** Pairs of less weight are not answered. */
  readonly lower: number
  readonly seed: number
}

/** Of one level: its share among the same and among the different, and log2 of their ratio. */
export interface LevelModel {
  readonly m: number
  readonly u: number
  readonly weight: number
}

export interface MatchModel {
  /** Share of the same among all pairs, compared or not. */
  readonly prior: number
  readonly iterations: number
  /** In the order of the comparisons; `levels[0]` is «differs», the last is the best. */
  readonly comparisons: readonly { readonly field: string; readonly levels: readonly LevelModel[] }[]
}

export interface Matched {
  readonly rows: number
  /** Pairs compared. */
  readonly candidates: number
  /** Pairs of each blocking rule. */
  readonly blocks: readonly number[]
  readonly model: MatchModel
  /**
   * Pairs by descending weight: `left_source`, `left_id`, `right_source`, `right_id`, `weight`, `former` (whether
   * an alternative was compared), and of each comparison `l0` … (its level, -1 when a value is absent) and `w0` … (its weight). Absent when there is none.
   */
  readonly pairs: PlaneFile | undefined
}

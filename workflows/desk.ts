/**
 * Which tasks of those the actor may know of: `all` that are offered to it or its own, only its own (`mine`),
 * only unclaimed ones (`group`), what it has delegated, what it may finish for those it stands in for, or as
 * the head every open task of the body.
 */
export type TaskShow = 'all' | 'mine' | 'group' | 'delegated' | 'standing-in' | 'body'

/** `soon` is within three calendar days, today among them; `follow-up` has a follow-up date up to today. */
export type TaskDue = 'overdue' | 'soon' | 'follow-up'

/** By the time it opened; by due date, those without one last; by priority, then by the time it opened. */
export type TaskSort = 'created' | 'due' | 'priority'

export interface TaskFilter {
  readonly show?: TaskShow | null
  readonly due?: TaskDue | null
  /** Key of the process. */
  readonly process?: string | null
  /** Found in the name of the task or the process, in the texts of the process's variables, or a case's number. */
  readonly word?: string | null
  readonly sort?: TaskSort | null
}

/** How many open tasks there are of each kind, for the desk's first page. */
export interface TaskCounts {
  readonly all: number
  readonly mine: number
  readonly group: number
  readonly delegated: number
  readonly standingIn: number
  readonly overdue: number
  readonly soon: number
  readonly followUp: number
  /** Zero for anybody but the head. */
  readonly body: number
}

export interface ProcessCount {
  readonly key: string
  readonly name: { readonly zh: string; readonly en: string }
  readonly count: number
}

export const SOON_DAYS = 3
export const MAX_WORD = 100

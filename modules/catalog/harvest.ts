import { defineErrors, type DomainError, type ErrorParams, type Texts } from '../../core/errors.ts'

/** `dcat`: JSON-LD of DCAT datasets. `ckan`: packages as CKAN answers them. */
export type HarvestFormat = 'dcat' | 'ckan'
export type HarvestStatus = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'

export interface Refusal {
  readonly code: string
  readonly params: ErrorParams
  readonly messages: Texts
}

/** read = created + changed + unchanged + quarantined. */
export interface HarvestCounts {
  readonly read: number
  readonly created: number
  readonly changed: number
  readonly unchanged: number
  readonly quarantined: number
  /** No longer listed at the source. */
  readonly withdrawn: number
}

export const NOTHING: HarvestCounts = {
  read: 0,
  created: 0,
  changed: 0,
  unchanged: 0,
  quarantined: 0,
  withdrawn: 0,
}

/** A record that became no entry, and why. */
export interface Quarantined {
  /** Null when the record names none. */
  readonly remoteId: string | null
  readonly title: string
  readonly refusal: Refusal
}

/** One crawl of another catalogue through a source. */
export interface Harvest {
  readonly id: string
  readonly sourceId: string
  readonly organisationId: string
  readonly format: HarvestFormat
  readonly status: HarvestStatus
  /** Counts as the author of what it registers. */
  readonly startedBy: string
  /** Who started it said that much may be withdrawn. */
  readonly mayWithdrawMany: boolean
  readonly counts: HarvestCounts
  /** The first of them. */
  readonly quarantined: readonly Quarantined[]
  /** Why it failed. */
  readonly refusal: Refusal | null
  readonly createdAt: Date
}

export const MAX_QUARANTINED = 500
/** Of what was listed so far, as of the rows of a dataset (section 13, row 32). */
const MAX_WITHDRAWN_SHARE = 0.2

export const errors = defineErrors('CATALOG', {
  HARVEST_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到编号为 {id} 的目录采集',
    en: 'There is no harvest {id}',
  },
  HARVEST_RUNNING: {
    kind: 'conflict',
    zh: '正在从该数据源采集目录，请等待其结束或先取消',
    en: 'This source is being harvested already; wait for the end or cancel it',
  },
  HARVEST_ENDED: {
    kind: 'conflict',
    zh: '该目录采集已结束，不能取消',
    en: 'The harvest has ended ({status}); it cannot be cancelled',
  },
  HARVEST_EMPTY: {
    kind: 'unavailable',
    zh: '来源目录没有返回任何记录，已有条目保持不变',
    en: 'The other catalogue answered no records; the entries stay as they are',
  },
  HARVEST_COLLAPSED: {
    kind: 'conflict',
    zh: '来源目录不再列出 {known} 个已有条目中的 {gone} 个，超过两成，未撤下任何条目；确属减少的，请在确认后重新采集',
    en: 'The other catalogue no longer lists {gone} of the {known} known entries, more than a fifth: none was withdrawn. If that is right, confirm it and harvest again',
  },
  HARVEST_RECORD_INVALID: {
    kind: 'invalid',
    zh: '记录缺少“{fieldZh}”，或其值无效',
    en: 'The record has no valid {field}',
  },
  HARVEST_RECORD_DOUBLED: {
    kind: 'invalid',
    zh: '来源标识“{id}”在一次采集中出现两次',
    en: 'The identifier “{id}” occurs twice in one crawl',
  },
})

export const isRunning = ({ status }: Pick<Harvest, 'status'>): boolean =>
  status === 'queued' || status === 'running'

/** @throws CATALOG_HARVEST_ENDED */
export function requireRunning(harvest: Harvest): void {
  if (!isRunning(harvest)) throw errors.HARVEST_ENDED({ status: harvest.status })
}

/**
 * Whether so many may be withdrawn: an answer cut short would else take a catalogue down.
 *
 * @throws CATALOG_HARVEST_COLLAPSED
 */
export function requireNoCollapse(
  { mayWithdrawMany }: Pick<Harvest, 'mayWithdrawMany'>,
  known: number,
  gone: number,
): void {
  if (!mayWithdrawMany && gone > known * MAX_WITHDRAWN_SHARE) throw errors.HARVEST_COLLAPSED({ known, gone })
}

export const refusalOf = ({ code, params, messages }: DomainError): Refusal => ({ code, params, messages })

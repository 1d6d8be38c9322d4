import { defineErrors } from '../../core/errors.ts'
import type { Refusal } from './batch.ts'
import type { FileCounts } from './inbox.ts'

/**
 * - `queued`, `running`: being read from its source
 * - `handed`: its rows are a batch, or its files are batches, which go their own way;  `failed`, `cancelled`
 */
export type PullStatus = 'queued' | 'running' | 'handed' | 'failed' | 'cancelled'

export interface PullProgress {
  readonly rows: number
  readonly bytes: number
  readonly elapsedMs: number
}

/** One reading of a source on its way to become a batch. */
export interface Pull {
  readonly id: string
  readonly sourceId: string
  readonly datasetId: string
  readonly organisationId: string
  readonly status: PullStatus
  readonly batchId: string | null
  /** The source's revision when it began. */
  readonly revision: number
  /** The cursor's last value; null when everything is read each time, or nothing was there. */
  readonly watermark: string | null
  readonly refusal: Refusal | null
  readonly progress: PullProgress | null
  /** Of a source of files, as far as it has come; null before the first. */
  readonly files: FileCounts | null
  readonly createdAt: Date
}

export const errors = defineErrors('INGEST', {
  PULL_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到编号为 {id} 的抽取',
    en: 'There is no pull {id}',
  },
  PULL_RUNNING: {
    kind: 'conflict',
    zh: '该数据源正在抽取，请等待其结束或先取消',
    en: 'This source is being pulled already; wait for the end or cancel it',
  },
  PULL_ENDED: {
    kind: 'conflict',
    zh: '该抽取当前为“{status}”状态，不能取消',
    en: 'The pull is {status}; it cannot be cancelled now',
  },
})

export const isReading = ({ status }: Pick<Pull, 'status'>): boolean =>
  status === 'queued' || status === 'running'

/** @throws INGEST_PULL_ENDED */
export function requireReading(pull: Pull): void {
  if (!isReading(pull)) throw errors.PULL_ENDED({ status: pull.status })
}

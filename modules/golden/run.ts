import { defineErrors, type Texts } from '../../core/errors.ts'
import type { Finding, FindingCode } from './merging.ts'
import type { FieldDescription } from './record.ts'

export type RunStatus = 'queued' | 'running' | 'published' | 'unchanged' | 'aborted' | 'failed'

export interface MergeInput {
  readonly datasetId: string
  readonly version: number
  readonly rows: number
}

/** One computation of all golden records from the current versions of their registers. */
export interface MergeRun {
  readonly id: string
  readonly status: RunStatus
  readonly inputs: readonly MergeInput[]
  readonly fields: readonly FieldDescription[]
  /** Ids of the overrides it applied. */
  readonly overrides: readonly string[]
  /** Ids of the rulings it kept to. */
  readonly rulings: readonly string[]
  /** Whether it knew what earlier versions called its rows; those before 2026-12 did not. */
  readonly nameHistory: boolean
  readonly findings: readonly Finding[]
  /** Records served when it had ended, those of shared keys included; null before. */
  readonly records: number | null
  /** Of these, how many differ from the generation before. */
  readonly changed: number | null
  readonly removed: number | null
  /** Digest over all records in key order; recomputing gives the same. */
  readonly contentSha256: string | null
  readonly fingerprint: string | null
  /** Code of the refusal it failed with. */
  readonly errorCode: string | null
  readonly requestedAt: Date
  readonly startedAt: Date | null
  readonly endedAt: Date | null
}

/** Whether a run made its records, or found them made. One that broke off may begin again. */
export const hasEnded = ({ status }: Pick<MergeRun, 'status'>) =>
  status === 'published' || status === 'unchanged'

/** A run in the hands of one worker. */
export interface Working {
  readonly runId: string
  /** A worker that finds a later attempt in the row has been replaced and stops. */
  readonly attempt: number
  /** What is served while it works, and what it makes. */
  readonly servedGeneration: number
  readonly generation: number
}

export const errors = defineErrors('GOLDEN', {
  MERGE_SUPERSEDED: {
    kind: 'conflict',
    zh: '本次合并已由另一进程接替',
    en: 'Another worker has taken over this merge',
  },
})

const FINDINGS: Record<FindingCode, Texts> = {
  GOLDEN_ESTABLISHMENT_UNSURE: {
    zh: '没有编号，按名称和地址也不能确定是哪个场所，未关联企业',
    en: 'A row without a number is not surely any registered establishment by name and address; it was not linked',
  },
  GOLDEN_RULING_ROW_GONE: {
    zh: '人工裁定所指的行已不在现行版本中，裁定保留但未适用',
    en: 'A row that people ruled on is not in the current version; the ruling stands and applies to no row',
  },
  GOLDEN_KEY_PLACEHOLDER: {
    zh: '统一社会信用代码（統一編號）为占位值，未参与合并',
    en: 'The number of the company is a placeholder; the row was not linked',
  },
  GOLDEN_KEY_CHECK_FAILED: {
    zh: '统一社会信用代码（統一編號）未通过校验，未参与合并',
    en: 'The number of the company fails its check; the row was not linked',
  },
  GOLDEN_KEY_SHARED: {
    zh: '同一统一社会信用代码（統一編號）对应多个主体，未参与合并',
    en: 'One number of a company stands for several entities; the row was not linked',
  },
  GOLDEN_BLOCK_TOO_LARGE: {
    zh: '过多的行取值相同，没有有效代码的行未按相似程度关联',
    en: 'Too many rows share one value; rows without a sound code were not linked by likeness',
  },
}

export function findingTexts(code: FindingCode): Texts {
  return FINDINGS[code]
}

import { defineErrors } from '../core/errors.ts'
import type { PlaneFile } from '../core/plane/plane.ts'
import type { CrosswalkRow } from './crosswalk.ts'

export interface FailingRow {
  readonly line: number
  /** Values of the primary key; null where there is none or it is personal data. */
  readonly key: readonly string[] | null
  /** `column: reason` */
  readonly reasons: readonly string[]
}

/** Rows of one column that hold a code which the draft removes. */
export interface RemovedRows {
  readonly column: string
  readonly code: string
  readonly rows: number
}

export interface FailingKeys extends PlaneFile {
  /** The columns of the primary key. */
  readonly columns: readonly string[]
}

/** What a draft would do to the current version of one dataset. */
export interface DryRunDataset {
  readonly datasetId: string
  readonly datasetVersion: number
  readonly title: string
  readonly organisationId: string
  readonly newlyFailing: number
  readonly newlyPassing: number
  readonly unchanged: number
  /** At most {@link MAX_FAILING}, by line. */
  readonly failing: readonly FailingRow[]
  /** Every newly failing row with its key, personal or not, as a Parquet file; null when none fails. */
  readonly keys: FailingKeys | null
  readonly removed: readonly RemovedRows[]
}

/** A result as an organisation may see it: of another's dataset the totals alone. */
export function seenBy(organisationId: string, result: DryRunDataset): DryRunDataset {
  return result.organisationId === organisationId
    ? result
    : { ...result, failing: [], keys: null, removed: [] }
}

export interface DryRun {
  readonly id: string
  readonly standardId: string
  /** Of the draft when it was tried. */
  readonly revision: number
  readonly status: 'waiting' | 'running' | 'done' | 'failed'
  readonly askedBy: string
  readonly askedAt: Date
  /** How many datasets are to be tried. */
  readonly total: number
  /** Code of the refusal it ended in. */
  readonly refusal: string | null
}

/** What becomes of the rows of a removed code: another code, or a reason why they stay. */
export interface RowMigration {
  readonly code: string
  readonly successor: string | null
  readonly waiver: string | null
  readonly proposedBy: string
  readonly proposedAt: Date
}

export const MAX_FAILING = 100
const MAX_WAIVER = 1000

export const errors = defineErrors('STANDARDS', {
  CODE_ROWS_REMAIN: {
    kind: 'conflict',
    zh: '“{code}”删去的代码仍有数据使用，须先给出迁移方案（替代代码、对照表或豁免）：{codes}',
    en: 'Rows still hold codes that “{code}” removes; first say what becomes of them (successor, crosswalk or waiver): {codes}',
  },
  DRY_RUN_KEYS_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到该试运行中本单位数据的不合格行',
    en: 'This dry run has no failing rows of a dataset of your organisation',
  },
  DRY_RUN_PURPOSE_MISSING: {
    kind: 'invalid',
    zh: '请写明下载不合格行的用途（1至200字）',
    en: 'Say for what purpose the failing rows are downloaded (1 to 200 characters)',
  },
  DRY_RUN_MISSING: {
    kind: 'conflict',
    zh: '“{code}”删去了代码，须以现有数据试运行后方可发布',
    en: '“{code}” removes codes; it must be tried on the data there is before it is published',
  },
  ROW_MIGRATION_INVALID: {
    kind: 'invalid',
    zh: '代码“{code}”的迁移方案无效：该代码须为草案删去的代码，且须给出草案中的替代代码或豁免理由（1至1000字）之一',
    en: 'The migration of “{code}” is not valid: a removed code gets a code of the draft, or a reason (1 to 1000 characters)',
  },
})

/** @throws STANDARDS_ROW_MIGRATION_INVALID */
export function migrationOf(
  input: { readonly code: string; readonly successor?: string | null; readonly waiver?: string | null },
  removed: readonly string[],
  draft: readonly string[],
): Pick<RowMigration, 'code' | 'successor' | 'waiver'> {
  const { code, successor = null } = input
  const waiver = input.waiver?.trim() || null
  const isOne = (successor === null) !== (waiver === null)
  const isKnown = successor === null || draft.includes(successor)
  if (!isOne || !isKnown || !removed.includes(code) || (waiver ?? '').length > MAX_WAIVER)
    throw errors.ROW_MIGRATION_INVALID({ code })
  return { code, successor, waiver }
}

export interface RemovedCode {
  readonly code: string
  /** In the current version of every dataset tried; null while the draft as it stands has not been tried. */
  readonly rows: number | null
  readonly migration: RowMigration | null
  /** What a published crosswalk says it is, exactly. */
  readonly crosswalk: string | null
}

/** The removed codes with their rows and what becomes of these; a successor that the draft has not, does not count. */
export function removedCodes(
  codes: readonly string[],
  draft: readonly string[],
  datasets: readonly DryRunDataset[] | undefined,
  migrations: readonly RowMigration[],
  crosswalk: readonly CrosswalkRow[],
): RemovedCode[] {
  const rows = new Map<string, number>()
  for (const { removed } of datasets ?? [])
    for (const each of removed) rows.set(each.code, (rows.get(each.code) ?? 0) + each.rows)
  const counted = migrations.filter(({ successor }) => successor === null || draft.includes(successor))
  return codes.map((code) => ({
    code,
    rows: datasets === undefined ? null : (rows.get(code) ?? 0),
    migration: counted.find((each) => each.code === code) ?? null,
    crosswalk: crosswalk.find((row) => row.fromCode === code && row.relation === 'exact')?.toCode ?? null,
  }))
}

/** @throws STANDARDS_CODE_ROWS_REMAIN */
export function requireMoved(code: string, removed: readonly RemovedCode[]): void {
  const remaining = removed.filter(
    ({ rows, migration, crosswalk }) => (rows ?? 0) > 0 && migration === null && crosswalk === null,
  )
  if (remaining.length === 0) return
  const codes = remaining
    .slice(0, 20)
    .map((each) => `${each.code}（${each.rows}）`)
    .join('、')
  throw errors.CODE_ROWS_REMAIN({ code, codes })
}

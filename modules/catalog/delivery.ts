import { defineErrors, type ErrorParams, type Texts } from '../../core/errors.ts'
import type { Position, TargetColumn } from '../../core/plane/connectors/index.ts'
import type { CompiledColumn } from '../../core/text/column.ts'
import type { Dataset } from './dataset.ts'
import { ROW_DIGEST } from './change.ts'
import type { Source } from './source.ts'

/** A dataset kept up to date in a table or collection of a department's database (回流). */
export interface Delivery {
  readonly id: string
  readonly sourceId: string
  readonly datasetId: string
  /** Owner of the source. */
  readonly organisationId: string
  readonly collection: string
  /** What names a row there: the key of the dataset's change feed. */
  readonly keyColumns: readonly string[]
  readonly setAt: Date
  /** Null while it goes on. */
  readonly endedAt: Date | null
}

/** `queued`, `running`: on its way;  `done`: the target holds the version;  `failed`, `cancelled`. */
export type RunStatus = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'

export interface DeliveryProgress {
  /** The version on its way. */
  readonly version: number
  /** Rows written or taken away by this run. */
  readonly rows: number
  readonly elapsedMs: number
}

export interface RunRefusal {
  readonly code: string
  readonly params: ErrorParams
  readonly messages: Texts
}

/** Brings one delivery to the dataset's current version. */
export interface DeliveryRun {
  readonly id: string
  readonly deliveryId: string
  readonly status: RunStatus
  /** The version that the target holds; null until it is done. */
  readonly version: number | null
  /** The newest version of the dataset that the run has seen. */
  readonly wantedVersion: number
  readonly refusal: RunRefusal | null
  readonly progress: DeliveryProgress | null
  readonly createdAt: Date
}

export const errors = defineErrors('CATALOG', {
  DELIVERY_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到编号为 {id} 的回流',
    en: 'There is no delivery {id}',
  },
  DELIVERY_DATASET_FOREIGN: {
    kind: 'forbidden',
    zh: '该数据集属于其他单位，不能回流到本单位的库中',
    en: 'The dataset belongs to another organisation; it cannot be delivered into this source',
  },
  DELIVERY_TARGET_TAKEN: {
    kind: 'conflict',
    zh: '“{collection}”已是另一项回流的目标',
    en: '“{collection}” is the target of a delivery already',
  },
  DELIVERY_TARGET_READ: {
    kind: 'conflict',
    zh: '“{collection}”正是本数据源被抽取的表，不能同时作为回流目标',
    en: '“{collection}” is what this source is read from; it cannot be a target too',
  },
  DELIVERY_RUNNING: {
    kind: 'conflict',
    zh: '该回流正在执行，请等待其结束或先取消',
    en: 'This delivery is running already; wait for the end or cancel it',
  },
  DELIVERY_RUN_ENDED: {
    kind: 'conflict',
    zh: '该次回流当前为“{status}”状态，不能取消',
    en: 'The run is {status}; it cannot be cancelled now',
  },
  DELIVERY_VERSION_MISSING: {
    kind: 'conflict',
    zh: '该数据集尚未发布任何版本',
    en: 'The dataset has no version yet',
  },
  DELIVERY_KEY_CHANGED: {
    kind: 'conflict',
    zh: '数据集模式的主键已改变，请停止后重新设定回流',
    en: 'The key of the dataset’s schema changed; end this delivery and set it anew',
  },
  DELIVERY_POSITION_UNKNOWN: {
    kind: 'conflict',
    zh: '目标记载的进度（第 {version} 版）不属于该数据集',
    en: 'The target says it holds version {version}, which the dataset does not have',
  },
})

/**
 * Whether rows of the dataset may leave for the source, asked when a delivery is set and each time it runs: for
 * now only what is the organisation's own. Where a grant lets others receive a dataset, it is asked here.
 *
 * @throws CATALOG_DELIVERY_DATASET_FOREIGN
 */
export function requireDeliverable(
  dataset: Pick<Dataset, 'organisationId'>,
  source: Pick<Source, 'organisationId'>,
): void {
  if (dataset.organisationId !== source.organisationId) throw errors.DELIVERY_DATASET_FOREIGN()
}

/** The columns as they arrive in the target: the key first. */
export function targetColumns(columns: readonly CompiledColumn[], key: readonly string[]): TargetColumn[] {
  const digest = { name: ROW_DIGEST, dataType: 'text', maxLength: 64, required: true, key: true } as const
  const given = columns.map((column): TargetColumn => {
    const isKey = key.includes(column.name)
    const { name, dataType, maxLength, scale, minimum, maximum, required, severity } = column
    const unbounded = { name, dataType, required: isKey, key: isKey }
    // Where a failing value only warns, the version holds it all the same.
    if (severity === 'warn') return unbounded
    return { ...unbounded, maxLength, scale, minimum, maximum, required: isKey || required }
  })
  const keyed = key.map((name) => given.find((column) => column.name === name) ?? digest)
  return [...keyed, ...given.filter((column) => !column.key)]
}

export interface DeliveryStep {
  /** 0 for nothing. */
  readonly from: number
  readonly to: number
  /** The key before the first row still to come; null for all. */
  readonly after: string | null
}

/**
 * The next piece of the change feed for a target: what was begun is brought to its end first. Undefined when
 * the target holds the current version.
 *
 * @throws CATALOG_DELIVERY_POSITION_UNKNOWN
 */
export function nextStep({ version, next, cursor }: Position, current: number): DeliveryStep | undefined {
  const reached = Math.max(version, next ?? 0)
  if (reached > current) throw errors.DELIVERY_POSITION_UNKNOWN({ version: reached })
  if (next !== null) return { from: version, to: next, after: cursor }
  return version === current ? undefined : { from: version, to: current, after: null }
}

export const isOpen = ({ status }: Pick<DeliveryRun, 'status'>): boolean =>
  status === 'queued' || status === 'running'

/** @throws CATALOG_DELIVERY_RUN_ENDED */
export function requireOpen(run: DeliveryRun): void {
  if (!isOpen(run)) throw errors.DELIVERY_RUN_ENDED({ status: run.status })
}

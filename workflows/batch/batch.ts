import { defineErrors, type Texts } from '../../core/errors.ts'
import type { Variables } from '../runtime/step/index.ts'

export const INCIDENT_OPERATIONS = ['retry', 'skip', 'cancel', 'resolve'] as const
export type IncidentOperation = (typeof INCIDENT_OPERATIONS)[number]
export const INSTANCE_OPERATIONS = ['suspend', 'resume', 'terminate'] as const
export type InstanceOperation = (typeof INSTANCE_OPERATIONS)[number]

export const BATCH_STATUSES = ['running', 'done', 'cancelled', 'failed'] as const
export type BatchStatus = (typeof BATCH_STATUSES)[number]
export const ITEM_OUTCOMES = ['waiting', 'done', 'refused'] as const
export type ItemOutcome = (typeof ITEM_OUTCOMES)[number]

/** The same done to many, one after another. */
export interface Batch {
  readonly id: string
  readonly operation: IncidentOperation | InstanceOperation | 'archive'
  /** What a skipped activity would have given. */
  readonly output: Variables
  readonly reason: string
  readonly status: BatchStatus
  /** Whose incidents or instances, and who does it with which roles. */
  readonly organisationId: string
  readonly requestedBy: string
  readonly requestedRoles: readonly string[]
  readonly createdAt: Date
  readonly endedAt: Date | null
}

export interface BatchItem {
  /** From 1, in the order chosen. */
  readonly place: number
  readonly incidentId: string | null
  readonly instanceId: string
  readonly businessKey: string
  readonly outcome: ItemOutcome
  readonly code: string | null
  readonly refusal: Texts | null
}

export interface IncidentChoice {
  readonly ids?: readonly string[] | null
  readonly key?: string | null
  readonly version?: number | null
  readonly node?: string | null
  readonly kind?: string | null
  readonly code?: string | null
}

export interface InstanceChoice {
  readonly ids?: readonly string[] | null
  readonly key?: string | null
  readonly version?: number | null
  readonly node?: string | null
  readonly suspended?: boolean | null
}

/** More than an operator can look through; the rest is a batch of its own. */
export const MAX_ITEMS = 10_000

/** Whether it says which: nobody does something to all there is by leaving the form empty. */
export const isChoice = (choice: IncidentChoice | InstanceChoice): boolean =>
  Object.values(choice).some((value) => value !== null && value !== undefined)

export const errors = defineErrors('WORKFLOW', {
  BATCH_CHOICE_MISSING: {
    kind: 'invalid',
    zh: '请至少给出一个条件或编号',
    en: 'Name at least one condition, or the ids',
  },
  BATCH_CHOICE_EMPTY: {
    kind: 'conflict',
    zh: '没有符合条件的项，请刷新后重选',
    en: 'Nothing fits the choice any more; reload and choose again',
  },
  BATCH_TOO_MANY: {
    kind: 'invalid',
    zh: '一次最多{max}项，请缩小范围',
    en: 'At most {max} at once; choose fewer',
  },
  BATCH_CHANGED: {
    kind: 'conflict',
    zh: '符合条件的现有{count}项，多于看到的{expected}项，请重新查看后再办',
    en: '{count} fit the choice now, more than the {expected} that were shown; look again first',
  },
  BATCH_ITEM_GIVEN_UP: {
    kind: 'unavailable',
    zh: '系统一时不可用，此项试了{attempts}次仍未办成，可稍后再办',
    en: 'The platform was busy or out of reach: this one was tried {attempts} times in vain; try it again later',
  },
  BATCH_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到批量操作 {id}',
    en: 'There is no batch operation {id}',
  },
  BATCH_OVER: {
    kind: 'conflict',
    zh: '该批量操作已经结束',
    en: 'This batch operation is over',
  },
  INCIDENT_STANDS: {
    kind: 'conflict',
    zh: '令牌仍停在此异常处，请重试、跳过或取消',
    en: 'A token still stands in this incident: retry, skip or cancel it',
  },
})

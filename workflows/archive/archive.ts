import { defineErrors } from '../../core/errors.ts'

/** An ended instance as it was put away. */
export interface ArchivedInstance {
  readonly id: string
  readonly definitionId: string
  readonly definitionKey: string
  readonly businessKey: string
  readonly organisationId: string
  /** That had a task in it. */
  readonly bodies: readonly string[]
  readonly status: 'completed' | 'terminated'
  readonly startedAt: Date
  readonly endedAt: Date
  readonly archivedAt: Date
}

/** Rows as they were, by their SQL names, instants as ISO 8601 texts. */
export interface ArchivedRecord {
  readonly instance: object
  readonly tasks: readonly {
    readonly node: string
    readonly status: string
    readonly created_at: string
    readonly completed_at: string | null
    readonly completed_by: string | null
  }[]
  readonly jobs: readonly object[]
  readonly incidents: readonly object[]
}

export const errors = defineErrors('WORKFLOW', {
  ARCHIVED_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到已归档的实例 {id}',
    en: 'There is no archived instance {id}',
  },
  ARCHIVE_UNFIT: {
    kind: 'conflict',
    zh: '该实例尚不能归档：未办结、其主流程仍在运行，或统计尚未完成',
    en: 'The instance cannot be archived yet: it runs, or its caller does, or it is still being counted',
  },
  ARCHIVE_DAY_INVALID: {
    kind: 'invalid',
    zh: '归档截止日不能晚于今天',
    en: 'What is archived has ended before today at the latest',
  },
})

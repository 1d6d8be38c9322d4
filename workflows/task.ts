import type { Actor } from '../core/context.ts'
import type { FormField } from './pack.ts'
import { errors } from './refusals.ts'

export type TaskStatus = 'open' | 'claimed' | 'completed' | 'cancelled'

/** A user task that waits for a person, or did. */
export interface Task {
  readonly id: string
  readonly instanceId: string
  readonly token: number
  readonly node: string
  readonly formKey: string | null
  readonly candidateRole: string | null
  /** The body that does it. */
  readonly organisationId: string
  readonly candidateGroups: readonly string[]
  readonly assignee: string | null
  readonly status: TaskStatus
  readonly version: number
  readonly output: Record<string, unknown> | null
  readonly createdAt: Date
  readonly dueAt: Date | null
  readonly claimedAt: Date | null
  readonly completedAt: Date | null
  readonly completedBy: string | null
  readonly onBehalfOf: string | null
}

/** `organisation:role`; any role of the organisation when the model names none. */
export const groupOf = (organisationId: string, role: string | undefined) =>
  `${organisationId}:${role ?? '*'}`

export const groupsOf = ({ organisationId, roles }: Actor) => [
  ...roles.map((role) => groupOf(organisationId, role)),
  groupOf(organisationId, undefined),
]

/** Offered to the post the actor acts in, or taken in it: a person's other posts see nothing of it. */
export function mayWork(actor: Actor, task: Task): boolean {
  return isOwn(actor, task) || groupsOf(actor).some((group) => task.candidateGroups.includes(group))
}

/** Taken by the actor, acting for the same body. */
export const isOwn = (actor: Actor, { assignee, organisationId }: Task) =>
  assignee === actor.id && organisationId === actor.organisationId

export const isOpen = ({ status }: Task) => status === 'open' || status === 'claimed'

export const mayClaim = (actor: Actor, task: Task) => task.status === 'open' && mayWork(actor, task)

export const mayComplete = (actor: Actor, task: Task) =>
  mayClaim(actor, task) || (task.status === 'claimed' && isOwn(actor, task))

/** @throws WORKFLOW_STEP_CLOSED, WORKFLOW_TASK_TAKEN */
export function checkWorkable(actor: Actor, task: Task): void {
  if (!isOpen(task)) throw errors.STEP_CLOSED()
  if (task.status === 'claimed' && !isOwn(actor, task)) throw errors.TASK_TAKEN()
}

/** What the runtime adds to a command's input; nobody may set them through a form. */
const RESERVED = ['caseId', 'taskId', 'completedBy']

/**
 * The answers of a form: its fields and no others, the required ones present, choices among the options.
 * Without a form anything goes but the reserved names.
 *
 * @throws WORKFLOW_OUTPUT_INVALID
 */
export function checkOutput(output: object, fields: readonly FormField[] | undefined): void {
  const values = new Map(Object.entries(output))
  const reserved = RESERVED.find((name) => values.has(name))
  if (reserved !== undefined) throw errors.OUTPUT_INVALID({ field: reserved, reason: 'reserved 保留字段' })
  if (!fields) return
  for (const name of values.keys()) {
    const field = fields.find((one) => one.name === name)
    if (!field) throw errors.OUTPUT_INVALID({ field: name, reason: 'no such field 表单没有此字段' })
    if (field.readOnly) throw errors.OUTPUT_INVALID({ field: name, reason: 'read only 只读' })
  }
  for (const field of fields) checkField(field, values.get(field.name))
}

function checkField({ name, required, readOnly, options, widget }: FormField, value: unknown): void {
  const isMissing = value === undefined || value === null || value === ''
  if (isMissing && required && !readOnly)
    throw errors.OUTPUT_INVALID({ field: name, reason: 'required 必填' })
  if (isMissing || options.length === 0) return
  const chosen: unknown[] = widget === 'multiselect' && Array.isArray(value) ? value : [value]
  if (!chosen.every((one) => options.some((option) => option.value === one)))
    throw errors.OUTPUT_INVALID({ field: name, reason: 'not an option 不在选项中' })
}

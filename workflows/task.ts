import type { Actor } from '../core/context.ts'
import type { DomainError } from '../core/errors.ts'
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
  /** Who delegated it and answers for it; while that is not the assignee, the assignee works and gives it back. */
  readonly owner: string | null
  /** 0 to 100, the most urgent first; 50 unless the head says otherwise. */
  readonly priority: number
  readonly status: TaskStatus
  readonly version: number
  readonly output: Record<string, unknown> | null
  readonly createdAt: Date
  readonly dueAt: Date | null
  /** The start of the day on which somebody means to look at it again. */
  readonly followUpAt: Date | null
  readonly claimedAt: Date | null
  readonly completedAt: Date | null
  readonly completedBy: string | null
  readonly onBehalfOf: string | null
}

/** `organisation:role`; any role of the organisation when the model names none. */
export const groupOf = (organisationId: string, role: string | undefined) =>
  `${organisationId}:${role ?? '*'}`

export const groupsOf = ({ organisationId, roles }: Pick<Actor, 'organisationId' | 'roles'>) => [
  ...roles.map((role) => groupOf(organisationId, role)),
  groupOf(organisationId, undefined),
]

/** Offered to the post the actor acts in, or taken in it: a person's other posts see nothing of it. */
export function mayWork(actor: Actor, task: Task): boolean {
  return isOwn(actor, task) || isOwner(actor, task) || isOffered(actor, task)
}

export const isOffered = (actor: Pick<Actor, 'organisationId' | 'roles'>, task: Task) =>
  groupsOf(actor).some((group) => task.candidateGroups.includes(group))

/** Taken by the actor, acting for the same body. */
export const isOwn = (actor: Actor, { assignee, organisationId }: Task) =>
  assignee === actor.id && organisationId === actor.organisationId

const isOwner = (actor: Actor, { owner, organisationId }: Task) =>
  owner === actor.id && organisationId === actor.organisationId

/** Somebody else works on it for its owner (WS-HumanTask 1.1: delegate, resolve). */
export const isDelegated = ({ owner, assignee }: Task) => owner !== null && owner !== assignee

export const isOpen = ({ status }: Task) => status === 'open' || status === 'claimed'

/** Who acts on tasks: a person in a post, whom it stands in for today, and whether it heads the body. */
export interface Post {
  readonly actor: Actor
  /** Members of the same body who are away and named the actor. */
  readonly standsInFor: readonly string[]
  /** Heads the body it acts for: may give its work to whoever it is offered to. */
  readonly isHead: boolean
}

export const heads = ({ actor, isHead }: Post, { organisationId }: Task) =>
  isHead && organisationId === actor.organisationId

/** May know of it: whoever may work on it, and the head of the body. */
export const sees = (post: Post, task: Task) => mayWork(post.actor, task) || heads(post, task)

/**
 * The absent member in whose place the actor works on a task she has taken: only where it is offered to a
 * role of the actor's own, for standing in hands on no right.
 */
export function absentAssignee({ actor, standsInFor }: Post, task: Task): string | undefined {
  const { status, assignee, organisationId } = task
  if (status !== 'claimed' || assignee === null || organisationId !== actor.organisationId) return undefined
  return standsInFor.includes(assignee) && isOffered(actor, task) ? assignee : undefined
}

/** What a person does with a task. The head, too, hands over, releases and plans; only she sets its priority. */
export type Act =
  'claim' | 'complete' | 'release' | 'delegate' | 'resolve' | 'recall' | 'hand-over' | 'plan' | 'prioritise'

export const may = (act: Act, post: Post, task: Task) => refusalOf(act, post, task) === undefined

/**
 * Why a person may not do this to a task she can see; undefined when she may.
 *
 * WORKFLOW_STEP_CLOSED, WORKFLOW_TASK_TAKEN, WORKFLOW_TASK_NOT_CLAIMED, WORKFLOW_TASK_DELEGATED,
 * WORKFLOW_TASK_NOT_DELEGATED, WORKFLOW_TASK_HEAD_ONLY
 */
export function refusalOf(act: Act, post: Post, task: Task): DomainError | undefined {
  const isHead = heads(post, task)
  if (!isOpen(task)) return errors.STEP_CLOSED()
  if (act === 'prioritise') return isHead ? undefined : errors.TASK_HEAD_ONLY()
  if (isHead && (act === 'hand-over' || act === 'release' || act === 'plan')) return undefined
  if (task.status === 'open') return ofOpen(act, post, task)
  return ofClaimed(act, post, task)
}

function ofOpen(act: Act, { actor }: Post, task: Task): DomainError | undefined {
  if (act !== 'claim' && act !== 'complete' && act !== 'release') return errors.TASK_NOT_CLAIMED()
  return isOffered(actor, task) ? undefined : errors.TASK_TAKEN()
}

function ofClaimed(act: Act, post: Post, task: Task): DomainError | undefined {
  const isTaken = isOwn(post.actor, task)
  const isWorker = isTaken || absentAssignee(post, task) !== undefined
  const owns = isOwner(post.actor, task)
  const notDelegated = isDelegated(task) ? undefined : errors.TASK_NOT_DELEGATED()
  switch (act) {
    case 'claim':
      return isTaken ? undefined : errors.TASK_TAKEN()
    case 'plan':
      return isWorker || owns ? undefined : errors.TASK_TAKEN()
    case 'recall':
      return owns ? notDelegated : errors.TASK_TAKEN()
    case 'resolve':
      return isWorker ? notDelegated : errors.TASK_TAKEN()
  }
  if (isDelegated(task)) return isWorker || owns ? errors.TASK_DELEGATED() : errors.TASK_TAKEN()
  // Whoever stands in finishes the work or gives it back; to pass it on is for the member or the head.
  const passesOn = act === 'delegate' || act === 'hand-over'
  return (passesOn ? isTaken : isWorker) ? undefined : errors.TASK_TAKEN()
}

export const MAX_PRIORITY = 100

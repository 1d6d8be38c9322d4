import { createHmac } from 'node:crypto'
import type { Texts } from '../../core/errors.ts'
import type { Node, ProcessDefinition } from '../definition.ts'
import { isCompared } from './history.ts'
import { isActivity, type Visit } from './projection.ts'

/** A case and its visits as the tables hold them; `people` are still by their own ids. */
export interface LoggedCase {
  readonly instanceId: string
  readonly version: number
  readonly organisationId: string
  readonly status: 'running' | 'completed' | 'terminated'
  readonly startedAt: Date
  readonly endedAt: Date | null
  /** In the order entered. */
  readonly visits: readonly (Visit & {
    /** The version it was made on. */
    readonly definitionId: string
    readonly claimedAt: Date | null
    readonly completedBy: string | null
    readonly taskOrganisationId: string | null
    readonly candidateRole: string | null
  })[]
}

/** Of the standard transactional life cycle (IEEE 1849-2016, lifecycle extension). */
export type Transition = 'schedule' | 'start' | 'complete' | 'withdraw' | 'ate_abort'

/** A moment in the life of an activity or event of one case. */
export interface LoggedEvent {
  readonly seq: number
  readonly node: string
  readonly name: Texts
  readonly transition: Transition
  readonly at: Date
  readonly enteredAt: Date
  /** Pseudonym of who did it. */
  readonly officer: string | null
  readonly organisationId: string
  readonly role: string | null
}

/**
 * A pseudonym for each person: HMAC-SHA-256 under `key`, the first 16 hex digits. With a random key made for one
 * file and kept nowhere, the same person is the same within the file and nobody can find out who.
 */
export const pseudonymBy = (key: Buffer) => (id: string) =>
  createHmac('sha256', key).update(id).digest('hex').slice(0, 16)

/** What nodes are told of: activities and events, no gateways. */
export const isLogged = (node: Node) => isCompared(node) || node.kind === 'startEvent'

export const nameIn = ({ id, name }: Node): Texts => ({ zh: name.zh || id, en: name.en || name.zh || id })

/** The moments of a case, in the order of time; those of one moment in the order of its path. */
export function eventsOf(
  models: ReadonlyMap<string, ProcessDefinition>,
  { visits, organisationId }: LoggedCase,
  pseudonym: (id: string) => string,
): LoggedEvent[] {
  const events = visits.flatMap((visit): LoggedEvent[] => {
    const node = models.get(visit.definitionId)?.nodes[visit.node]
    if (!node || !isLogged(node)) return []
    const event = {
      seq: visit.seq,
      node: visit.node,
      name: nameIn(node),
      enteredAt: visit.enteredAt,
      officer: visit.completedBy === null ? null : pseudonym(visit.completedBy),
      organisationId: visit.taskOrganisationId ?? organisationId,
      role: visit.candidateRole,
    }
    const { claimedAt, leftAt, outcome } = visit
    const moments: LoggedEvent[] = []
    if (isActivity(node.kind))
      moments.push({ ...event, transition: 'schedule', at: visit.enteredAt, officer: null })
    if (claimedAt) moments.push({ ...event, transition: 'start', at: claimedAt })
    if (leftAt && outcome === 'left') moments.push({ ...event, transition: 'complete', at: leftAt })
    if (leftAt && outcome === 'cancelled')
      moments.push({ ...event, transition: claimedAt ? 'ate_abort' : 'withdraw', at: leftAt })
    return moments
  })
  return events.sort((a, b) => a.at.getTime() - b.at.getTime() || a.seq - b.seq)
}

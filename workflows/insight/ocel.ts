import type { ProcessDefinition } from '../definition.ts'
import { isLogged, type LoggedCase, type LoggedEvent, nameIn } from './log.ts'

/** Of an object-centric event log, OCEL 2.0 in JSON. */
interface OcelEvent {
  readonly id: string
  readonly type: string
  readonly time: string
  readonly attributes: readonly { readonly name: string; readonly value: string }[]
  readonly relationships: readonly Relationship[]
}

interface OcelObject {
  readonly id: string
  readonly type: 'case' | 'officer' | 'organisation'
  readonly attributes: readonly {
    readonly name: string
    readonly time: string
    readonly value: string | number
  }[]
  readonly relationships: readonly Relationship[]
}

interface Relationship {
  readonly objectId: string
  readonly qualifier: string
}

const OBJECT_TYPES = [
  {
    name: 'case',
    attributes: [
      { name: 'version', type: 'integer' },
      { name: 'status', type: 'string' },
    ],
  },
  { name: 'officer', attributes: [] },
  { name: 'organisation', attributes: [] },
]

const EVENT_ATTRIBUTES = [
  { name: 'node', type: 'string' },
  { name: 'entered', type: 'time' },
  { name: 'transition', type: 'string' },
  { name: 'role', type: 'string' },
]

/** The types of a log over these versions of a process: an event type for each activity and event by its name. */
export function ocelTypes(definitions: readonly ProcessDefinition[]) {
  const names = definitions.flatMap(({ nodes }) =>
    Object.values(nodes).flatMap((node) => (isLogged(node) ? [nameIn(node).zh] : [])),
  )
  return {
    objectTypes: OBJECT_TYPES,
    eventTypes: [...new Set(names)].sort().map((name) => ({ name, attributes: EVENT_ATTRIBUTES })),
  }
}

/** What ended, at its end: who did it, for which case, in which body. What still waits has no event yet. */
export function ocelEvents({ instanceId }: LoggedCase, events: readonly LoggedEvent[]): OcelEvent[] {
  return events
    .filter(({ transition }) => transition !== 'schedule' && transition !== 'start')
    .map(({ seq, node, name, transition, at, enteredAt, officer, organisationId, role }) => ({
      id: `${instanceId}:${seq}`,
      type: name.zh,
      time: at.toISOString(),
      attributes: [
        { name: 'node', value: node },
        { name: 'entered', value: enteredAt.toISOString() },
        { name: 'transition', value: transition },
        ...(role === null ? [] : [{ name: 'role', value: role }]),
      ],
      relationships: [
        { objectId: `case:${instanceId}`, qualifier: 'case' },
        { objectId: `organisation:${organisationId}`, qualifier: 'done by the body' },
        ...(officer === null ? [] : [{ objectId: `officer:${officer}`, qualifier: 'done by' }]),
      ],
    }))
}

export function ocelCase(logged: LoggedCase): OcelObject {
  const { instanceId, version, organisationId, status, startedAt, endedAt } = logged
  const began = startedAt.toISOString()
  return {
    id: `case:${instanceId}`,
    type: 'case',
    attributes: [
      { name: 'version', time: began, value: version },
      { name: 'status', time: began, value: 'running' },
      ...(endedAt ? [{ name: 'status', time: endedAt.toISOString(), value: status }] : []),
    ],
    relationships: [{ objectId: `organisation:${organisationId}`, qualifier: 'answered for by' }],
  }
}

export const ocelObject = (type: 'officer' | 'organisation', id: string): OcelObject => ({
  id: `${type}:${id}`,
  type,
  attributes: [],
  relationships: [],
})

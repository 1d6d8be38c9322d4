import type { Node } from '../definition.ts'
import { ACTIVITIES } from './activities.ts'
import { nameOf } from './draft.ts'
import { UNSUPPORTED } from './elements.ts'
import { EVENTS } from './events.ts'
import type { Findings } from './finding.ts'
import { GATEWAYS } from './gateways.ts'
import type { Items } from './items.ts'
import type { DrawnLevel } from './levels.ts'
import { elementIn, idOf, type ModelElement } from './model.ts'
import { unsupported } from './unsupported.ts'

/** What a reader of an element is given beside it. */
export interface Reading {
  readonly level: DrawnLevel
  readonly findings: Findings
  readonly items: Items
  readonly process: ModelElement
  readonly definitions: ModelElement
}

export interface Base {
  readonly id: string
  readonly name: Node['name']
  readonly within?: string
  readonly incoming: readonly string[]
  readonly outgoing: readonly string[]
  readonly boundaries: readonly string[]
}

/** The node an element becomes; undefined, with findings, when the runtime cannot execute it. */
export type Read = (element: ModelElement, base: Base, reading: Reading) => Node | undefined

const READERS: Readonly<Record<string, Read>> = { ...ACTIVITIES, ...EVENTS, ...GATEWAYS }

export const isFlowNode = ({ $type }: ModelElement) => $type in READERS || $type in UNSUPPORTED

export function nodeFrom(element: ModelElement, reading: Reading): Node | undefined {
  const read = READERS[element.$type]
  if (read) return read(element, baseOf(element, reading.level), reading)
  unsupported(reading.findings, idOf(element), element.$type)
  return undefined
}

function baseOf(element: ModelElement, { within, elements, flows }: DrawnLevel): Base {
  const id = idOf(element)
  const attached = elements.filter((other) => {
    const host = elementIn(other, 'attachedToRef')
    return host !== undefined && idOf(host) === id
  })
  return {
    id,
    name: nameOf(element),
    ...(within !== undefined && { within }),
    incoming: flows.filter(({ target }) => target === id).map((flow) => flow.id),
    outgoing: flows.filter(({ source }) => source === id).map((flow) => flow.id),
    boundaries: attached.map(idOf),
  }
}

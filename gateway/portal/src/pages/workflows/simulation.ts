import type { Badge, Mark, Marks } from '../../components/bpmn/diagram.ts'
import { GDBOS } from '../../components/bpmn/language.ts'
import type { DraftSimulationQuery } from '../../generated/graphql.ts'

export type SimulationStep = DraftSimulationQuery['processDraftSimulation'][number]
export type SimulationChoice = SimulationStep['choices'][number]

/** The command of a choice, with the values given to it; `code` is what a task fails with or a call escalates. */
export function commandOf(
  { kind, token, node, message }: SimulationChoice,
  values: Readonly<Record<string, unknown>>,
  code = '',
  target = '',
): object {
  switch (kind) {
    case 'start':
      return { kind, payload: values, ...(message ? { message } : {}) }
    case 'complete':
      return { kind, token, output: values }
    case 'fail':
      return { kind, token, code }
    case 'message':
    case 'signal':
      return { kind, token, node, payload: values }
    case 'timer':
      return { kind, token, node }
    case 'escalation':
      return { kind, token, code, payload: values }
    case 'begin':
    case 'move':
      return { kind, token, node: target }
    case 'skip':
      return { kind, token, output: values }
    case 'set-variables':
      return { kind, token, values }
    case 'retry':
    case 'cancel':
      return { kind, token }
    default:
      return { kind }
  }
}

/** Tokens where they stand now, and the nodes they have been at. */
export function drawnState(trace: readonly SimulationStep[], label: (id: number) => string) {
  const marks: Record<string, Mark[]> = {}
  for (const { effects } of trace)
    for (const { kind, node } of effects as readonly { kind: string; node?: string }[])
      if (kind === 'entered' && node !== undefined) marks[node] = ['visited']
  const badges: Badge[] = []
  for (const { id, node, trouble } of trace.at(-1)?.tokens ?? []) {
    marks[node] = [trouble ? 'trouble' : 'waiting']
    badges.push({ element: node, text: `● ${id}`, look: trouble ? 'trouble' : 'token', title: label(id) })
  }
  return { marks: marks as Marks, badges }
}

/** The key of the form that a user task shows. */
export function formOf(xml: string, node: string): string | undefined {
  const element = new DOMParser()
    .parseFromString(xml, 'application/xml')
    .querySelector(`[id="${CSS.escape(node)}"]`)
  return element?.getAttributeNS(GDBOS, 'formKey') ?? undefined
}

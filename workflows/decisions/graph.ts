import { type DecisionModel, elementsOf, type Reference } from './model.ts'
import { errors } from './refusals.ts'

const ownOf = ({ namespace }: DecisionModel, references: readonly Reference[]) =>
  references.filter((one) => one.namespace === undefined || one.namespace === namespace).map(({ id }) => id)

/** What each element needs to be evaluated, by id. */
function needs(model: DecisionModel): Map<string, readonly string[]> {
  return new Map<string, readonly string[]>([
    ...[...model.decisions, ...model.knowledge].map(
      ({ id, requires }) => [id, ownOf(model, requires)] as const,
    ),
    ...model.services.map(({ id, outputs }) => [id, ownOf(model, outputs)] as const),
  ])
}

/**
 * A decision that needs itself has no value: requirements go in no circle (DMN 1.5, 6.2.2).
 *
 * @throws DECISION_GRAPH_CIRCULAR with the names on the way
 */
export function refuseCircles(model: DecisionModel): void {
  const next = needs(model)
  const names = new Map(elementsOf(model).map(({ id, name }) => [id, name]))
  const settled = new Set<string>()
  for (const start of next.keys()) {
    const path: { readonly id: string; readonly left: string[] }[] = []
    const enter = (id: string) => path.push({ id, left: [...(next.get(id) ?? [])] })
    if (!settled.has(start)) enter(start)
    for (let at = path.at(-1); at; at = path.at(-1)) {
      const to = at.left.pop()
      if (to === undefined) {
        settled.add(at.id)
        path.pop()
        continue
      }
      const since = path.findIndex(({ id }) => id === to)
      if (since >= 0) {
        const circle = [...path.slice(since).map(({ id }) => id), to].map((id) => names.get(id) ?? id)
        throw errors.GRAPH_CIRCULAR({ circle: circle.join(' → ') })
      }
      if (!settled.has(to)) enter(to)
    }
  }
}

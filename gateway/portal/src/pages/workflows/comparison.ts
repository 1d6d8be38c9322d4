import type { Badge, Mark, Marks } from '../../components/bpmn/diagram.ts'
import { graphql } from '../../generated/gql.ts'
import type { ComparisonFragment } from '../../generated/graphql.ts'

export const COMPARISON_PARTS = graphql(`
  fragment Comparison on ProcessComparison {
    elements {
      id
      type
      change
      attributes {
        name
        before
        after
      }
    }
    files {
      path
      change
    }
  }
`)

export const COMPARISON = graphql(`
  query ProcessComparison($before: UUID!, $after: UUID!) {
    before: processDefinition(id: $before) {
      id
      key
      version
      xml
      name {
        zh
        en
      }
    }
    after: processDefinition(id: $after) {
      id
      version
      xml
    }
    processComparison(before: $before, after: $after) {
      ...Comparison
    }
  }
`)

export type Comparison = ComparisonFragment
export type Change = Comparison['elements'][number]['change']

const SIGN: Readonly<Record<Change, string>> = { ADDED: '+', REMOVED: '−', CHANGED: '≠' }

/** The changes as marks on one of the two diagrams; the other does not hold what was added or removed. */
export function drawnChanges({ elements }: Comparison, words: Readonly<Record<Change, string>>) {
  const marks: Record<string, Mark[]> = {}
  const badges: Badge[] = []
  for (const { id, type, change, attributes } of elements) {
    if (type === 'process') continue
    marks[id] = [change.toLowerCase() as Mark]
    const names = attributes.map(({ name }) => name).join(', ')
    badges.push({
      element: id,
      text: SIGN[change],
      look: 'change',
      title: names ? `${words[change]}: ${names}` : words[change],
    })
  }
  return { marks: marks as Marks, badges }
}

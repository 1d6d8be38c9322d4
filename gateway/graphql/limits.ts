import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type SelectionSetNode,
  type ValidationRule,
  visit,
} from 'graphql'
import { getComplexity } from 'graphql-query-complexity'
import { errors } from './refusals.ts'

/** K15: refused before any resolver runs. */
export const LIMITS = {
  tokens: 2000,
  depth: 12,
  aliases: 30,
  rootFields: 10,
  sameField: 20,
  directives: 20,
  cost: 5000,
  recursiveSelections: 1000,
} as const

/** The deepest page a client may ask for; a larger `first` is refused by the list itself. */
const MAX_FIRST = 100

type Measure = 'depth' | 'aliases' | 'rootFields' | 'sameField' | 'directives' | 'cost' | 'fragments'

function tooComplex(measure: Measure, limit: number): GraphQLError {
  const refusal = errors.QUERY_TOO_COMPLEX({ measure, limit })
  return new GraphQLError(refusal.message, { originalError: refusal })
}

/** Depth, width and shape of a document; fragments count where they are spread, cycles are refused. */
export const shapeRule: ValidationRule = (context) => ({
  Document: {
    enter(document) {
      const refusal = shapeRefusal(document)
      if (refusal) context.reportError(refusal)
    },
  },
})

function shapeRefusal(document: DocumentNode): GraphQLError | undefined {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION)
  if (operations.length > 1) {
    const refusal = errors.OPERATION_REFUSED()
    return new GraphQLError(refusal.message, { originalError: refusal })
  }
  const written = countWritten(document)
  if (written.aliases > LIMITS.aliases) return tooComplex('aliases', LIMITS.aliases)
  if (written.directives > LIMITS.directives) return tooComplex('directives', LIMITS.directives)
  if (written.sameField > LIMITS.sameField) return tooComplex('sameField', LIMITS.sameField)

  const fragments = new Map(
    document.definitions
      .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  )
  const measure = measurer(fragments)
  // Fragments nobody spreads are measured too: what is in the document is refused before it is looked at.
  for (const { selectionSet } of [...operations, ...fragments.values()]) {
    const size = measure(selectionSet)
    if (size === 'cycle') return tooComplex('fragments', 0)
    if (size.depth > LIMITS.depth) return tooComplex('depth', LIMITS.depth)
  }
  const root = operations[0] && measure(operations[0].selectionSet)
  if (root && root !== 'cycle' && root.fields > LIMITS.rootFields)
    return tooComplex('rootFields', LIMITS.rootFields)
  return undefined
}

function countWritten(document: DocumentNode) {
  const count = { aliases: 0, directives: 0, sameField: 0 }
  visit(document, {
    Field: (node) => {
      if (node.alias) count.aliases++
    },
    Directive: () => {
      count.directives++
    },
    SelectionSet: (node) => {
      const names = new Map<string, number>()
      for (const selection of node.selections) {
        if (selection.kind !== Kind.FIELD) continue
        const times = (names.get(selection.name.value) ?? 0) + 1
        names.set(selection.name.value, times)
        count.sameField = Math.max(count.sameField, times)
      }
    },
  })
  return count
}

interface Size {
  /** Levels of fields. */
  readonly depth: number
  /** Fields of the first level, fragments opened. */
  readonly fields: number
}

function measurer(fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
  const known = new Map<string, Size | 'cycle' | 'open'>()

  function measure({ selections }: SelectionSetNode): Size | 'cycle' {
    let depth = 0
    let fields = 0
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const below = selection.selectionSet ? measure(selection.selectionSet) : { depth: 0, fields: 0 }
        if (below === 'cycle') return 'cycle'
        depth = Math.max(depth, 1 + below.depth)
        fields += 1
      } else {
        const inside =
          selection.kind === Kind.INLINE_FRAGMENT
            ? measure(selection.selectionSet)
            : measureFragment(selection.name.value)
        if (inside === 'cycle') return 'cycle'
        depth = Math.max(depth, inside.depth)
        fields += inside.fields
      }
    }
    return { depth, fields }
  }

  function measureFragment(name: string): Size | 'cycle' {
    const before = known.get(name)
    if (before === 'open') return 'cycle'
    if (before !== undefined) return before
    const fragment = fragments.get(name)
    if (!fragment) return { depth: 0, fields: 0 }
    known.set(name, 'open')
    const size = measure(fragment.selectionSet)
    known.set(name, size)
    return size
  }

  return measure
}

/** Each field costs 1; what hangs below a list costs as often as the list may have rows. */
export function refuseDear(
  schema: GraphQLSchema,
  query: DocumentNode,
  variables: Record<string, unknown> | undefined,
): void {
  let cost: number
  try {
    cost = getComplexity({
      schema,
      query,
      variables: variables ?? {},
      estimators: [
        ({ args, childComplexity }) => {
          const first: unknown = args['first']
          const rows = typeof first === 'number' ? Math.min(MAX_FIRST, Math.max(1, first)) : 1
          return 1 + rows * childComplexity
        },
      ],
    })
  } catch {
    // Variables that do not fit their types: execution names the variable, before any resolver runs.
    return
  }
  if (cost > LIMITS.cost) throw tooComplex('cost', LIMITS.cost)
}

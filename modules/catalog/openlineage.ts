import type { FindingCount } from '../../core/plane/plane.ts'
import type { CompiledColumn } from '../../core/text/column.ts'
import type { LineageEdge, LineageNode } from './lineage.ts'

/** A run as OpenLineage tells it (openlineage.io, spec 2-0-2), one for each published version and each merge. */
export interface RunEvent {
  readonly eventType: 'COMPLETE'
  readonly eventTime: string
  readonly producer: string
  readonly schemaURL: string
  readonly run: { readonly runId: string }
  readonly job: { readonly namespace: string; readonly name: string }
  readonly inputs: readonly EventDataset[]
  readonly outputs: readonly EventDataset[]
}

export interface EventDataset {
  readonly namespace: string
  readonly name: string
  readonly facets: Readonly<Record<string, Facet>>
  /** Only of inputs. */
  readonly inputFacets?: Readonly<Record<string, Facet>>
}

export interface Facet {
  readonly _producer: string
  readonly _schemaURL: string
  readonly [member: string]: unknown
}

export interface Assertion {
  readonly assertion: string
  readonly success: boolean
  readonly column?: string
}

const SPEC = 'https://openlineage.io/spec'
const RUN_EVENT = `${SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent`

/** Builds events of one deployment, which is their producer and the namespace of its datasets. */
export function openLineage(producer: string) {
  const facet = (version: string, name: string, content: object): Facet => ({
    _producer: producer,
    _schemaURL: `${SPEC}/facets/${version}/${name}.json#/$defs/${name}`,
    ...content,
  })

  return {
    event(input: {
      readonly at: Date
      readonly runId: string
      readonly job: string
      readonly inputs: readonly EventDataset[]
      readonly outputs: readonly EventDataset[]
    }): RunEvent {
      const { at, runId, job, inputs, outputs } = input
      return {
        eventType: 'COMPLETE',
        eventTime: at.toISOString(),
        producer,
        schemaURL: RUN_EVENT,
        run: { runId },
        job: { namespace: producer, name: job },
        inputs,
        outputs,
      }
    },

    dataset(
      { kind, id }: Pick<LineageNode, 'kind' | 'id'>,
      facets: Readonly<Record<string, Facet>>,
      inputFacets?: Readonly<Record<string, Facet>>,
    ): EventDataset {
      return { namespace: producer, name: nameOf({ kind, id }), facets, ...(inputFacets && { inputFacets }) }
    },

    schema(
      fields: readonly { readonly name: string; readonly type?: string; readonly description?: string }[],
    ) {
      return facet('1-1-1', 'SchemaDatasetFacet', { fields })
    },

    version(datasetVersion: string) {
      return facet('1-0-1', 'DatasetVersionDatasetFacet', { datasetVersion })
    },

    columnLineage(edges: readonly LineageEdge[]) {
      const fields: Record<string, { inputFields: object[] }> = Object.create(null) as Record<string, never>
      for (const { from, to, steps } of edges)
        (fields[to.column] ??= { inputFields: [] }).inputFields.push({
          namespace: producer,
          name: nameOf(from),
          field: from.column,
          transformations: [
            {
              type: 'DIRECT',
              subtype: steps.length === 0 ? 'IDENTITY' : 'TRANSFORMATION',
              description: steps.join(' '),
              masking: false,
            },
          ],
        })
      return facet('1-2-0', 'ColumnLineageDatasetFacet', { fields: { ...fields } })
    },

    assertions(assertions: readonly Assertion[]) {
      return facet('1-0-1', 'DataQualityAssertionsDatasetFacet', { assertions })
    },
  }
}

const nameOf = ({ kind, id }: Pick<LineageNode, 'kind' | 'id'>) => `${kind}/${id}`

/** Rules of a column by the reason it fails with (section 5.6). */
function rulesOf(column: CompiledColumn): string[] {
  const { required, check, codes, pattern, dataType, minimum, maximum, minLength, maxLength } = column
  return [
    ...(required ? ['missing'] : []),
    ...(check === undefined ? [] : ['check-digit']),
    ...(dataType === 'date' ? ['unreadable'] : []),
    ...(minimum === undefined && maximum === undefined ? [] : ['range']),
    ...(minLength === undefined && maxLength === undefined ? [] : ['length']),
    ...(pattern === undefined ? [] : ['pattern']),
    ...(codes === undefined ? [] : ['code']),
  ]
}

/**
 * What judging the rows of a file asserted, a rule of a column each, and what it found beyond; the columns are
 * named as the file names them.
 */
export function assertionsOf(
  columns: readonly CompiledColumn[],
  findings: readonly FindingCount[],
  edges: readonly LineageEdge[],
): Assertion[] {
  const fileColumns = new Map(edges.map(({ from, to }) => [to.column, from.column]))
  const failed = new Set(findings.map(({ column, reason }) => `${column ?? ''} ${reason}`))
  const asserted = columns.flatMap((column) =>
    rulesOf(column).map((reason) => ({ column: column.name, reason })),
  )
  const known = new Set(asserted.map(({ column, reason }) => `${column} ${reason}`))
  const beyond = findings.filter(({ column, reason }) => !known.has(`${column ?? ''} ${reason}`))
  return [...asserted, ...beyond].map(({ column, reason }) => {
    const named = column === null ? undefined : fileColumns.get(column)
    return {
      assertion: reason,
      success: !failed.has(`${column ?? ''} ${reason}`),
      ...(named !== undefined && { column: named }),
    }
  })
}

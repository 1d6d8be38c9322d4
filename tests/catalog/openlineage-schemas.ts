/**
 * What the OpenLineage specification (2-0-2, facets of the versions named) requires of an event, written here
 * from its definitions: which members are there, of which type and format. Members it does not name are
 * refused here, though it allows them, so that a wrong name does not pass for an extension.
 */
const SPEC = 'https://openlineage.io/spec'

const uri = { type: 'string', format: 'uri' }
const text = { type: 'string' }
const strict = (properties: object, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})
const facet = (version: string, name: string, properties: object, required: readonly string[]) => ({
  ...strict({ _producer: uri, _schemaURL: { const: urlOf(version, name) }, ...properties }, [
    '_producer',
    '_schemaURL',
    ...required,
  ]),
})
const urlOf = (version: string, name: string) => `${SPEC}/facets/${version}/${name}.json#/$defs/${name}`

const schema = facet(
  '1-1-1',
  'SchemaDatasetFacet',
  { fields: { type: 'array', items: strict({ name: text, type: text, description: text }, ['name']) } },
  [],
)
const version = facet('1-0-1', 'DatasetVersionDatasetFacet', { datasetVersion: text }, ['datasetVersion'])
const transformation = strict(
  {
    type: { enum: ['DIRECT', 'INDIRECT'] },
    subtype: { enum: ['IDENTITY', 'TRANSFORMATION', 'AGGREGATION', 'JOIN', 'GROUP_BY', 'FILTER', 'SORT'] },
    description: text,
    masking: { type: 'boolean' },
  },
  ['type'],
)
const inputField = strict(
  {
    namespace: text,
    name: text,
    field: text,
    transformations: { type: 'array', items: transformation },
  },
  ['namespace', 'name', 'field'],
)
const columnLineage = facet(
  '1-2-0',
  'ColumnLineageDatasetFacet',
  {
    fields: {
      type: 'object',
      additionalProperties: strict({ inputFields: { type: 'array', items: inputField } }, ['inputFields']),
    },
  },
  ['fields'],
)
const dataQualityAssertions = facet(
  '1-0-1',
  'DataQualityAssertionsDatasetFacet',
  {
    assertions: {
      type: 'array',
      items: strict({ assertion: text, success: { type: 'boolean' }, column: text }, [
        'assertion',
        'success',
      ]),
    },
  },
  ['assertions'],
)

const facets = strict({ schema, version, columnLineage }, [])
const dataset = (own: object) =>
  strict({ namespace: text, name: text, facets, ...own }, ['namespace', 'name'])

export const RUN_EVENT = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...strict(
    {
      eventType: { enum: ['START', 'RUNNING', 'COMPLETE', 'ABORT', 'FAIL', 'OTHER'] },
      eventTime: { type: 'string', format: 'date-time' },
      producer: uri,
      schemaURL: { const: `${SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent` },
      run: strict({ runId: { type: 'string', format: 'uuid' }, facets: { type: 'object' } }, ['runId']),
      job: strict({ namespace: text, name: text, facets: { type: 'object' } }, ['namespace', 'name']),
      inputs: { type: 'array', items: dataset({ inputFacets: strict({ dataQualityAssertions }, []) }) },
      outputs: { type: 'array', items: dataset({ outputFacets: { type: 'object' } }) },
    },
    ['eventTime', 'producer', 'schemaURL', 'run', 'job'],
  ),
}

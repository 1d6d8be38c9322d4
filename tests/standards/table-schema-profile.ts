// The rules of the Table Schema profile (Data Package 1.0, https://specs.frictionlessdata.io/table-schema/), written
// down for the members that we use: what a field may say depends on its type.

const SHARED = ['required', 'unique']
const TYPES: Readonly<Record<string, { readonly formats: readonly string[]; readonly constraints: object }>> =
  {
    string: {
      formats: ['default', 'email', 'uri', 'binary', 'uuid'],
      constraints: {
        pattern: { type: 'string' },
        enum: { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string' } },
        minLength: { type: 'integer' },
        maxLength: { type: 'integer' },
      },
    },
    number: {
      formats: ['default'],
      constraints: { minimum: { type: 'number' }, maximum: { type: 'number' } },
    },
    integer: {
      formats: ['default'],
      constraints: { minimum: { type: 'integer' }, maximum: { type: 'integer' } },
    },
    date: { formats: ['default', 'any'], constraints: {} },
    datetime: { formats: ['default', 'any'], constraints: {} },
    boolean: { formats: ['default'], constraints: {} },
  }

const fieldOf = (type: string, formats: readonly string[], constraints: object) => ({
  type: 'object',
  required: ['name', 'type'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', minLength: 1 },
    title: { type: 'string' },
    description: { type: 'string' },
    type: { const: type },
    format: { enum: formats },
    constraints: {
      type: 'object',
      minProperties: 1,
      additionalProperties: false,
      properties: {
        ...Object.fromEntries(SHARED.map((name) => [name, { type: 'boolean' }])),
        ...constraints,
      },
    },
  },
})

export const TABLE_SCHEMA_PROFILE = {
  type: 'object',
  required: ['fields'],
  additionalProperties: false,
  properties: {
    title: { type: 'string' },
    description: { type: 'string' },
    fields: {
      type: 'array',
      minItems: 1,
      items: {
        oneOf: Object.entries(TYPES).map(([type, { formats, constraints }]) =>
          fieldOf(type, formats, constraints),
        ),
      },
    },
    primaryKey: { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string' } },
    missingValues: { type: 'array', items: { type: 'string' } },
  },
} as const

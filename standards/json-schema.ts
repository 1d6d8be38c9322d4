import type { CompiledColumn } from '../core/text/column.ts'
import { type CodeValue, MAX_LISTED } from './codelist.ts'
import { constraintsOf } from './exports/constraints.ts'
import { present } from './present.ts'
import type { SchemaContent } from './schema.ts'

/** Every keyword that an exported schema may have; no consumer needs to know more of draft 2020-12. */
export const JSON_SCHEMA_KEYWORDS = [
  ...(['$schema', '$id', '$ref', 'title', 'description', 'type', 'enum', 'anyOf', 'not'] as const),
  ...(['properties', 'required', 'additionalProperties'] as const),
  ...(['minLength', 'maxLength', 'pattern', 'format', 'minimum', 'maximum'] as const),
] as const

export type JsonSchema = Readonly<Record<string, unknown>>

const DIALECT = 'https://json-schema.org/draft/2020-12/schema'

/** The record as JSON Schema 2020-12 describes it once stored: days as text, money in minor units. */
export function jsonSchemaOf(
  { code, version, name }: Pick<SchemaContent, 'name'> & { readonly code: string; readonly version: string },
  columns: readonly CompiledColumn[],
): JsonSchema {
  return {
    $schema: DIALECT,
    $id: `urn:gdbos:record-schema:${code}:${version}`,
    title: name.zh,
    description: name.en,
    type: 'object',
    properties: Object.fromEntries(columns.map((column) => [column.name, propertyOf(column)])),
    required: columns.filter((column) => constraintsOf(column).required).map((column) => column.name),
    additionalProperties: false,
  }
}

function propertyOf(column: CompiledColumn): JsonSchema {
  const { label, elementCode, elementVersion } = column
  const value = valueOf(column)
  return {
    title: label.zh,
    description: `${label.en} (${elementCode} ${elementVersion})`,
    ...(constraintsOf(column).required ? value : { anyOf: [value, { type: 'null' }] }),
  }
}

function valueOf(column: CompiledColumn): JsonSchema {
  const { minLength, maxLength, minimum, maximum, pattern, codes, placeholders } = constraintsOf(column)
  if (codes !== undefined && codes.length > MAX_LISTED) return { $ref: codeListUrn(column.codeListId ?? '') }
  if (codes !== undefined) return { type: 'string', enum: [...codes] }
  switch (column.dataType) {
    case 'integer':
    case 'money':
      return { type: 'integer', ...present({ minimum, maximum }) }
    case 'number':
      return { type: 'number', ...present({ minimum, maximum }) }
    case 'boolean':
      return { type: 'boolean' }
    case 'date':
      return { type: 'string', format: 'date', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' }
    default: {
      const not = placeholders === undefined ? undefined : { enum: [...placeholders] }
      return { type: 'string', ...present({ minLength, maxLength, pattern, not }) }
    }
  }
}

const codeListUrn = (id: string) => `urn:gdbos:code-list:${encodeURIComponent(id)}`

/** What a long code list is referred to as. */
export function codeListSchema(id: string, values: readonly Pick<CodeValue, 'code'>[]): JsonSchema {
  return { $schema: DIALECT, $id: codeListUrn(id), type: 'string', enum: values.map(({ code }) => code) }
}

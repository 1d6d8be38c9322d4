import type { CheckAlgorithm, CompiledColumn } from '../core/text/column.ts'
import { type CodeValue, MAX_LISTED } from './codelist.ts'
import type { SchemaContent } from './schema.ts'

export type JsonSchema = Readonly<Record<string, unknown>>

const DIALECT = 'https://json-schema.org/draft/2020-12/schema'

/** Shapes that a pattern can say of a number with a check digit; the digit itself it cannot. */
const SHAPES: Record<CheckAlgorithm, string> = {
  gb11643: '^[1-9][0-9]{16}[0-9X]$',
  gb32100: '^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$',
  gb11714: '^[0-9A-Z]{8}[0-9X]$',
  'tw-ubn': '^[0-9]{8}$',
  iban: '^[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}$',
  luhn: '^[0-9]{2,}$',
}

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
    required: columns.filter((column) => column.required).map((column) => column.name),
    additionalProperties: false,
  }
}

function propertyOf(column: CompiledColumn): JsonSchema {
  const { label, elementCode, elementVersion } = column
  const value = valueOf(column)
  return {
    title: label.zh,
    description: `${label.en} (${elementCode} ${elementVersion})`,
    ...(column.required ? value : { anyOf: [value, { type: 'null' }] }),
  }
}

function valueOf(column: CompiledColumn): JsonSchema {
  const { dataType, minLength, maxLength, minimum, maximum, codes, codeListId } = column
  if (codes !== undefined && codes.length > MAX_LISTED) return { $ref: codeListUrn(codeListId ?? '') }
  if (codes !== undefined) return { type: 'string', enum: [...codes] }
  switch (dataType) {
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
      const pattern = column.pattern ?? (column.check === undefined ? undefined : SHAPES[column.check])
      return { type: 'string', ...present({ minLength, maxLength, pattern }) }
    }
  }
}

const present = (members: object) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))

const codeListUrn = (id: string) => `urn:gdbos:code-list:${encodeURIComponent(id)}`

/** What a long code list is referred to as. */
export function codeListSchema(id: string, values: readonly Pick<CodeValue, 'code'>[]): JsonSchema {
  return { $schema: DIALECT, $id: codeListUrn(id), type: 'string', enum: values.map(({ code }) => code) }
}

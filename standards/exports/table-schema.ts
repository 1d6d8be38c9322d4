import type { CompiledColumn, DataType } from '../../core/text/column.ts'
import { present } from '../present.ts'
import { constraintsOf, type Described } from './constraints.ts'

const TYPES: Record<DataType, string> = {
  text: 'string',
  'long-text': 'string',
  code: 'string',
  number: 'number',
  integer: 'integer',
  money: 'integer',
  date: 'date',
  datetime: 'datetime',
  boolean: 'boolean',
  binary: 'string',
}

/** The columns as a Frictionless Table Schema (Data Package 1.0), for a CSV of records as they are stored. */
export function tableSchemaOf({ name, columns, primaryKey }: Described) {
  return {
    title: name.zh,
    description: name.en,
    fields: columns.map(fieldOf),
    missingValues: [''],
    ...(primaryKey.length === 0 ? {} : { primaryKey: [...primaryKey] }),
  }
}

function fieldOf(column: CompiledColumn) {
  const { required, pattern, codes, minLength, maxLength, minimum, maximum } = constraintsOf(column)
  const constraints = present({
    required: required ? true : undefined,
    minLength,
    maxLength,
    minimum,
    maximum,
    // Readers disagree on whether a pattern that has no anchors must match the whole value.
    pattern: pattern?.startsWith('^') === true && pattern.endsWith('$') ? pattern : undefined,
    enum: codes === undefined ? undefined : [...codes],
  })
  return {
    name: column.name,
    type: TYPES[column.dataType],
    ...(column.dataType === 'binary' ? { format: 'binary' } : {}),
    title: column.label.zh,
    description: `${column.label.en} (${column.elementCode} ${column.elementVersion})`,
    ...(Object.keys(constraints).length === 0 ? {} : { constraints }),
  }
}

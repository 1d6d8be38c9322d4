import type * as Mongoose from 'mongoose'
import type { Day } from '../../core/day.ts'
import { check } from '../../core/text/check.ts'
import type { CheckAlgorithm, CompiledColumn, DataType } from '../../core/text/column.ts'
import { present } from '../present.ts'
import { constraintsOf, type Described } from './constraints.ts'

type PathType = 'String' | 'Number' | 'BigInt' | 'Boolean' | 'Buffer'

/** A path of a document; `match`, the bounds and `check` become validators in {@link compileMongoose}. */
export interface MongoosePath {
  readonly type: PathType
  readonly required?: true
  readonly enum?: readonly string[]
  readonly match?: string
  readonly check?: CheckAlgorithm
  /** Values that mean unknown and are never stored. */
  readonly not?: readonly string[]
  /** Unicode code points. */
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  /** 数据元: name, code and version. */
  readonly comment: string
}

export interface MongooseDefinition {
  readonly collection: string
  readonly paths: Readonly<Record<string, MongoosePath>>
  /** Columns of the unique index; empty where rows have no key. */
  readonly primaryKey: readonly string[]
}

// A day has no hour and no zone: as a Date it would be another day elsewhere. Whole numbers beyond 2^53 are exact
// as BSON's 64-bit integers only.
const TYPES: Record<DataType, PathType> = {
  text: 'String',
  'long-text': 'String',
  code: 'String',
  number: 'Number',
  integer: 'BigInt',
  money: 'BigInt',
  date: 'String',
  datetime: 'String',
  boolean: 'Boolean',
  binary: 'Buffer',
}

const DATES: Partial<Record<DataType, string>> = {
  date: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
  datetime: '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,6})?)?$',
}

/** The schema as JSON that {@link compileMongoose} reads, of documents as records are stored. */
export function mongooseOf({ code, columns, primaryKey }: Described): MongooseDefinition {
  return {
    collection: code,
    paths: Object.fromEntries(columns.map((column) => [column.name, pathOf(column)])),
    primaryKey: [...primaryKey],
  }
}

function pathOf(column: CompiledColumn): MongoosePath {
  const { required, pattern, codes, placeholders, ...rest } = constraintsOf(column)
  return present({
    type: TYPES[column.dataType],
    required: required ? (true as const) : undefined,
    enum: codes === undefined ? undefined : [...codes],
    match: pattern ?? DATES[column.dataType],
    not: placeholders,
    ...rest,
    comment: `${column.label.zh} ${column.elementCode} ${column.elementVersion}`,
  })
}

/**
 * A mongoose schema that casts and validates such documents and refuses members it does not name. The library is
 * the caller's, so that the schema fits their models; `today` bounds dates of birth.
 */
export function compileMongoose(
  { Schema }: Pick<typeof Mongoose, 'Schema'>,
  { collection, paths, primaryKey }: MongooseDefinition,
  today: () => Day,
): Mongoose.Schema {
  const definition = Object.entries(paths).map(([name, path]) => [
    name,
    {
      type: path.type,
      ...(path.required === true ? { required: true } : {}),
      validate: validatorsOf(path, today).map(([kind, accepts]) => ({
        validator: (value: unknown) => value == null || accepts(value),
        message: kind,
        type: kind,
      })),
    },
  ])
  const schema: Mongoose.Schema = new Schema(Object.fromEntries(definition), {
    collection,
    strict: 'throw',
    versionKey: false,
  })
  if (primaryKey.length > 0)
    schema.index(Object.fromEntries(primaryKey.map((name) => [name, 1 as const])), { unique: true })
  return schema
}

type Validator = readonly [kind: string, accepts: (value: unknown) => boolean]

/** Our own instead of mongoose's: lengths count code points, and 64-bit integers have bounds too. */
function validatorsOf(path: MongoosePath, today: () => Day): Validator[] {
  const { match, check: algorithm, enum: codes, not, minLength, maxLength, minimum, maximum } = path
  const pattern = match === undefined ? undefined : new RegExp(match, 'u')
  const length = (value: unknown) => [...String(value)].length
  const all: readonly (Validator | undefined)[] = [
    codes && ['enum', oneOf(codes)],
    not && ['placeholder', (value) => !not.includes(String(value))],
    pattern && ['match', (value) => pattern.test(String(value))],
    algorithm && ['check', (value) => check(algorithm, String(value), { today: today() }) === 'ok'],
    minLength === undefined ? undefined : ['minLength', (value) => length(value) >= minLength],
    maxLength === undefined ? undefined : ['maxLength', (value) => length(value) <= maxLength],
    minimum === undefined ? undefined : ['minimum', (value) => Number(value) >= minimum],
    maximum === undefined ? undefined : ['maximum', (value) => Number(value) <= maximum],
  ]
  return all.filter((validator) => validator !== undefined)
}

function oneOf(codes: readonly string[]): (value: unknown) => boolean {
  const known = new Set(codes)
  return (value) => known.has(String(value))
}

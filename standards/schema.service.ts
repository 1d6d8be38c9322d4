import { type Context } from '../core/context.ts'
import { type Day, dayOf } from '../core/day.ts'
import type { Texts } from '../core/errors.ts'
import type { CompiledColumn } from '../core/text/column.ts'
import { validatorSql } from '../core/plane/emitter/index.ts'
import { type CodeList, type CodeValue, inForce, MAX_LISTED } from './codelist.ts'
import * as codeLists from './codelist.service.ts'
import { valuesOfShort } from './codelist.repository.ts'
import { compileColumn, type ListedCode } from './compile.ts'
import type { DataElement, ElementContent } from './element.ts'
import { fieldOf, type FormField } from './form.ts'
import { type JsonSchema, jsonSchemaOf } from './json-schema.ts'
import {
  checkSchema,
  checkTightened,
  contentOf,
  errors as schemaErrors,
  establishmentIn,
  type RecordSchema,
  type SchemaContent,
  type SchemaInput,
  schemaStep,
} from './schema.ts'
import { errors, isInForce, type StandardStatus } from './standard.ts'
import { inRange } from './version.ts'
import * as repository from './standard.repository.ts'
import * as standards from './standard.service.ts'
import type { Wish } from './wish.ts'

export const SCHEMA: standards.Kind<SchemaContent> = {
  kind: 'schema',
  notFound: (code) => errors.SCHEMA_NOT_FOUND({ code }),
  check: checkSchema,
  bindings: ({ columns }) =>
    columns.map(({ name, elementCode, elementRange, codes }) => ({
      kind: 'element',
      code: elementCode,
      range: elementRange,
      place: name,
      historical: false,
      ...(codes && { values: codes }),
    })),
  async judge(ctx, schema) {
    const parts = await partsOf(ctx, schema, schema.inForceFrom ?? dayOf(ctx.now()))
    for (const column of schema.columns) {
      const element = parts.elements.get(column.name)
      if (element) checkTightened(column, element, parts.codes.get(element.codeListId ?? ''))
    }
    const columns = schema.columns.map(({ name, role }) => ({
      name,
      role,
      check: parts.elements.get(name)?.check,
    }))
    if (schema.entity && establishmentIn({ ...schema, columns }) === undefined)
      throw schemaErrors.SCHEMA_INVALID({ code: schema.code, reason: 'entity' })
  },
  step: schemaStep,
  searchText: (code, { name, columns }) =>
    [code, name.zh, name.en, ...columns.flatMap((column) => column.label?.zh ?? [])].join(' '),
}

/** A schema as its consumers use it: one object for the plane, for forms and for exports. */
export interface CompiledSchema {
  readonly code: string
  readonly version: string
  readonly name: Texts
  readonly organisationId: string
  readonly columns: readonly CompiledColumn[]
  /** The row of each list that the columns were compiled with, by `number@edition`; of a shipped schema none. */
  readonly lists?: ReadonlyMap<string, string>
  readonly primaryKey: readonly string[]
  readonly maxRejectedRate: number
  /** As {@link SchemaContent} has it. */
  readonly entity?: 'establishment'
  readonly jsonSchema: JsonSchema
  readonly formFields: readonly FormField[]
  readonly validatorSql: string
}

interface Parts {
  /** By column name; absent where no version in the range was ever published. */
  readonly elements: ReadonlyMap<string, DataElement>
  /** By list. */
  readonly codes: ReadonlyMap<string, readonly ListedCode[]>
  /** The row that these codes are of, by list. */
  readonly lists: ReadonlyMap<string, string>
}

/** A version that is not published yet, used as if it were in force. */
export interface Trial {
  readonly element?: DataElement
  readonly list?: CodeList
}

/**
 * The element of each column's range that is in force on the day, and the codes of their lists: two or three queries.
 * An old version of a schema is read for ever: where nothing in the range is in force any more, the newest there was.
 */
async function partsOf(
  ctx: Context,
  { columns }: SchemaContent,
  day: Day,
  trial: Trial = {},
): Promise<Parts> {
  const codes = columns.map(({ elementCode }) => elementCode)
  const settled = await repository.settledVersions<ElementContent>(ctx, 'element', codes)
  const elements = new Map<string, DataElement>()
  for (const { name, elementCode, elementRange } of columns) {
    const fitting = settled.filter(
      ({ code, version }) => code === elementCode && inRange(version, elementRange),
    )
    const tried = trial.element?.code === elementCode ? trial.element : undefined
    const element = tried ?? fitting.find((each) => isInForce(each, day)) ?? fitting[0]
    if (element) elements.set(name, element)
  }
  const ids = [...elements.values()].flatMap(({ codeListId }) => codeListId ?? [])
  const lists = new Map([
    ...(await codeLists.settledLists(ctx, ids)),
    ...(await codeLists.listsInForce(ctx, ids, day)),
  ])
  if (trial.list && ids.includes(trial.list.code)) lists.set(trial.list.code, trial.list.id)
  return { elements, lists, codes: await codeLists.codesOfLists(ctx, lists) }
}

/**
 * What publication compiles; a draft compiles the same way, for its page. Columns whose element was never published
 * are left out. With a trial, what it would compile to if that version were in force.
 */
export async function compileSchema(
  ctx: Context,
  schema: RecordSchema,
  trial?: Trial,
): Promise<CompiledSchema> {
  const { elements, codes, lists } = await partsOf(ctx, schema, dayOf(ctx.now()), trial)
  const columns = schema.columns.flatMap((column) => {
    const element = elements.get(column.name)
    return element ? [compileColumn(column, element, codes.get(element.codeListId ?? ''))] : []
  })
  const { code, version, name, organisationId, primaryKey, maxRejectedRate, entity } = schema
  return {
    code,
    version,
    name,
    organisationId,
    columns,
    lists,
    primaryKey,
    maxRejectedRate,
    ...(entity && { entity }),
    jsonSchema: jsonSchemaOf(schema, columns),
    formFields: await formFieldsOf(ctx, columns),
    validatorSql: validatorSql(columns),
  }
}

/** The fields of a form over these columns, with the values in force today to choose from. */
export async function formFieldsOf(ctx: Context, columns: readonly CompiledColumn[]): Promise<FormField[]> {
  const short = columns.filter(({ codes }) => codes !== undefined && codes.length <= MAX_LISTED)
  const lists = await codeLists.listsInForce(
    ctx,
    short.flatMap(({ codeListId }) => codeListId ?? []),
  )
  const today = dayOf(ctx.now())
  const values = (await valuesOfShort(ctx, [...lists.values()], MAX_LISTED)).filter((value) =>
    inForce(value, today),
  )
  return columns.map((column) => fieldOf(column, choicesOf(column, lists, values)))
}

function choicesOf(
  { codeListId, codes }: CompiledColumn,
  lists: ReadonlyMap<string, string>,
  values: readonly (CodeValue & { readonly listId: string })[],
): CodeValue[] {
  const listId = lists.get(codeListId ?? '')
  if (listId === undefined || codes === undefined || codes.length > MAX_LISTED) return []
  return values.filter((value) => value.listId === listId && codes.includes(value.code))
}

/** The newest version the actor may see, or the one named. @throws STANDARDS_SCHEMA_NOT_FOUND */
export function recordSchema(ctx: Context, code: string, version?: string | null): Promise<RecordSchema> {
  return standards.read(ctx, SCHEMA, code, version)
}

/**
 * The schema to use: the version in force today, or the one named, if it was ever published.
 *
 * @throws STANDARDS_SCHEMA_UNPUBLISHED when no version is in force yet, STANDARDS_SCHEMA_NOT_FOUND
 */
export async function publishedSchema(ctx: Context, code: string, version?: string): Promise<CompiledSchema> {
  const [schema] =
    version === undefined
      ? await repository.versionsInForce<SchemaContent>(ctx, 'schema', [code], dayOf(ctx.now()))
      : (await repository.settledVersions<SchemaContent>(ctx, 'schema', [code])).filter(
          (each) => each.version === version,
        )
  if (schema) return compileSchema(ctx, schema)
  const seen = await standards.versionsOf(ctx, SCHEMA, code)
  if (seen.length > 0) throw errors.SCHEMA_UNPUBLISHED({ code })
  throw errors.SCHEMA_NOT_FOUND({ code })
}

/** Names and states of several schemas, for lists; unknown codes are absent. */
export async function schemaNames(
  ctx: Context,
  codes: readonly string[],
): Promise<Map<string, { readonly name: Texts; readonly version: string; readonly status: StandardStatus }>> {
  const versions = await repository.settledVersions<SchemaContent>(ctx, 'schema', codes)
  // Oldest first, so that the newest stays.
  return new Map(
    [...versions].reverse().map(({ code, name, version, status }) => [code, { name, version, status }]),
  )
}

/** The newest version of each schema that the actor may see. */
export const listSchemas = (ctx: Context, request: standards.ListRequest) =>
  standards.list(ctx, SCHEMA, request)

/** Every version the actor may see, the newest first. */
export const schemaVersions = (ctx: Context, code: string) => standards.versionsOf(ctx, SCHEMA, code)

/**
 * What a person writes of a schema. A column keeps the range by which its element is bound; a new one is bound to the
 * major in force on the day the draft takes effect.
 */
export async function draftSchema(
  ctx: Context,
  code: string,
  input: SchemaInput,
  wish?: Wish,
): Promise<RecordSchema> {
  return standards.draft(ctx, SCHEMA, code, await bound(ctx, code, input), wish)
}

export async function changeSchema(
  ctx: Context,
  code: string,
  version: string,
  input: SchemaInput,
  wish?: Wish,
): Promise<RecordSchema> {
  const versions = await standards.versionsOf(ctx, SCHEMA, code)
  const draft = versions.find((each) => each.version === version)
  return standards.change(ctx, SCHEMA, code, version, await bound(ctx, code, input, draft), wish)
}

async function bound(
  ctx: Context,
  code: string,
  input: SchemaInput,
  draft?: RecordSchema,
): Promise<SchemaContent> {
  const codes = input.columns.map(({ elementCode }) => elementCode)
  const [settled] = await repository.settledVersions<SchemaContent>(ctx, 'schema', [code])
  const day = draft?.inForceFrom ?? dayOf(ctx.now())
  const inForce = await repository.versionsInForce<ElementContent>(ctx, 'element', codes, day)
  const latest = { columns: [...(draft?.columns ?? []), ...(settled?.columns ?? [])] }
  return contentOf(input, (elementCode) => inForce.find((each) => each.code === elementCode), latest)
}

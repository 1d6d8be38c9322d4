import type { Context } from '../core/context.ts'
import type { Resolvers } from '../core/module.ts'
import type { PageRequest } from '../core/page.ts'
import { loadThrough } from '../core/loader.ts'
import { type ElementInput, elementOf } from './element.ts'
import * as elements from './element.service.ts'
import type { RecordSchema, SchemaColumn, SchemaInput } from './schema.ts'
import * as schemas from './schema.service.ts'
import * as life from './life.service.ts'
import { type Wishes, wished } from './wish.ts'

export { typeDefs } from './standards.sdl.ts'

type Search = PageRequest & { readonly search?: string | null }
interface Named {
  readonly code: string
  readonly version: string
}

/** Several fields of one schema ask for what it compiles to; it is compiled once a request. */
const compiled = (ctx: Context, schema: RecordSchema) => loadThrough(ctx, compileAll, schema)
const compileAll = (ctx: Context, each: readonly RecordSchema[]) =>
  Promise.all(each.map((schema) => schemas.compileSchema(ctx, schema)))

const boundElement = async (ctx: Context, code: string) => {
  const [found] = await loadThrough(ctx, newestElements, code)
  return found ?? elements.element(ctx, code)
}
const newestElements = (ctx: Context, codes: readonly string[]) => elements.inForceByCode(ctx, codes)

export const resolvers: Resolvers = {
  Query: {
    dataElements: (_, request: Search, ctx) => elements.listElements(ctx, request),
    dataElement: (_, { code }: Named, ctx) => elements.element(ctx, code),
    recordSchemas: (_, request: Search, ctx) => schemas.listSchemas(ctx, request),
    recordSchema: (_, { code, version }: Named, ctx) => schemas.recordSchema(ctx, code, version),
    checkValue: (_, { element, value }: { element: string; value: string }, ctx) =>
      elements.checkValue(ctx, element, value),
  },
  Mutation: {
    draftRecordSchema: (_, { input, ...wish }: Wishes & { input: SchemaInput & { code: string } }, ctx) =>
      schemas.draftSchema(ctx, input.code, input, wished(wish)),
    changeRecordSchema: (
      _,
      { code, version, input, ...wish }: Named & Wishes & { input: SchemaInput },
      ctx,
    ) => schemas.changeSchema(ctx, code, version, input, wished(wish)),
    draftDataElement: (
      _,
      { input: { code, ...input }, ...wish }: Wishes & { input: ElementInput & { code: string } },
      ctx,
    ) => elements.draftElement(ctx, code, elementOf(input), wished(wish)),
    changeDataElement: (
      _,
      {
        version,
        input: { code, ...input },
        ...wish
      }: Named & Wishes & { input: ElementInput & { code: string } },
      ctx,
    ) => elements.changeElement(ctx, code, version, elementOf(input), wished(wish)),
  },
  RecordSchema: {
    jsonSchema: async (schema: RecordSchema, _, ctx) => (await compiled(ctx, schema)).jsonSchema,
    formFields: async (schema: RecordSchema, _, ctx) => (await compiled(ctx, schema)).formFields,
    validatorSql: async (schema: RecordSchema, _, ctx) => (await compiled(ctx, schema)).validatorSql,
    versions: (schema: RecordSchema, _, ctx) => schemas.schemaVersions(ctx, schema.code),
    mayEdit: async (schema: RecordSchema, _, ctx) => (await life.mayDo(ctx, schema)).edit,
  },
  SchemaColumn: {
    element: ({ elementCode }: SchemaColumn, _, ctx) => boundElement(ctx, elementCode),
  },
  StandardStatus: {
    DRAFT: 'draft',
    REVIEW: 'review',
    PUBLISHED: 'published',
    DEPRECATED: 'deprecated',
    RETIRED: 'retired',
  },
}

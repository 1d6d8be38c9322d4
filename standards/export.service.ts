import type { Context } from '../core/context.ts'
import { dayOf } from '../core/day.ts'
import { canonical } from '../core/text/canonical.ts'
import type { CodeList, CodeListContent, CodeValue } from './codelist.ts'
import { valuesOf } from './codelist.repository.ts'
import { CODE_LIST, valuesInScope } from './codelist.service.ts'
import type { ElementContent } from './element.ts'
import { ELEMENT } from './element.service.ts'
import { errors, type Exportable, type ExportFormat, fileNameOf, formatOf, requireFormat } from './export.ts'
import { elementsInForce } from './export.repository.ts'
import { codeListDocument, codeSheet } from './exports/code-sheet.ts'
import { writeCsv } from './exports/csv.ts'
import { ddlOf } from './exports/ddl.ts'
import { elementDocument, type ExportedElement, elementSheet } from './exports/element-sheet.ts'
import { mongooseOf } from './exports/mongoose.ts'
import { shaclOf } from './exports/shacl.ts'
import type { Sheet } from './exports/sheet.ts'
import { tableSchemaOf } from './exports/table-schema.ts'
import { writeXlsx } from './exports/xlsx.ts'
import { codeListSchema } from './json-schema.ts'
import { inForceOf } from './in-force.service.ts'
import { type CompiledSchema, publishedSchema, recordSchema } from './schema.service.ts'
import { lifeOf, type StandardOf } from './standard.ts'
import * as repository from './standard.repository.ts'
import * as standards from './standard.service.ts'

export interface ExportRequest {
  readonly kind: Exportable
  /**
   * Of a schema or an element its code, of a code list `number@edition`, or its number for the edition in force.
   * Without one, all data elements.
   */
  readonly code?: string | undefined
  /** The one in force unless said. */
  readonly version?: string | undefined
  readonly format: string
  /** Whether a CSV begins with a byte order mark, as some spreadsheets want it. */
  readonly bom?: boolean
}

export interface Exported {
  readonly content: Buffer
  readonly fileName: string
  readonly mediaType: string
}

/**
 * A published standard in one of the formats of section 2.7; a code list with the standard's own codes. The same
 * version gives the same bytes.
 *
 * @throws STANDARDS_EXPORT_FORMAT_UNFIT, STANDARDS_EXPORT_UNPUBLISHED or STANDARDS_SCHEMA_UNPUBLISHED for an own draft,
 * STANDARDS_SCHEMA_NOT_FOUND, STANDARDS_CODE_LIST_NOT_FOUND or STANDARDS_ELEMENT_NOT_FOUND also for that of another
 * organisation
 */
export async function exportStandard(ctx: Context, request: ExportRequest): Promise<Exported> {
  const { kind, bom = false } = request
  const format = requireFormat(kind, request.format)
  const { code, version, content } = await EXPORTS[kind](ctx, request, format)
  const bytes = typeof content === 'string' ? Buffer.from(content) : content(format, bom)
  return {
    content: bytes,
    fileName: fileNameOf(code, version, format),
    mediaType: formatOf(format).mediaType,
  }
}

interface Written {
  readonly code: string
  readonly version?: string
  /** The text, or what writes a table. */
  readonly content: string | ((format: ExportFormat, bom: boolean) => Buffer)
}

const table = (sheet: Sheet) => (format: ExportFormat, bom: boolean) =>
  format === 'xlsx' ? writeXlsx(sheet) : writeCsv(sheet, { bom })

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

const EXPORTS: Record<
  Exportable,
  (ctx: Context, request: ExportRequest, format: ExportFormat) => Promise<Written>
> = {
  async schema(ctx, { code = '', version }, format) {
    const schema = await publishedSchema(ctx, code, version)
    return { code, version: schema.version, content: await schemaContent(ctx, schema, format) }
  },

  async 'code-list'(ctx, { code = '', version }, format) {
    const list = await publishedList(ctx, await editionNamed(ctx, code), version)
    const values = await valuesInScope(ctx, list, 'standard')
    const named = { code: list.code, version: list.version }
    if (format === 'json') return { ...named, content: canonical(codeListDocument(contentOf(list), values)) }
    if (format === 'json-schema') return { ...named, content: json(codeListSchema(list.code, values)) }
    return { ...named, content: table(codeSheet(list.code, values)) }
  },

  async element(ctx, { code, version }, format) {
    const named = code === undefined ? undefined : await publishedElement(ctx, code, version)
    const elements = named ? [named] : await elementsInForce(ctx, dayOf(ctx.now()))
    const content = elementsContent(elements, format)
    return named ? { code: named.code, version: named.version, content } : { code: 'elements', content }
  },
}

function elementsContent(elements: readonly ExportedElement[], format: ExportFormat): Written['content'] {
  return format === 'json' ? canonical(elements.map(elementDocument)) : table(elementSheet(elements))
}

async function schemaContent(
  ctx: Context,
  schema: CompiledSchema,
  format: ExportFormat,
): Promise<Written['content']> {
  switch (format) {
    case 'json-schema':
      return json(schema.jsonSchema)
    case 'shacl':
      return shaclOf(schema)
    case 'table-schema':
      return json(tableSchemaOf(schema))
    case 'mongoose':
      return json(mongooseOf(schema))
    case 'ddl':
      return ddlOf(schema, await valuesOfLists(ctx, schema))
    case 'json': {
      const { code, version } = schema
      return canonical({ ...contentOf(await recordSchema(ctx, code, version)), code, version })
    }
    default:
      return elementsContent(await boundElements(ctx, schema), format)
  }
}

/** The elements that the columns of a schema bind, each once, in the versions it was compiled with. */
async function boundElements(ctx: Context, { columns }: CompiledSchema): Promise<ExportedElement[]> {
  const versions = new Map(columns.map(({ elementCode, elementVersion }) => [elementCode, elementVersion]))
  const elements: ExportedElement[] = []
  for (const [code, version] of versions) elements.push(await publishedElement(ctx, code, version))
  return elements
}

/** Every value of each list as the columns were compiled with it, local ones among them. */
async function valuesOfLists(ctx: Context, { lists }: CompiledSchema): Promise<Map<string, CodeValue[]>> {
  const values = new Map<string, CodeValue[]>()
  for (const [id, listId] of lists ?? []) values.set(id, await valuesOf(ctx, listId))
  return values
}

/** @throws STANDARDS_CODE_LIST_NOT_FOUND, STANDARDS_EXPORT_UNPUBLISHED */
function publishedList(ctx: Context, id: string, version?: string): Promise<CodeList> {
  return publishedVersion(ctx, CODE_LIST, id, version)
}

/** @throws STANDARDS_ELEMENT_NOT_FOUND, STANDARDS_EXPORT_UNPUBLISHED */
async function publishedElement(ctx: Context, code: string, version?: string): Promise<ExportedElement> {
  const element = await publishedVersion<ElementContent>(ctx, ELEMENT, code, version)
  return { ...contentOf(element), code: element.code, version: element.version }
}

/** The version named, if it was ever published, or the one in force today. */
async function publishedVersion<Content extends standards.Named>(
  ctx: Context,
  kind: standards.Kind<Content>,
  code: string,
  version: string | undefined,
): Promise<StandardOf<Content>> {
  const seen = await standards.versionsOf(ctx, kind, code)
  const fitting = version === undefined ? seen : seen.filter((each) => each.version === version)
  if (fitting.length === 0) throw kind.notFound(code)
  const found =
    version === undefined
      ? (await inForceOf<Content>(ctx, kind.kind, [code])).get(code)
      : fitting.find(({ publishedAt }) => publishedAt !== null)
  if (!found) throw errors.EXPORT_UNPUBLISHED({ code })
  return found
}

/** `number@edition`; of a number alone the edition in force today, the latest to begin where several are. */
async function editionNamed(ctx: Context, code: string): Promise<string> {
  if (code.includes('@')) return code
  const today = dayOf(ctx.now())
  const editions = await repository.editionsOf(ctx, code)
  const lists = await inForceOf<CodeListContent>(ctx, 'code-list', editions)
  const [current] = [...lists.values()]
    .filter(
      ({ effectiveFrom, effectiveTo }) => (effectiveFrom ?? '') <= today && today < (effectiveTo ?? '9999'),
    )
    .sort((a, b) => order(b).localeCompare(order(a), 'en'))
  if (!current) throw CODE_LIST.notFound(code)
  return current.code
}

const order = ({ effectiveFrom, edition }: CodeListContent) => `${effectiveFrom ?? ''} ${edition}`

/** The content of a version without its life. */
export function contentOf<Content extends standards.Named>(standard: StandardOf<Content>): Content {
  const life = Object.keys(lifeOf(standard))
  const members = Object.entries(standard).filter(([name]) => !life.includes(name))
  // What is not of its life is its content: both lie in one object.
  return Object.fromEntries(members) as Content
}

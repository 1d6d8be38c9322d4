import { parse } from 'csv-parse/sync'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { isCheckAlgorithm } from '../core/text/check.ts'
import type { CheckAlgorithm, DataType, NormaliserName } from '../core/text/column.ts'
import {
  checkCodeList,
  codeListId,
  type CodeListContent,
  type CodeValue,
  codeValue,
  type Precision,
} from './codelist.ts'
import { checkElement, type ElementContent } from './element.ts'
import type { SchemaInput } from './schema.ts'

/** Folder of the packs, one folder each, `<body>-<number>-<year>`. */
export const PACKS = new URL('./packs/', import.meta.url)

const texts = z.object({ zh: z.string().min(1), en: z.string().min(1) })

const listHead = z.strictObject({
  version: z.string(),
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

const packFile = z.looseObject({
  id: z.string(),
  kind: z.enum(['standard', 'calendar']),
  name: texts,
  body: z.string(),
  codeLists: z.array(listHead).default([]),
})

const schemaFile = z.array(
  z.strictObject({
    code: z.string(),
    version: z.string(),
    name: texts,
    primaryKey: z.array(z.string()),
    maxRejectedRate: z.number().optional(),
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

/** Names of the shipped packs, in the order they load. */
export function packIds(): string[] {
  return readdirSync(PACKS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

/** Reads and checks one shipped pack from its folder; no database. */
export function loadPack(id: string): Pack {
  const folder = new URL(`${id}/`, PACKS)
  const files = new Map(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(new URL(name, folder))]),
  )
  const digest = createHash('sha256')
  for (const [name, bytes] of files) digest.update(name).update(bytes)
  const rows = (name: string) => table(files.get(name))
  const json = (name: string): unknown => JSON.parse(files.get(name)?.toString('utf8') ?? '[]')
  const head = packFile.parse(json('pack.json'))
  const codes = rows('codes.csv')
  return {
    id,
    kind: head.kind,
    head,
    sha256: digest.digest('hex'),
    elements: rows('elements.csv').map(elementOf),
    codeLists: head.codeLists.map((list) => codeListOf(list, codes)),
    schemas: schemaFile.parse(json('schemas.json')).map(schemaOf),
    days: rows('days.csv'),
  }
}

type Row = Readonly<Record<string, string>>

function table(bytes: Buffer | undefined): Row[] {
  return bytes ? parse<Row>(bytes, { columns: true, bom: true, skip_empty_lines: true }) : []
}

function codeListOf({ version, ...head }: z.output<typeof listHead>, rows: readonly Row[]): PackCodeList {
  const content = head as CodeListContent
  const code = codeListId(content)
  const values = rows.filter((row) => (row['list'] ?? code) === code).map(valueOf)
  checkCodeList(content, values)
  return { code, version, content, values }
}

function valueOf(row: Row): CodeValue {
  return codeValue({
    code: cell(row, 'code'),
    parent: row['parent'] || null,
    level: Number(row['level'] || 1),
    name: { zh: cell(row, 'nameZh'), en: row['nameEn'] || cell(row, 'nameZh') },
    spellings: items(row['spellings']),
    owner: row['owner'] || null,
    validFrom: row['validFrom'] || null,
    validTo: row['validTo'] || null,
    // A word of a file of ours; the table refuses another.
    precision: (row['precision'] || 'day') as Precision,
    definition: row['definition'] || null,
  })
}

const cell = (row: Row, name: string) => row[name] ?? ''

/** Several in one cell, parted by `|`. */
const items = (text = '') => text.split('|').filter((item) => item !== '')

function elementOf(row: Row): Coded<ElementContent> {
  const number = (name: string) => (row[name] ? { [name]: Number(row[name]) } : {})
  const text = (name: string) => (row[name] ? { [name]: row[name] } : {})
  const check = row['check'] ?? ''
  const element: ElementContent = {
    name: { zh: cell(row, 'nameZh'), en: cell(row, 'nameEn') },
    shortName: cell(row, 'shortName'),
    synonyms: items(row['synonyms']),
    definition: cell(row, 'definition'),
    objectClass: cell(row, 'objectClass'),
    property: cell(row, 'property'),
    representation: cell(row, 'representation'),
    // Words of a file of ours; checkElement refuses those that are none of the types'.
    dataType: cell(row, 'dataType') as DataType,
    format: cell(row, 'format'),
    ...number('minLength'),
    ...number('maxLength'),
    ...number('scale'),
    ...number('minimum'),
    ...number('maximum'),
    ...text('unit'),
    ...text('pattern'),
    ...text('codeListId'),
    ...(isCheckAlgorithm(check) ? { check: check satisfies CheckAlgorithm } : {}),
    placeholders: items(row['placeholders']),
    nullWords: items(row['nullWords']),
    normalisers: items(row['normalisers']) as NormaliserName[],
    level: Number(row['level'] || 1),
    personal: row['personal'] === 'true',
    sensitive: row['sensitive'] === 'true',
    ...text('mask'),
    examples: [
      ...items(row['good']).map((value) => ({ value, good: true })),
      ...items(row['bad']).map((value) => ({ value, good: false })),
    ],
    basis: items(row['basis']),
  }
  checkElement(element)
  return { ...element, code: cell(row, 'code'), version: cell(row, 'version') }
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

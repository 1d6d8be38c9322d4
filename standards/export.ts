import { defineErrors } from '../core/errors.ts'

/** What may be exported: a record schema, a code list, or data elements (one, or all). */
export const EXPORTABLE = ['schema', 'code-list', 'element'] as const
export type Exportable = (typeof EXPORTABLE)[number]

interface FormatOf {
  readonly mediaType: string
  readonly extension: string
  readonly of: readonly Exportable[]
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** The formats of section 2.7; DCAT is the resource directory's. */
const FORMATS = {
  'json-schema': {
    mediaType: 'application/schema+json',
    extension: 'schema.json',
    of: ['schema', 'code-list'],
  },
  shacl: { mediaType: 'text/turtle', extension: 'ttl', of: ['schema'] },
  ddl: { mediaType: 'application/sql', extension: 'sql', of: ['schema'] },
  'table-schema': { mediaType: 'application/json', extension: 'table-schema.json', of: ['schema'] },
  mongoose: { mediaType: 'application/json', extension: 'mongoose.json', of: ['schema'] },
  // Of a schema: the elements that its columns bind.
  csv: { mediaType: 'text/csv; charset=utf-8', extension: 'csv', of: ['schema', 'code-list', 'element'] },
  xlsx: { mediaType: XLSX, extension: 'xlsx', of: ['schema', 'code-list', 'element'] },
  json: { mediaType: 'application/json', extension: 'json', of: ['schema', 'code-list', 'element'] },
} as const satisfies Readonly<Record<string, FormatOf>>

export type ExportFormat = keyof typeof FORMATS
// keys forgets the names of what lies just above.
export const EXPORT_FORMATS = Object.keys(FORMATS) as ExportFormat[]

export const formatOf = (format: ExportFormat): FormatOf => FORMATS[format]

export const errors = defineErrors('STANDARDS', {
  EXPORT_FORMAT_UNFIT: {
    kind: 'invalid',
    zh: '不能按“{format}”格式导出，可用格式：{offered}',
    en: 'This is not exported as “{format}”; the formats are {offered}',
  },
  EXPORT_UNPUBLISHED: {
    kind: 'conflict',
    zh: '“{code}”尚未发布，不能导出',
    en: '“{code}” is not published and cannot be exported',
  },
})

/** @throws STANDARDS_EXPORT_FORMAT_UNFIT */
export function requireFormat(kind: Exportable, format: string): ExportFormat {
  const offered = EXPORT_FORMATS.filter((each) => formatOf(each).of.includes(kind))
  const found = offered.find((each) => each === format)
  if (found === undefined) throw errors.EXPORT_FORMAT_UNFIT({ format, offered: offered.join(', ') })
  return found
}

/** A file's name from letters and digits of the code alone. */
export function fileNameOf(code: string, version: string | undefined, format: ExportFormat): string {
  const stem = code
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60)
  const parts = [stem === '' ? 'standard' : stem, ...(version === undefined ? [] : [version])]
  return `${parts.join('-')}.${formatOf(format).extension}`
}

import { useText } from '../../i18n.ts'

type Kind = 'schema' | 'code-list' | 'element'

interface DownloadsProps {
  readonly kind: Kind
  /** Of what is shown; without one, all data elements. */
  readonly code?: string
  readonly version?: string
}

const FORMATS = {
  schema: ['json-schema', 'shacl', 'ddl', 'table-schema', 'mongoose', 'json', 'csv', 'xlsx'],
  'code-list': ['csv', 'xlsx', 'json', 'json-schema'],
  element: ['csv', 'xlsx', 'json'],
} as const satisfies Record<Kind, readonly string[]>

/** The files of a published standard. */
export function Downloads({ kind, ...named }: DownloadsProps) {
  const text = useText(TEXT)
  return (
    <nav className="downloads" aria-label={text.download}>
      <span aria-hidden="true">{text.download}</span>
      <ul>
        {FORMATS[kind].map((format) => (
          <li key={format}>
            <a href={addressOf({ kind, format, ...named })} download>
              {kind === 'schema' && (format === 'csv' || format === 'xlsx')
                ? text.elements(text[format])
                : text[format]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** Spreadsheets know UTF-8 by its mark. */
function addressOf({ format, ...named }: { readonly format: string } & DownloadsProps): string {
  const query = new URLSearchParams({ ...named, format, ...(format === 'csv' ? { bom: 'true' } : {}) })
  return `/api/standards/export?${query.toString()}`
}

const NAMES = {
  'json-schema': 'JSON Schema',
  shacl: 'SHACL',
  ddl: 'PostgreSQL',
  'table-schema': 'Table Schema',
  mongoose: 'mongoose',
  csv: 'CSV',
  xlsx: 'XLSX',
  json: 'JSON',
}

const TEXT = {
  zh: { ...NAMES, download: '下载', elements: (format: string) => `数据元 ${format}` },
  en: { ...NAMES, download: 'Download', elements: (format: string) => `Elements, ${format}` },
}

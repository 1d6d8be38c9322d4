import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { DomainError } from '../../core/errors.ts'
import { dayOf } from '../../core/day.ts'
import { openPlane } from '../../core/plane/open.ts'
import { readConfig } from '../../core/config.ts'
import type { FindingCount, Counts } from '../../core/plane/plane.ts'
import type { Calendar } from '../../core/text/column.ts'
import type { Encoding } from '../../core/text/encoding.ts'
import {
  automaticMapping,
  checkMapping,
  checkPublishable,
  errors as ingestErrors,
  judge,
  knownCalendar,
  knownEncoding,
  lookAt,
  reasonsOf,
  refusalTexts,
  stage,
  suggestMapping,
  wordsOf,
} from '../../modules/ingest/index.ts'
import { shippedSchema } from '../../standards/index.ts'
import { type CliCommand, EXIT, type Io, printJson, readArguments, UsageError } from './command.ts'
import { readable } from './file.ts'

const OPTIONS = {
  schema: { type: 'string' },
  encoding: { type: 'string' },
  calendar: { type: 'string' },
  table: { type: 'string' },
  organisation: { type: 'string', default: 'platform' },
  title: { type: 'string' },
  data: { type: 'string' },
  'dry-run': { type: 'boolean' },
  json: { type: 'boolean' },
} as const

export const ingest: CliCommand = {
  name: 'ingest',
  summary: 'Load a register, or try what a load would do',
  usage: [
    'gdbos ingest FILE --schema ID [OPTIONS]',
    '',
    '  FILE                CSV, TSV, XLSX, JSON, JSON lines or Parquet, told by its content; also packed by gzip',
    '  --schema ID         record schema the rows are judged by',
    '  --encoding E        utf-8, gb18030, big5, shift_jis, euc-jp, utf-16le, utf-16be, windows-1252; found when clear',
    '  --table NAME        sheet of a workbook, or path of the records (data.items); else the first with rows',
    '  --calendar C        gregorian, roc, japanese, day-first or auto, for all columns of days; else as the schema says',
    '  --dry-run           judge by the schema as it ships; opens no database and keeps nothing',
    '  --organisation ID   department that answers for the dataset (default platform)',
    '  --title TEXT        dataset to load into; made when it is not there (default the file’s name)',
    '  --data DIR          data folder (default GDBOS_DATA), or DATABASE_URL',
    '  --json              print {read, accepted, rejected, duplicate, filtered, reasons, published}',
  ].join('\n'),
  examples: [
    'gdbos ingest factories.csv --schema tw-factory --dry-run --json',
    'gdbos ingest taxpayers.csv --schema taxpayer --encoding gb18030 --data ./data',
    'gdbos ingest taxpayers.xlsx --schema taxpayer --table 企业 --dry-run',
  ],
  async run(args, io) {
    const { values, positionals } = readArguments(args, OPTIONS, ['FILE'])
    const [file = ''] = positionals
    if (values.schema === undefined) throw new UsageError('--schema ID is missing')
    const encoding = values.encoding === undefined ? undefined : knownEncoding(values.encoding)
    const calendar = knownCalendar(values.calendar)
    await readable(file)

    const load = { file, schema: values.schema, encoding, calendar, table: values.table }
    const result =
      values['dry-run'] === true
        ? await tryOut(load)
        : await (
            await import('./ingest-load.ts')
          ).loadInto(load, {
            organisationId: values.organisation,
            title: values.title ?? basename(file),
            dataFolder: values.data,
          })
    print(io, result, values.json === true)
    return result.published || values['dry-run'] === true ? EXIT.done : EXIT.refused
  },
}

export interface FileLoad {
  readonly file: string
  readonly schema: string
  readonly encoding: Encoding | undefined
  readonly calendar: Calendar | undefined
  /** Sheet, or place of the records. */
  readonly table: string | undefined
}

export interface LoadResult {
  readonly counts: Counts
  readonly findings: readonly FindingCount[]
  readonly published: boolean
  readonly version: number | null
  /** Why it was not, or would not be, published. */
  readonly refusal: Pick<DomainError, 'code' | 'params'> | null
}

/** Judges a file by a shipped schema in a folder of its own, which is gone afterwards. */
async function tryOut(load: FileLoad): Promise<LoadResult> {
  const { file, schema: code, encoding: named, calendar, table } = load
  const schema = shippedSchema(code)
  const today = dayOf(new Date())
  const folder = await mkdtemp(join(tmpdir(), 'gdbos-ingest-'))
  const { planeMemoryMb, planeSpillMb } = readConfig({ logLevel: 'error' })
  const plane = await openPlane({ folder, loadMemoryMb: planeMemoryMb, spillMb: planeSpillMb })
  try {
    const open = () => createReadStream(file)
    const options = { words: wordsOf(schema), encoding: named, table }
    const { encoding, layout } = await lookAt(plane, open, options)
    if (layout.unclear !== null) throw ingestErrors.HEADER_UNCLEAR({ reason: layout.unclear })
    const mapping = automaticMapping(suggestMapping(layout, schema.columns, new Map(), today), calendar)
    checkMapping(mapping, layout.header.length, schema.columns, schema.primaryKey)
    const staged = await stage(plane, open(), { encoding, layout }, {})
    const ids = { datasetId: code, batchId: basename(file) }
    const { counts, findings } = await judge(plane, { staged, layout, mapping, schema, ...ids, today }, {})
    return {
      counts,
      findings,
      published: false,
      version: null,
      refusal: refusalOf(counts, schema.maxRejectedRate),
    }
  } finally {
    await plane.close()
    await rm(folder, { recursive: true, force: true })
  }
}

function refusalOf(counts: Counts, maxRejectedRate: number): DomainError | null {
  try {
    checkPublishable(counts, maxRejectedRate, undefined)
    return null
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
}

function print(io: Io, { counts, findings, published, version, refusal }: LoadResult, json: boolean): void {
  const reasons = reasonsOf(findings).map(({ code, column, reason, count, severity }) => ({
    code,
    column,
    reason,
    count,
    severity,
  }))
  const messages = refusal && refusalTexts(refusal)
  if (json) {
    const why = refusal && { code: refusal.code, params: refusal.params, messages }
    printJson(io, { ...counts, reasons, published, version, refusal: why })
    return
  }
  const lines = Object.entries(counts).map(([name, count]) => `${name.padEnd(10)}${count}`)
  lines.push(
    ...reasons.map(({ count, column, code, reason }) => `  ${count} ${column ?? 'row'}: ${code} (${reason})`),
  )
  lines.push(published ? `published as version ${version}` : 'not published')
  io.stdout.write(`${lines.join('\n')}\n`)
  if (messages && refusal) io.stderr.write(`${messages.en}\n${messages.zh}\n(${refusal.code})\n`)
}

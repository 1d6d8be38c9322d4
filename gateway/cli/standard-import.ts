import { readFile } from 'node:fs/promises'
import { dayOf } from '../../core/day.ts'
import type { CodeListContent } from '../../standards/index.ts'
import { type ImportOutcome, importTable, readListHead, tryTable } from '../../standards/index.ts'
import { EXIT, type Io, printJson, readArguments, UsageError } from './command.ts'
import { onDatabase } from './database.ts'
import { readable } from './file.ts'

const OPTIONS = {
  list: { type: 'string' },
  organisation: { type: 'string' },
  'dry-run': { type: 'boolean' },
  data: { type: 'string' },
  json: { type: 'boolean' },
} as const

export const IMPORT_USAGE = [
  'gdbos standard import FILE [OPTIONS]',
  '',
  '  FILE                a CSV or XLSX of codes or of data elements, as “standard export” writes them',
  '  --list FILE.json    head of the code list: as in the JSON of an export; the published one’s unless given',
  '  --dry-run           tell what is wrong, cell by cell, by the standards as they ship; opens no database',
  '  --organisation ID   whose drafts they become; needed without --dry-run',
  '  --data DIR          data folder (default GDBOS_DATA), or DATABASE_URL',
  '  --json              print {read, unchanged, drafts, findings, findingCount}',
]

/** `gdbos standard import`: drafts what a table says; the drafts enter the review of any other. */
export async function readStandard(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS, ['FILE'])
  const [file = ''] = positionals
  const { organisation: organisationId } = values
  const dryRun = values['dry-run'] === true
  if (organisationId === undefined && !dryRun) throw new UsageError('--organisation ID is missing')
  await readable(file)
  const bytes = await readFile(file)
  const list = values.list === undefined ? undefined : await headIn(values.list)

  const outcome =
    organisationId === undefined || dryRun
      ? await tryTable(bytes, list, dayOf(new Date()))
      : await draft(bytes, list, organisationId, values.data)
  if (values.json === true) printJson(io, outcome)
  else io.stdout.write(inWords(outcome))
  return outcome.findingCount === 0 ? EXIT.done : EXIT.refused
}

function draft(
  bytes: Buffer,
  list: CodeListContent | undefined,
  organisationId: string,
  dataFolder: string | undefined,
): Promise<ImportOutcome> {
  const actor = { id: 'operator', organisationId, roles: ['standards-drafter', 'system'] }
  const file = { read: () => Promise.resolve(bytes), list, dryRun: false }
  return onDatabase(dataFolder, (ctx) => importTable(ctx, file), { actor, shipped: true })
}

async function headIn(file: string): Promise<CodeListContent> {
  try {
    return readListHead(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    const [reason = ''] = error instanceof Error ? error.message.split('\n') : []
    throw new UsageError(`${file} holds no head of a code list: ${reason}`)
  }
}

function inWords({ read, unchanged, drafts, findings, findingCount }: ImportOutcome): string {
  const lines = [
    `read ${read}, unchanged ${unchanged}, drafted ${drafts.length}`,
    ...drafts.map(({ code, version }) => `draft  ${code} ${version}`),
    ...findings.map(
      ({ row, column, code, message }) => `row ${row}, ${column}: ${message.en} ${message.zh} (${code})`,
    ),
    ...(findingCount > findings.length ? [`and ${findingCount - findings.length} more`] : []),
  ]
  return `${lines.join('\n')}\n`
}

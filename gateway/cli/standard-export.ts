import { writeFile } from 'node:fs/promises'
import { EXPORT_FORMATS, type Exportable, exportStandard } from '../../standards/index.ts'
import { EXIT, type Io, printJson, readArguments, UsageError } from './command.ts'
import { onDatabase } from './database.ts'

const OPTIONS = {
  format: { type: 'string' },
  output: { type: 'string' },
  bom: { type: 'boolean' },
  data: { type: 'string' },
  json: { type: 'boolean' },
} as const

export const EXPORT_USAGE = [
  'gdbos standard export CODE[@VERSION] --format FORMAT [OPTIONS]',
  '',
  '  CODE            a record schema (business-registration), a code list (GB/T 2260@2023, or GB/T 2260 for the',
  '                  edition in force), a data element (DE00000002), or “elements” for all of them',
  `  --format F      ${EXPORT_FORMATS.join(', ')}`,
  '  --output FILE   where to write; without, on stdout',
  '  --bom           begin a CSV with a byte order mark',
  '  --data DIR      data folder (default GDBOS_DATA), or DATABASE_URL',
]

/** `gdbos standard export`: writes a published standard in a format others read. */
export async function writeStandard(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS, ['CODE'])
  const { format, output, bom = false } = values
  if (format === undefined) throw new UsageError('--format FORMAT is missing')
  if (format === 'xlsx' && output === undefined) throw new UsageError('--format xlsx needs --output FILE')
  const named = standardNamed(positionals[0] ?? '')
  const { content } = await onDatabase(values.data, (ctx) => exportStandard(ctx, { ...named, format, bom }), {
    shipped: true,
  })
  if (output === undefined) {
    io.stdout.write(content.toString('utf8'))
    return EXIT.done
  }
  await writeFile(output, content).catch((error: unknown) => {
    throw new UsageError(`${output} cannot be written: ${error instanceof Error ? error.message : ''}`)
  })
  if (values.json === true) printJson(io, { file: output, sizeBytes: content.length })
  else io.stderr.write(`${content.length} bytes are written to ${output}.\n`)
  return EXIT.done
}

interface Named {
  readonly kind: Exportable
  readonly code?: string
  readonly version?: string
}

const ELEMENT = /^(DE\d{8})(?:@(.+))?$/
const SCHEMA = /^([a-z][a-z0-9-]{1,62})(?:@(.+))?$/
/** The edition of a list comes before its version. */
const LIST = /^(.+@.+)@(\d+\.\d+\.\d+)$/

/** What a person means by CODE[@VERSION]: each kind of standard has codes of its own look. */
export function standardNamed(text: string): Named {
  if (text === 'elements') return { kind: 'element' }
  const kinds = [
    ['element', ELEMENT],
    ['schema', SCHEMA],
    ['code-list', LIST],
  ] as const
  for (const [kind, look] of kinds) {
    const [, code, version] = look.exec(text) ?? []
    if (code !== undefined) return { kind, code, ...(version === undefined ? {} : { version }) }
  }
  return { kind: 'code-list', code: text }
}

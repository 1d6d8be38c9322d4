import { open, readFile } from 'node:fs/promises'
import { exportLog, knownNames, LOG_FORMATS, replayNow } from '../../workflows/index.ts'
import { manifests } from '../platform.ts'
import { EXIT, type Io, printJson, readInteger, UsageError } from './command.ts'
import { onDatabase } from './database.ts'

const MAX_VERSION = 1_000_000

export interface ReplayOptions {
  readonly from?: string | undefined
  readonly on?: string | undefined
  readonly data?: string | undefined
  readonly json?: boolean | undefined
}

/** `gdbos process replay`: what finished cases of a version would have become on another version or a file. */
export async function replay(io: Io, key: string, { from, on, data, json }: ReplayOptions): Promise<number> {
  if (from === undefined) throw new UsageError('--from VERSION is missing')
  if (on === undefined) throw new UsageError('--on FILE or VERSION is missing')
  const version = readInteger('from', from, 1, MAX_VERSION)
  const isVersion = /^\d+$/.test(on)
  const model = isVersion ? { to: readInteger('on', on, 1, MAX_VERSION) } : { xml: await readDraft(on) }
  const wish = { key, from: version, ...model }
  const report = await onDatabase(data, (ctx) =>
    replayNow(ctx, wish, knownNames(manifests), (done, total) => {
      if (done % 2_000 === 0 && done < total) io.stderr.write(`${done} of ${total} cases replayed\n`)
    }),
  )
  if (json === true) {
    printJson(io, { ...report, on: isVersion ? Number(on) : on })
    return EXIT.done
  }
  io.stdout.write(`${report.total} cases 办件, ${report.steps} steps 步\n`)
  for (const [outcome, count] of Object.entries(report.counts))
    io.stdout.write(`  ${outcome.padEnd(14)}${count}\n`)
  for (const { instanceId, outcome, node, recorded, code } of report.cases)
    io.stdout.write(
      `${instanceId} ${outcome} ${node ?? '-'}${recorded === null ? '' : ` (was ${recorded})`}${code === null ? '' : ` ${code}`}\n`,
    )
  return EXIT.done
}

async function readDraft(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    throw new UsageError(`--on must be a version or a file that can be read, not “${file}”`)
  }
}

export interface LogOptions {
  readonly format?: string | undefined
  readonly purpose?: string | undefined
  readonly version?: string | undefined
  readonly output?: string | undefined
  readonly data?: string | undefined
  readonly json?: boolean | undefined
}

/** `gdbos process log`: cases for process mining, to stdout or a new file. */
export async function log(io: Io, key: string, options: LogOptions): Promise<number> {
  const format = LOG_FORMATS.find((each) => each === options.format)
  if (format === undefined) throw new UsageError(`--format must be ${LOG_FORMATS.join(' or ')}`)
  const { purpose = '', output, json } = options
  if (json === true && output === undefined) throw new UsageError('--json needs --output FILE')
  const version =
    options.version === undefined ? null : readInteger('version', options.version, 1, MAX_VERSION)
  await onDatabase(options.data, async (ctx) => {
    const { content } = await exportLog(ctx, { key, format, version, purpose })
    if (output !== undefined) return write(output, content)
    for await (const part of content) io.stdout.write(part)
  })
  if (json === true) printJson(io, { key, format, file: output })
  return EXIT.done
}

/** @throws UsageError when the file exists or cannot be written */
async function write(file: string, content: AsyncIterable<string>): Promise<void> {
  const handle = await open(file, 'wx').catch((error: Error) => {
    throw new UsageError(`${file} cannot be written: ${error.message.split(',')[0] ?? ''}`)
  })
  try {
    for await (const part of content) await handle.write(part)
  } finally {
    await handle.close()
  }
}

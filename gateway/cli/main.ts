#!/usr/bin/env node
import { readFile } from 'node:fs/promises'
import { refusalOf } from '../refusals.ts'
import { type CliCommand, EXIT, type Io, printRefusal, UsageError } from './command.ts'

/** Loaded when named, so that a check of one value does not wait for the whole platform. */
const COMMANDS: Readonly<Record<string, () => Promise<CliCommand>>> = {
  start: async () => (await import('./start.ts')).start,
  migrate: async () => (await import('./migrate.ts')).migrate,
  doctor: async () => (await import('./doctor.ts')).doctor,
  organisation: async () => (await import('./administration.ts')).organisation,
  account: async () => (await import('./administration.ts')).account,
  item: async () => (await import('./administration.ts')).item,
  ingest: async () => (await import('./ingest.ts')).ingest,
  directory: async () => (await import('./directory.ts')).directory,
  golden: async () => (await import('./golden.ts')).golden,
  lineage: async () => (await import('./lineage.ts')).lineage,
  match: async () => (await import('./match.ts')).match,
  source: async () => (await import('./source.ts')).source,
  value: async () => (await import('./value.ts')).value,
  standard: async () => (await import('./standard.ts')).standard,
  process: async () => (await import('./process.ts')).process,
  decision: async () => (await import('./decision.ts')).decision,
  clock: async () => (await import('./clock.ts')).clock,
}

/** Runs one command line; answers its exit code. Never throws, never shows a stack. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args
  const json = rest.includes('--json')
  let command: CliCommand | undefined
  try {
    if (name === undefined || name === '-h' || name === '--help' || name === 'help') {
      if (name === 'help' && rest[0] !== undefined) return await run([rest[0], '--help'], io)
      io.stdout.write(await overview())
      return name === undefined ? EXIT.usage : EXIT.done
    }
    if (name === '--version' || name === '-V') {
      io.stdout.write(`${await version()}\n`)
      return EXIT.done
    }
    const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
    if (!load) throw new UsageError(unknownCommand(name))
    command = await load()
    const untilDashes = rest.slice(0, rest.includes('--') ? rest.indexOf('--') : rest.length)
    if (untilDashes.includes('-h') || untilDashes.includes('--help')) {
      io.stdout.write(helpOf(command))
      return EXIT.done
    }
    return await command.run(rest, io)
  } catch (error) {
    if (error instanceof UsageError) {
      io.stderr.write(`gdbos: ${error.message}\n`)
      if (command) io.stderr.write(`\n${command.usage}\n`)
      io.stderr.write(`\nTry: gdbos ${command ? `${command.name} ` : ''}--help\n`)
      return EXIT.usage
    }
    const refusal = refusalOf(error)
    if (refusal) return printRefusal(io, refusal, json)
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    io.stderr.write(
      `gdbos: something went wrong on our side: ${sentence}\n` +
        'gdbos: try again; if it stays, run `gdbos doctor` and report what it says\n',
    )
    return EXIT.unavailable
  }
}

async function overview(): Promise<string> {
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()))
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2
  return [
    'Examples:',
    ...commands.map(({ examples }) => `  ${examples[0] ?? ''}`),
    '',
    'Usage: gdbos COMMAND [OPTIONS]',
    '',
    'Commands:',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`),
    '',
    'Options:',
    '  -h, --help     Explain a command: gdbos COMMAND --help',
    '  -V, --version  Tell the version',
    '',
    'Exit codes: 0 done, 1 refused, 2 wrong usage, 3 unavailable',
    '',
  ].join('\n')
}

function helpOf({ summary, usage, examples }: CliCommand): string {
  return [
    'Examples:',
    ...examples.map((example) => `  ${example}`),
    '',
    summary,
    '',
    `Usage: ${usage}`,
    '',
  ].join('\n')
}

function unknownCommand(name: string): string {
  const [closest] = Object.keys(COMMANDS)
    .map((known) => ({ known, distance: distance(name, known) }))
    .filter(({ known, distance }) => distance <= Math.max(2, Math.floor(known.length / 3)))
    .sort((a, b) => a.distance - b.distance)
  return `there is no command “${name}”${closest ? `; did you mean “${closest.known}”?` : ''}`
}

/** How many letters must be added, taken away, changed or swapped with their neighbour. */
function distance(from: string, to: string): number {
  const rows = Array.from({ length: from.length + 1 }, (_, i) =>
    Array.from({ length: to.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  )
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0
  for (let i = 1; i <= from.length; i++)
    for (let j = 1; j <= to.length; j++) {
      const cost = from[i - 1] === to[j - 1] ? 0 : 1
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      const least = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + cost)
      const row = rows[i]
      if (row) row[j] = swapped ? Math.min(least, at(i - 2, j - 2) + 1) : least
    }
  return at(from.length, to.length)
}

async function version(): Promise<string> {
  // From the source the package is two folders up, from dist three.
  const folders = ['../../package.json', '../../../package.json']
  for (const path of folders) {
    const text = await readFile(new URL(path, import.meta.url), 'utf8').catch(() => undefined)
    if (text !== undefined) return (JSON.parse(text) as { version: string }).version
  }
  return 'unknown'
}

if (isEntry()) process.exitCode = await run(process.argv.slice(2), process)

/** Node 20 has no `import.meta.main`; a bin is reached through a link of the command's name. */
function isEntry(): boolean {
  return process.argv[1] !== undefined && /[\\/](gdbos|cli[\\/]main\.[jt]s)$/.test(process.argv[1])
}

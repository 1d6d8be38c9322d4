import { createReadStream } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { readConfig } from '../../core/config.ts'
import { openPlane } from '../../core/plane/open.ts'
import type { MatchSource } from '../../core/plane/match.ts'
import type { Plane } from '../../core/plane/plane.ts'
import { errors as planeErrors } from '../../core/plane/refusals.ts'
import {
  type MatchConfig,
  matchErrors,
  type MatchResult,
  matchSources,
  readMatchConfig,
} from '../../modules/golden/index.ts'
import { errors as ingestErrors, lookAt, stage } from '../../modules/ingest/index.ts'
import { type CliCommand, EXIT, type Io, printJson, readArguments, UsageError } from './command.ts'
import { readable } from './file.ts'

export const match: CliCommand = {
  name: 'match',
  summary: 'Find the rows of one or several files that stand for the same',
  usage: [
    'gdbos match FILE… --config FILE [OPTIONS]',
    '',
    '  --config FILE  what is compared and how; see docs/matching.md',
    '  --json         print {rows, candidates, blocks, model, pairs, clusters}',
    '',
    'One file is compared with itself, several with one another. Opens no database and keeps nothing.',
  ].join('\n'),
  examples: [
    'gdbos match persons.csv --config dedupe.json --json',
    'gdbos match penalties.csv facilities.csv --config link.json',
  ],
  async run(args, io) {
    const options = { config: { type: 'string' }, json: { type: 'boolean' } } as const
    const files = args.filter((arg, at) => !arg.startsWith('-') && args[at - 1] !== '--config')
    const { values } = readArguments(args, options, files.length === 0 ? ['FILE'] : files)
    if (values.config === undefined) throw new UsageError('--config FILE is missing')
    const config = await configIn(values.config)
    for (const file of files) await readable(file)

    const result = await matchFiles(files, config)
    print(io, result, values.json === true)
    return EXIT.done
  },
}

async function configIn(file: string): Promise<MatchConfig> {
  await readable(file)
  let json: unknown
  try {
    json = JSON.parse(await readFile(file, 'utf8'))
  } catch {
    throw matchErrors.MATCH_CONFIG_INVALID({ place: basename(file), reason: 'it is no JSON' })
  }
  return readMatchConfig(json)
}

/** Matches files in a folder of its own, which is gone afterwards. */
export async function matchFiles(files: readonly string[], config: MatchConfig): Promise<MatchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'gdbos-match-'))
  const { planeMemoryMb, planeSpillMb } = readConfig({ logLevel: 'error' })
  const plane = await openPlane({ folder, loadMemoryMb: planeMemoryMb, spillMb: planeSpillMb })
  try {
    const sources: MatchSource[] = []
    for (const [at, file] of files.entries()) sources.push(await staged(plane, file, config, at))
    return await matchSources(plane, config, sources)
  } finally {
    await plane.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function staged(
  plane: Plane,
  file: string,
  { sources }: MatchConfig,
  at: number,
): Promise<MatchSource> {
  const wanted = sources[sources.length === 1 ? 0 : at]
  if (!wanted)
    throw matchErrors.MATCH_CONFIG_INVALID({ place: `sources.${at}`, reason: 'there is no such source' })
  const open = () => createReadStream(file)
  const words = [wanted.id, ...Object.values(wanted.columns)]
  const { encoding, layout } = await lookAt(plane, open, { words })
  if (layout.unclear !== null) throw ingestErrors.HEADER_UNCLEAR({ reason: layout.unclear })
  const { sha256 } = await stage(plane, open(), { encoding, layout }, {})
  const cell = (column: string) => {
    const index = layout.header.findIndex((name) => name.trim() === column)
    if (index < 0) throw planeErrors.COLUMN_UNKNOWN({ column })
    return `c${index}`
  }
  return {
    name: `${at}`,
    files: [sha256],
    id: cell(wanted.id),
    columns: Object.fromEntries(
      Object.entries(wanted.columns).map(([field, column]) => [field, cell(column)]),
    ),
  }
}

function print(io: Io, { decided, clusters, ...result }: MatchResult, json: boolean): void {
  if (json) {
    printJson(io, { ...result, pairs: decided, clusters })
    return
  }
  const linked = decided.filter(({ decision }) => decision === 'link').length
  io.stdout.write(
    `${result.rows} rows, ${result.candidates} pairs compared: ${linked} linked, ` +
      `${decided.length - linked} to decide, ${clusters.length} clusters\n`,
  )
  for (const { left, right, weight, decision, parts } of decided) {
    const why = parts.map((part) => `${part.field} ${part.level} ${part.weight}`).join(', ')
    io.stdout.write(`${decision} ${weight} ${left.source}:${left.id} ${right.source}:${right.id} (${why})\n`)
  }
}

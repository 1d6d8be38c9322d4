import { writeFile } from 'node:fs/promises'
import { isUuid } from '../../core/text/uuid.ts'
import { lineageEvents } from '../../modules/golden/index.ts'
import { linesOf } from '../rest/lineage.ts'
import { type CliCommand, EXIT, printJson, readArguments, UsageError } from './command.ts'
import { onDatabase, OPERATOR } from './database.ts'

const OPTIONS = {
  dataset: { type: 'string' },
  output: { type: 'string' },
  data: { type: 'string' },
  json: { type: 'boolean' },
} as const

export const lineage: CliCommand = {
  name: 'lineage',
  summary: 'Export where a dataset comes from and what it became, as OpenLineage events',
  usage: [
    'gdbos lineage export --dataset ID [OPTIONS]',
    '',
    '  --dataset ID   the dataset whose versions, and the merge that reads them, are told',
    '  --output FILE  write the events there, one a line; refused when the file exists',
    '  --data DIR     data folder (default GDBOS_DATA), or DATABASE_URL',
    '  --json         print the events as one JSON array, or, with --output, {events, file}',
  ].join('\n'),
  examples: ['gdbos lineage export --dataset 3f0a4a0e-5b1c-4c6e-9a53-8a7b1d2c4e5f --output events.ndjson'],
  async run(args, io) {
    const { values, positionals } = readArguments(args, OPTIONS, ['“export”'])
    const [verb] = positionals
    if (verb !== 'export') throw new UsageError(`there is no “lineage ${verb}”; did you mean “export”?`)
    const { dataset, output, json = false } = values
    if (dataset === undefined) throw new UsageError('--dataset ID is missing')
    if (!isUuid(dataset)) throw new UsageError(`--dataset must be the id of a dataset, not “${dataset}”`)
    const events = await onDatabase(values.data, (ctx) => lineageEvents(ctx, dataset), { actor: OPERATOR })
    if (output === undefined) {
      if (json) printJson(io, events)
      else io.stdout.write(linesOf(events))
      return EXIT.done
    }
    await write(output, linesOf(events))
    if (json) printJson(io, { events: events.length, file: output })
    else io.stderr.write(`${events.length} events written to ${output}\n`)
    return EXIT.done
  },
}

/** @throws UsageError when the file exists or cannot be written */
async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' })
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${(error as Error).message.split(',')[0] ?? ''}`)
  }
}

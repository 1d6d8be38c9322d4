import { exportDirectory } from '../../modules/catalog/index.ts'
import { type CliCommand, EXIT, readArguments, UsageError } from './command.ts'
import { onDatabase } from './database.ts'

/** `gdbos directory export`: the published resource directory as DCAT-AP JSON-LD. */
export const directory: CliCommand = {
  name: 'directory',
  summary: 'Export the published resource directory',
  usage: [
    'gdbos directory export [OPTIONS]   print it as JSON-LD (DCAT 3, DCAT-AP 3.0.1)',
    '',
    '  --open         only what is open to the public',
    '  --data FOLDER  the data folder (default GDBOS_DATA or ./data)',
  ].join('\n'),
  examples: ['gdbos directory export > catalog.jsonld', 'gdbos directory export --open --data /srv/gdbos'],
  async run(args, io) {
    const { values, positionals } = readArguments(args, OPTIONS, ['“export”'])
    if (positionals[0] !== 'export')
      throw new UsageError(`there is no “directory ${positionals[0]}”; did you mean “export”?`)
    await onDatabase(values.data, async (ctx) => {
      for await (const piece of exportDirectory(ctx, { openOnly: values.open === true }))
        io.stdout.write(piece)
    })
    return EXIT.done
  },
}

const OPTIONS = { open: { type: 'boolean' }, data: { type: 'string' } } as const

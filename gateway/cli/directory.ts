import { readConfig } from '../../core/config.ts'
import { openKernel, PLATFORM } from '../../core/kernel.ts'
import { exportDirectory } from '../../modules/catalog/index.ts'
import { manifests } from '../platform.ts'
import { type CliCommand, EXIT, readArguments, UsageError } from './command.ts'

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
    const folder = values.data === undefined ? {} : { dataFolder: values.data }
    const kernel = await openKernel(readConfig({ logLevel: 'error', ...folder }), manifests, {
      shareFolder: true,
    })
    try {
      const openOnly = values.open === true
      for await (const piece of exportDirectory(kernel.contextFor(PLATFORM), { openOnly }))
        io.stdout.write(piece)
    } finally {
      await kernel.close()
    }
    return EXIT.done
  },
}

const OPTIONS = { open: { type: 'boolean' }, data: { type: 'string' } } as const

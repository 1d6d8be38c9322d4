import { readConfig } from '../../core/config.ts'
import { openKernel, PLATFORM } from '../../core/kernel.ts'
import { type CliCommand, EXIT, printJson, readArguments } from './command.ts'

export const migrate: CliCommand = {
  name: 'migrate',
  summary: 'Bring the database to this program’s schema and load the shipped packs',
  usage: 'gdbos migrate [--data DIR] [--json]',
  examples: ['gdbos migrate --data ./data', 'DATABASE_URL=postgres://gdbos@db/gdbos gdbos migrate --json'],
  async run(args, io) {
    const { values } = readArguments(args, { data: { type: 'string' }, json: { type: 'boolean' } })
    const config = readConfig({
      logLevel: 'error',
      ...(values.data !== undefined && { dataFolder: values.data }),
    })
    const [{ manifests }, { seed }] = await Promise.all([import('../platform.ts'), import('../seed.ts')])
    const kernel = await openKernel(config, manifests, { shareFolder: true })
    try {
      await seed(kernel.contextFor(PLATFORM))
      const { applied } = kernel.database
      if (values.json === true) printJson(io, { applied })
      else if (applied.length === 0) io.stderr.write('The database is up to date.\n')
      else
        io.stderr.write(
          `Applied ${applied.length} migrations:\n${applied.map((name) => `  ${name}\n`).join('')}`,
        )
      return EXIT.done
    } finally {
      await kernel.close()
    }
  },
}

import { type CliCommand, EXIT, printJson, readArguments } from './command.ts'
import { onDatabase } from './database.ts'

export const migrate: CliCommand = {
  name: 'migrate',
  summary: 'Bring the database to this program’s schema and load the shipped packs',
  usage: 'gdbos migrate [--data DIR] [--json]',
  examples: ['gdbos migrate --data ./data', 'DATABASE_URL=postgres://gdbos@db/gdbos gdbos migrate --json'],
  async run(args, io) {
    const { values } = readArguments(args, { data: { type: 'string' }, json: { type: 'boolean' } })
    const applied = await onDatabase(values.data, async (_ctx, { database }) => database.applied, {
      shipped: true,
    })
    if (values.json === true) printJson(io, { applied })
    else if (applied.length === 0) io.stderr.write('The database is up to date.\n')
    else
      io.stderr.write(
        `Applied ${applied.length} migrations:\n${applied.map((name) => `  ${name}\n`).join('')}`,
      )
    return EXIT.done
  },
}

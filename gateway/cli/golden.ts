import { explainRecord } from '../../modules/golden/index.ts'
import { type CliCommand, EXIT, printJson, readArguments, UsageError } from './command.ts'
import { onDatabase, OPERATOR } from './database.ts'

const OPTIONS = {
  purpose: { type: 'string' },
  data: { type: 'string' },
  json: { type: 'boolean' },
} as const

export const golden: CliCommand = {
  name: 'golden',
  summary: 'Explain why a golden record holds the values it holds',
  usage: [
    'gdbos golden explain KEY --purpose TEXT [OPTIONS]',
    '',
    '  --purpose TEXT  why you look; it is logged with the read',
    '  --data DIR      data folder (default GDBOS_DATA), or DATABASE_URL',
    '  --json          print {key, name, fields: [{name, value, rule, text, lost}]}',
  ].join('\n'),
  examples: ['gdbos golden explain 91350100M000100Y43 --purpose "a complaint about the address"'],
  async run(args, io) {
    const { values, positionals } = readArguments(args, OPTIONS, ['“explain”', 'KEY'])
    const [verb, key = ''] = positionals
    if (verb !== 'explain') throw new UsageError(`there is no “golden ${verb}”; did you mean “explain”?`)
    if (values.purpose === undefined) throw new UsageError('--purpose TEXT is missing')
    const input = { key, purpose: values.purpose }
    const record = await onDatabase(values.data, (ctx) => explainRecord(ctx, input), { actor: OPERATOR })
    if (values.json === true) printJson(io, record)
    else {
      const fields = record.fields.flatMap(({ text, lost }) => [text, ...lost.map((each) => each.text)])
      for (const { zh, en } of [...fields, ...record.formerNames.map(({ text }) => text)])
        io.stdout.write(`${zh}\n${en}\n`)
    }
    return EXIT.done
  },
}

import { readFile } from 'node:fs/promises'
import { readConfig } from '../../core/config.ts'
import { openObjects } from '../../core/objects/open.ts'
import { testFiles, testSource, type TestResult } from '../../core/plane/connectors/index.ts'
import { describedSource, tryConnection } from '../../modules/catalog/index.ts'
import { type CliCommand, EXIT, type Io, printJson, readArguments, UsageError } from './command.ts'
import { onDatabase } from './database.ts'

/** `gdbos source test`: tries a source step by step, a registered one or one described in a file. */
export const source: CliCommand = {
  name: 'source',
  summary: 'Try the connection to a department’s database, service or files, step by step',
  usage: [
    'gdbos source test ID [OPTIONS]            a registered source',
    'gdbos source test --config FILE [OPTIONS] one described in a file, without a database of ours',
    '',
    '  --config FILE       JSON {connection: {kind, host, port, database, user, tls}, networks: ["10.0.0.0/8"]}',
    '                      for REST {kind: "rest", url, auth: none, header, basic or oauth, user, recordPath,',
    '                      oauth: {tokenUrl, clientId, scope}}; with oauth the secret is the client’s',
    '                      for files of the object store {kind: "files", prefix: "inbox/ORGANISATION/…/"}',
    '  --secret-file FILE  holds the password or token (never an argument: others can see those)',
    '  --collection NAME   also read from this table or collection',
    '  --data FOLDER       the data folder (default GDBOS_DATA or ./data)',
    '  --json              print {kind, passed, failed, collections}',
  ].join('\n'),
  examples: [
    'gdbos source test 0b0a1c9e-6f0e-4c52-8a59-6d2f2f0c7f11 --json',
    'gdbos source test --config registry.json --secret-file registry.secret --collection public.firms',
  ],
  async run(args, io) {
    const isDescribed = args.some((arg) => arg === '--config' || arg.startsWith('--config='))
    const names = isDescribed ? ['“test”'] : ['“test”', 'ID or --config FILE']
    const { values, positionals } = readArguments(args, OPTIONS, names)
    if (positionals[0] !== 'test')
      throw new UsageError(`there is no “source ${positionals[0]}”; did you mean “test”?`)
    const result =
      values.config === undefined
        ? await registered(positionals[1] ?? '', values.data)
        : await described(values.config, values['secret-file'], values.collection, values.data)
    return print(io, result, values.json === true)
  },
}

const OPTIONS = {
  config: { type: 'string' },
  'secret-file': { type: 'string' },
  collection: { type: 'string' },
  data: { type: 'string' },
  json: { type: 'boolean' },
} as const

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

async function registered(id: string, dataFolder: string | undefined): Promise<TestResult> {
  if (!UUID.test(id)) throw new UsageError(`“${id}” is not the id of a source`)
  return onDatabase(dataFolder, (ctx) => tryConnection(ctx, id))
}

async function described(
  file: string,
  secretFile: string | undefined,
  collection: string | undefined,
  dataFolder: string | undefined,
): Promise<TestResult> {
  const { connection, network } = describedSource(parsed(await textOf(file), file))
  const { signal } = new AbortController()
  if (connection.kind === 'files') {
    const objects = await openObjects(readConfig(dataFolder === undefined ? {} : { dataFolder }))
    return testFiles(objects, connection, connection.prefix.split('/')[1] ?? '', signal)
  }
  const secret = secretFile === undefined ? '' : (await textOf(secretFile)).replace(/\r?\n$/, '')
  return testSource({ connection, network, secret }, collection ?? null, signal)
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new UsageError(`the file “${file}” cannot be read`)
  })
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`the file “${file}” is not JSON`)
  }
}

function print(io: Io, { kind, passed, failed, collections }: TestResult, json: boolean): number {
  const refusal = failed && { code: failed.refusal.code, messages: failed.refusal.messages }
  if (json) printJson(io, { kind, passed, failed: failed && { step: failed.step, ...refusal }, collections })
  else {
    for (const step of passed) io.stdout.write(`${step}: passed\n`)
    if (failed)
      io.stdout.write(
        `${failed.step}: failed (${failed.refusal.code})\n  ${failed.refusal.messages.en}\n  ${failed.refusal.messages.zh}\n`,
      )
    else for (const collection of collections) io.stdout.write(`  ${collection}\n`)
  }
  return failed === null ? EXIT.done : failed.refusal.kind === 'unavailable' ? EXIT.unavailable : EXIT.refused
}

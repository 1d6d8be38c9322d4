import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { defineErrors } from '../../core/errors.ts'
import {
  gate,
  handOver,
  knownNames,
  type Known,
  packSchema,
  readDecisions,
  readScript,
  refusalOf,
  runScript,
} from '../../workflows/index.ts'
import { manifests } from '../platform.ts'
import { type CliCommand, EXIT, type Io, printJson, readArguments, UsageError } from './command.ts'
import { onDatabase } from './database.ts'
import { deployFile } from './process-deploy.ts'
import { log, replay } from './process-insight.ts'
import { migrate } from './process-migrate.ts'

const errors = defineErrors('PROCESS', {
  FILE_UNREADABLE: {
    kind: 'not-found',
    zh: '无法读取文件 {file}',
    en: 'The file {file} cannot be read',
  },
  SCRIPT_MALFORMED: {
    kind: 'invalid',
    zh: '脚本 {file} 不是有效的JSON',
    en: 'The script {file} is not valid JSON',
  },
})

/** `gdbos process check|run`, the gate and the step function on a file, open no database; the others do. */
const command: CliCommand = {
  name: 'process',
  summary: 'Check, run and deploy a BPMN file, take running cases to a new version, replay finished ones',
  usage: [
    'gdbos process check FILE.bpmn [--json]',
    'gdbos process run FILE.bpmn --script FILE.json [--json]',
    'gdbos process deploy FILE.bpmn|PACK [--dry-run] [--data DIR] [--json]',
    'gdbos process migrate --from KEY@VERSION --to KEY@VERSION [--map OLD=NEW]... [--rehearse|--execute]',
    '                      [--reason TEXT] [--data DIR] [--json]',
    'gdbos process migrate --undo ID --reason TEXT | --status ID [--data DIR] [--json]',
    'gdbos process hand-over KEY --to ORGANISATION [--data DIR] [--json]',
    'gdbos process replay KEY --from VERSION --on FILE.bpmn|VERSION [--data DIR] [--json]',
    'gdbos process log KEY --format xes|ocel --purpose TEXT [--version N] [--output FILE] [--data DIR] [--json]',
    '',
    '  check   all findings of the gate; beside a pack.json, its forms are known too',
    '  run     the script is a list of {complete: node, output?}, {fail: node, code}, {advance: "PT2H"},',
    '          {message: name, key?, payload?}, {signal: name}; any service task is answered by it',
    '  deploy  the file, or the folder of a pack, becomes the next version of its process once the gate and the',
    '          rehearsal pass; with --dry-run nothing is stored. Running cases stay on their version',
    '  migrate takes running cases to another version. Without --rehearse or --execute it prints what the ids and',
    '          names suggest; --rehearse says of each case whether it can be taken over, and touches none;',
    '          --execute does it in batches of 200; exit code 1 when some had to stay. --undo takes back those that',
    '          have not gone on since',
    '  hand-over   its designers deploy the versions from then on; updates of the platform leave it alone',
    '  replay  gives what was answered in the finished cases of a version to another version or a draft, and',
    '          tells which would have gone the same way, and where the others differ; no case is touched',
    '  log     the cases for process mining: XES (IEEE 1849-2016) or OCEL 2.0; persons get pseudonyms of this',
    '          file alone, and the read is written to the access log with its purpose',
    '',
    '  --script FILE.json   what happens, in order',
    '  --to ORGANISATION    id of the organisation the process goes to',
    '  --dry-run            check and rehearse only',
    '  --map OLD=NEW        what a node becomes; one that is not named keeps its id',
    '  --reason TEXT        why, for the record of each case',
    '  --from VERSION       the version the cases ran on',
    '  --on FILE|VERSION    what they are replayed on',
    '  --format xes|ocel    of the log',
    '  --purpose TEXT       why it is taken',
    '  --version N          only the cases of this version (default all)',
    '  --output FILE        write the log there; refused when the file exists',
    '  --data DIR           data folder (default GDBOS_DATA), or DATABASE_URL',
    '  --json               print one JSON object',
  ].join('\n'),
  examples: [
    'gdbos process check licence.bpmn --json',
    'gdbos process run licence.bpmn --script granted.json --json',
    'gdbos process deploy licence.bpmn --dry-run --json',
    'gdbos process migrate --from licence@1 --to licence@2 --map check=examine --rehearse --reason "new rules" --json',
    'gdbos process hand-over food-business-licence --to county',
    'gdbos process replay food-business-licence --from 1 --on draft.bpmn --json',
    'gdbos process log food-business-licence --format xes --purpose "find what keeps cases waiting" --output log.xes',
  ],
  async run(args, io) {
    const [first, ...rest] = args
    if (first === 'deploy') return deployFile(rest, io)
    if (first === 'migrate') return migrate(rest, io)
    const { values, positionals } = readArguments(args, OPTIONS, [
      '“check”, “run”, “deploy”, “migrate”, “hand-over”, “replay” or “log”',
      'FILE or KEY',
    ])
    const [action = '', subject = ''] = positionals
    const json = values.json === true
    for (const [option, of] of Object.entries(BELONGS)) {
      if (values[option as keyof typeof values] !== undefined && !of.includes(action))
        throw new UsageError(`--${option} belongs to “process ${of.join('” and “process ')}”`)
    }
    if (action === 'check') return check(io, subject, json)
    if (action === 'run') {
      if (values.script === undefined) throw new UsageError('--script FILE.json is missing')
      return run(io, subject, values.script, json)
    }
    if (action === 'replay') return replay(io, subject, values)
    if (action === 'log') return log(io, subject, values)
    if (action !== 'hand-over')
      throw new UsageError(
        `there is no “process ${action}”; there are check, run, deploy, migrate, hand-over, replay and log`,
      )
    const { to } = values
    if (to === undefined) throw new UsageError('--to ORGANISATION is missing')
    const { key, version } = await onDatabase(values.data, (ctx) => handOver(ctx, subject, to))
    if (json) printJson(io, { key, version, organisationId: to })
    else io.stderr.write(`${key} belongs to ${to}.\n`)
    return EXIT.done
  },
}

export { command as process }

const OPTIONS = {
  script: { type: 'string' },
  to: { type: 'string' },
  from: { type: 'string' },
  on: { type: 'string' },
  format: { type: 'string' },
  purpose: { type: 'string' },
  version: { type: 'string' },
  output: { type: 'string' },
  data: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** The actions an option is for. */
const BELONGS: Readonly<Record<string, readonly string[]>> = {
  script: ['run'],
  to: ['hand-over'],
  from: ['replay'],
  on: ['replay'],
  format: ['log'],
  purpose: ['log'],
  version: ['log'],
  output: ['log'],
  data: ['hand-over', 'replay', 'log'],
}

async function check(io: Io, file: string, json: boolean): Promise<number> {
  const { valid, findings, warnings } = await gate(await read(file), { known: await known(file) })
  if (json) printJson(io, { valid, findings, warnings })
  else {
    for (const { rule, element, zh, en } of findings)
      io.stdout.write(`${rule} ${element}\n  ${zh}\n  ${en}\n`)
    for (const { rule, element, en } of warnings) io.stderr.write(`warning: ${rule} ${element}: ${en}\n`)
    io.stdout.write(valid ? 'valid 通过\n' : `${findings.length} findings 项问题\n`)
  }
  return valid ? EXIT.done : EXIT.refused
}

async function run(io: Io, file: string, scriptFile: string, json: boolean): Promise<number> {
  const report = await gate(await read(file), { known: await known(file), inMemory: true })
  if (!report.definition) throw refusalOf(report)
  const result = runScript(report.definition, readScript(await readJson(scriptFile)), new Date())
  if (json) printJson(io, result)
  else {
    for (const { event, node } of result.trace) io.stdout.write(`${event} ${node}\n`)
    io.stdout.write(
      `${result.status}${result.waiting.length > 0 ? `, waiting at ${result.waiting.join(', ')}` : ''}\n`,
    )
  }
  return EXIT.done
}

async function known(file: string): Promise<Known> {
  const names = knownNames(manifests)
  const pack = join(dirname(file), 'pack.json')
  if (!existsSync(pack)) return names
  const parsed = packSchema.safeParse(await readJson(pack))
  if (!parsed.success) return names
  const decisions = await Promise.all(
    parsed.data.decisions.map(async (name) => readDecisions(await read(join(dirname(file), name)))),
  )
  return { ...names, forms: new Set(parsed.data.forms), decisions }
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    // Missing, a folder or forbidden: for the caller it is one thing.
    throw errors.FILE_UNREADABLE({ file })
  }
}

async function readJson(file: string): Promise<unknown> {
  const text = await read(file)
  try {
    return JSON.parse(text) as unknown
  } catch {
    // JSON.parse names a position in the text, not the file.
    throw errors.SCRIPT_MALFORMED({ file })
  }
}

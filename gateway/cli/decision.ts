import { readFile } from 'node:fs/promises'
import { defineErrors } from '../../core/errors.ts'
import {
  checkDecisions,
  Compiled,
  decisionErrors,
  evaluateDecision,
  inputsOf,
  readDecisions,
  readExact,
  writeAnswer,
} from '../../workflows/index.ts'
import { type CliCommand, EXIT, type Io, printJson, readArguments, UsageError } from './command.ts'

const errors = defineErrors('DECISION', {
  FILE_UNREADABLE: {
    kind: 'not-found',
    zh: '无法读取文件 {file}',
    en: 'The file {file} cannot be read',
  },
})

/** `gdbos decision evaluate|check`: a DMN file by itself. Opens no database. */
export const decision: CliCommand = {
  name: 'decision',
  summary: 'Evaluate a decision of a DMN file, or check its tables for overlaps and gaps',
  usage: [
    'gdbos decision evaluate FILE.dmn --decision NAME --input JSON [--import FILE.dmn]… [--json]',
    'gdbos decision check FILE.dmn [--import FILE.dmn]… [--json]',
    '',
    '  evaluate   prints {result, rules, warnings}: the rules that fired with their inputs, and why',
    '             something is null; decimals keep all their digits',
    '  check      all findings: expressions, overlaps against the hit policy, unreachable rules, gaps',
    '',
    '  --decision NAME     a decision or decision service of the file',
    '  --input JSON        an object of the inputs by name; dates and durations as ISO 8601 texts',
    '  --import FILE.dmn   a file that FILE.dmn imports; may be given several times',
    '  --json              print one JSON object',
  ].join('\n'),
  examples: [
    `gdbos decision evaluate route.dmn --decision route --input '{"outcome":"accept"}' --json`,
    'gdbos decision check route.dmn --json',
  ],
  async run(args, io) {
    const { values, positionals } = readArguments(args, OPTIONS, ['“evaluate” or “check”', 'FILE.dmn'])
    const [action = '', file = ''] = positionals
    const { decision: name, input } = values
    const json = values.json === true
    if (action !== 'evaluate' && action !== 'check')
      throw new UsageError(`there is no “decision ${action}”; there are evaluate and check`)
    if (action === 'check') {
      if (name !== undefined || input !== undefined)
        throw new UsageError('--decision and --input belong to “decision evaluate”')
      return check(io, await compiled(file, values.import ?? []), json)
    }
    if (name === undefined) throw new UsageError('--decision NAME is missing')
    if (input === undefined) throw new UsageError('--input JSON is missing')
    return evaluate(io, await compiled(file, values.import ?? []), name, input, json)
  },
}

const OPTIONS = {
  decision: { type: 'string' },
  input: { type: 'string' },
  import: { type: 'string', multiple: true },
  json: { type: 'boolean' },
} as const

async function compiled(file: string, imports: readonly string[]): Promise<Compiled> {
  const model = await readDecisions(await read(file))
  return new Compiled(model, await Promise.all(imports.map(async (one) => readDecisions(await read(one)))))
}

function evaluate(io: Io, model: Compiled, name: string, input: string, json: boolean): number {
  const given = readExact(input)
  if (!(given instanceof Map)) throw decisionErrors.INPUT_INVALID({ name: '', reason: 'JSON object' })
  const evaluated = evaluateDecision(model, name, inputsOf(model, name, given), new Date())
  io.stdout.write(`${writeAnswer(evaluated)}\n`)
  if (!json)
    for (const { at, code, en } of evaluated.warnings) io.stderr.write(`warning: ${code} ${at}: ${en}\n`)
  return EXIT.done
}

function check(io: Io, model: Compiled, json: boolean): number {
  const findings = checkDecisions(model)
  const valid = findings.every(({ severity }) => severity !== 'error')
  if (json) printJson(io, { valid, findings })
  else {
    for (const { rule, severity, decision, zh, en } of findings)
      io.stdout.write(`${severity}: ${rule} ${decision}\n  ${zh}\n  ${en}\n`)
    io.stdout.write(valid ? 'valid 通过\n' : `${findings.length} findings 项问题\n`)
  }
  return valid ? EXIT.done : EXIT.refused
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    // Missing, a folder or forbidden: for the caller it is one thing.
    throw errors.FILE_UNREADABLE({ file })
  }
}

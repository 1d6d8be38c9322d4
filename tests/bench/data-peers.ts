import { Ajv } from 'ajv'
import { execFile } from 'node:child_process'
import { createReadStream, createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { parse } from 'csv-parse'
import { check } from '../../core/text/check.ts'
import type { CompiledColumn } from '../../core/text/column.ts'
import { SERVER } from '../support/database.ts'
import { TODAY } from './load.ts'
import { WIDE } from './register.ts'

export interface Peer {
  readonly ms: number
  readonly accepted: number
}

/**
 * What a team writes by hand in Node: csv-parse, trim and NFKC, an ajv schema with a keyword for check digits,
 * one accepted row a line to a file. No typing, no duplicates, no sorting, no findings.
 */
export async function nodePeer(file: string, to: string): Promise<Peer> {
  const startedAt = performance.now()
  const ajv = new Ajv()
  ajv.addKeyword({
    keyword: 'checked',
    type: 'string',
    validate: (algorithm: 'gb11643' | 'gb32100', value: string) =>
      check(algorithm, value, { today: TODAY }) === 'ok',
  })
  const isValid = ajv.compile({
    type: 'object',
    properties: Object.fromEntries(WIDE.map((column) => [column.name, schemaOf(column)])),
    required: WIDE.filter(({ required }) => required).map(({ name }) => name),
  })
  const sink = createWriteStream(to, { highWaterMark: 1_048_576 })
  let accepted = 0
  let block = ''
  const records = createReadStream(file).pipe(parse({ columns: true }))
  for await (const record of records as AsyncIterable<Record<string, string>>) {
    const row: Record<string, string> = {}
    for (const [name, cell] of Object.entries(record)) {
      const value = cell.trim().normalize('NFKC')
      if (value !== '') row[name] = value
    }
    if (!isValid(row)) continue
    accepted += 1
    block += `${JSON.stringify(row)}\n`
    if (block.length < 1_048_576) continue
    if (!sink.write(block)) await once(sink, 'drain')
    block = ''
  }
  sink.end(block)
  await once(sink, 'finish')
  return { ms: performance.now() - startedAt, accepted }
}

function schemaOf({ check, codes, pattern, dataType, minLength, maxLength }: CompiledColumn): object {
  const shape =
    dataType === 'date'
      ? '^\\d{4}-?\\d{2}-?\\d{2}$'
      : dataType === 'integer' || dataType === 'number' || dataType === 'money'
        ? '^\\d+(\\.\\d+)?$'
        : pattern
  return {
    type: 'string',
    ...(check !== undefined && { checked: check }),
    ...(codes !== undefined && { enum: [...codes] }),
    ...(shape !== undefined && { pattern: shape }),
    ...(minLength !== undefined && { minLength }),
    ...(maxLength !== undefined && { maxLength }),
  }
}

const run = promisify(execFile)

/** Statements by psql on the server, as a client of its own. */
export async function psqlOn(
  address: string,
  ...commands: readonly string[]
): Promise<{ ms: number; out: string }> {
  const options = ['-X', '-q', '-t', '-A', '-v', 'ON_ERROR_STOP=1', '-d', address]
  const startedAt = performance.now()
  const asked = commands.flatMap((each) => ['-c', each])
  const { stdout } = await run('psql', [...options, ...asked], { maxBuffer: 64 * 1_048_576 })
  return { ms: performance.now() - startedAt, out: stdout.trim() }
}

/** On the test server; undefined without one. */
export async function psql(...commands: readonly string[]): Promise<{ ms: number; out: string } | undefined> {
  return SERVER === undefined ? undefined : psqlOn(SERVER, ...commands)
}

const DROP = 'set client_min_messages = error; drop schema if exists gdbos_bench cascade'
const TEXTS = WIDE.map(({ name }) => `${name} text`).join(', ')

/** What a team writes on a database: COPY into texts, then one statement that types, checks shapes and codes. */
export async function postgresPeer(file: string): Promise<Peer | undefined> {
  await psql(DROP, 'create schema gdbos_bench', `create unlogged table gdbos_bench.raw (${TEXTS})`)
  const loaded = await psql(
    `\\copy gdbos_bench.raw from '${file}' with (format csv, header)`,
    `create unlogged table gdbos_bench.accepted as select distinct on (person) ${WIDE.map(cellOf).join(', ')}
       from gdbos_bench.raw where ${WIDE.flatMap(ruleOf).join(' and ')} order by person`,
  )
  const counted = await psql('select count(*) from gdbos_bench.accepted')
  await psql(DROP)
  return loaded && { ms: loaded.ms, accepted: Number(counted?.out) }
}

/** The table `gdbos_bench.raw` filled from the file, for the benches that read one. */
export async function givenTable(file: string): Promise<void> {
  await psql(
    DROP,
    'create schema gdbos_bench',
    `create table gdbos_bench.raw (${TEXTS})`,
    `\\copy gdbos_bench.raw from '${file}' with (format csv, header)`,
  )
}

export const dropTable = () => psql(DROP)

const trimmed = (name: string) => `normalize(trim(${name}), nfkc)`

function cellOf({ name, dataType }: CompiledColumn): string {
  const type = { date: '::date', integer: '::integer', number: '::numeric', money: '::numeric' }
  return `nullif(${trimmed(name)}, '')${type[dataType as keyof typeof type] ?? ''} as ${name}`
}

function ruleOf(column: CompiledColumn): string[] {
  const { name, codes, pattern, dataType, check } = column
  const shape =
    check === 'gb11643'
      ? '^[0-9]{17}[0-9X]$'
      : check === 'gb32100'
        ? '^[0-9A-HJ-NPQRTUWXY]{18}$'
        : dataType === 'date'
          ? '^(19|20)[0-9]{2}-?(0[1-9]|1[0-2])-?(0[1-9]|1[0-9]|2[0-8])$'
          : dataType === 'integer' || dataType === 'number' || dataType === 'money'
            ? '^[0-9]+([.][0-9]+)?$'
            : pattern
  const value = trimmed(name)
  return [
    ...(shape === undefined
      ? []
      : [`(${value} = '' or upper(${value}) ~ '${shape}' or ${value} ~ '${shape}')`]),
    ...(codes === undefined ? [] : [`(${value} = '' or ${value} in ('${codes.join("','")}'))`]),
  ]
}

import { access, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import { judgement } from '../emitter/judge.ts'
import { text } from '../emitter/literal.ts'
import {
  failingValues,
  goodRows,
  repetition,
  settledValues,
  stagedRows,
  suspectRows,
} from '../emitter/rows.ts'
import {
  acceptedRows,
  contendingRows,
  findingCounts,
  findingsOf,
  rejectedRows,
  repeats,
  ROW_FAULTS,
  twinDigests,
} from '../emitter/settle.ts'
import { columnSums, totalsCandidates } from '../emitter/totals.ts'
import type { Counts, FindingCount, PlaneFile, Validated, ValidateSpec } from '../plane.ts'
import { errors } from '../refusals.ts'
import { resolveCalendars } from './calendars.ts'
import type { Work } from './main.ts'
import { judgeOddCells } from './odd.ts'
import { writeParquet } from './parquet.ts'

/** Judges a staged file and writes what it accepts and what it rejects; the staged file stays as it is. */
export async function validate(work: Work, spec: ValidateSpec, token: string): Promise<Validated> {
  try {
    return await judgeAndWrite(work, spec, token)
  } finally {
    for (const view of ['good', 'staged']) await work.connection.run(`drop view if exists ${view}`)
    const tables = [
      'suspects',
      'judged',
      'twins',
      'contenders',
      'settled',
      ...spec.columns.flatMap((_, at) => [`odd${at}`, `failing${at}`]),
    ]
    for (const table of tables) await work.connection.run(`drop table if exists ${table}`)
  }
}

async function judgeAndWrite(work: Work, given: ValidateSpec, token: string): Promise<Validated> {
  const { connection, folder, report } = work
  if (!/^[0-9a-f]{64}$/.test(given.staged)) throw errors.FILE_MISSING({ sha256: given.staged.slice(0, 64) })
  const path = join(folder, 'snapshots', `${given.staged}.parquet`)
  await access(path).catch(() => {
    throw errors.FILE_MISSING({ sha256: given.staged })
  })
  const width = given.header.length
  const make = (what: 'table' | 'view', relation: string, statement: string) =>
    connection.run(`create ${what} ${relation} as ${statement}`)
  await make('view', 'staged', stagedRows(text(path), width, await isNumbered(connection, path)))
  const read = await one(connection, 'select count(*) from staged')
  const at = (phase: 'validate' | 'write') => {
    if (work.interrupted) throw errors.CANCELLED()
    report({ type: 'progress', progress: { phase, rows: read, bytes: 0 } })
  }

  at('validate')
  const totals = await totalsLines(connection, width)
  const columns = await resolveCalendars(connection, given.columns)
  const repeating = await findRepeating(connection, { ...given, columns })
  const spec = { ...given, columns, totals, width, repeating }
  await make('table', 'suspects', suspectRows(spec))
  at('validate')
  const odd = await judgeOddCells(work, spec)
  await make('table', 'judged', judgement({ ...spec, odd, settled: settledValues(spec) }, 'suspects'))
  at('validate')
  await make('view', 'good', goodRows(spec))
  await make('table', 'twins', twinDigests(columns, spec.primaryKey))
  await make('table', 'contenders', contendingRows(columns, spec.primaryKey))
  await make('table', 'settled', repeats(columns, spec.primaryKey))
  const count = (condition: string) => one(connection, `select count(*) from judged where ${condition}`)
  const settled = (status: string) =>
    one(connection, `select count(*) from settled where status = ${text(status)}`)
  const conflicts = await settled('conflict')
  const counts: Counts = {
    read,
    accepted: 0,
    rejected: (await count('_bad and not _total')) + conflicts,
    duplicate: await settled('duplicate'),
    filtered: await count('_total'),
  }
  const findings = await countFindings(connection, spec, conflicts)

  at('write')
  const quarantine =
    counts.rejected === 0
      ? undefined
      : await writeParquet(connection, folder, `${token}.quarantine`, rejectedRows(spec))
  try {
    const snapshot = await writeParquet(connection, folder, `${token}.snapshot`, acceptedRows(spec))
    // Accepted is counted from the file that was written, so that the sum of all counts proves something.
    return {
      counts: { ...counts, accepted: snapshot?.rows ?? 0 },
      findings,
      snapshot: snapshot && fileOf(snapshot),
      quarantine: quarantine && fileOf(quarantine),
    }
  } catch (error) {
    // Half of a result is no result.
    if (quarantine && !quarantine.existed) await rm(join(folder, 'snapshots', `${quarantine.sha256}.parquet`))
    throw error
  }
}

function fileOf({ sha256, rows, bytes }: PlaneFile): PlaneFile {
  return { sha256, rows, bytes }
}

async function countFindings(
  connection: DuckDBConnection,
  { columns }: ValidateSpec,
  conflicts: number,
): Promise<FindingCount[]> {
  const reader = await connection.runAndReadAll(findingCounts(columns))
  const numbers = (reader.getRows()[0] ?? []).map(Number)
  const whole = ROW_FAULTS.map((reason) => ({ column: null, reason, severity: 'reject' as const }))
  const cells = findingsOf(columns).map(({ column, reason, severity }) => ({ column, reason, severity }))
  const conflict = { column: null, reason: 'key-conflict', severity: 'reject' as const, count: conflicts }
  return [...whole, ...cells]
    .map((finding, index): FindingCount => ({ ...finding, count: numbers[index] ?? 0 }))
    .concat(conflict)
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
}

/** Lines whose first cell says total and whose numbers all equal the sums of the other rows. */
async function totalsLines(connection: DuckDBConnection, width: number): Promise<number[]> {
  const candidates = (await connection.runAndReadAll(totalsCandidates())).getRowObjects()
  if (candidates.length === 0) return []
  const lines = candidates.map((row) => Number(row['_line']))
  const sums = (await connection.runAndReadAll(columnSums(width, lines))).getRowObjects()[0] ?? {}
  return candidates
    .filter((row) => {
      const numbers = Object.keys(sums)
        .filter((column) => column !== 'c0')
        .map((column) => [numberOf(row[column]), numberOf(sums[column])] as const)
        .filter(([own]) => own !== undefined)
      return numbers.length > 0 && numbers.every(([own, sum]) => own === sum)
    })
    .map((row) => Number(row['_line']))
}

function numberOf(cell: DuckDBValue | undefined): number | undefined {
  if (typeof cell !== 'string' || !/^-?[\d,]+(\.\d+)?$/.test(cell.trim())) return undefined
  return Number(cell.replaceAll(',', ''))
}

/** Costly columns whose values repeat: their distinct values are judged once, into tables `failing<place>`. */
async function findRepeating(connection: DuckDBConnection, spec: ValidateSpec): Promise<Set<number>> {
  const statement = repetition(spec)
  if (statement === undefined) return new Set()
  const counts = (await connection.runAndReadAll(statement)).getRowsJson() as [[string, string, string]][]
  const repeating = new Set<number>()
  for (const [[at, values, distinct]] of counts)
    if (Number(distinct) * 2 < Number(values)) repeating.add(Number(at))
  for (const at of repeating) await connection.run(`create table failing${at} as ${failingValues(spec, at)}`)
  return repeating
}

/** Whether the staged file holds line numbers; else its rows follow each other without a gap. */
export async function isNumbered(connection: DuckDBConnection, path: string): Promise<boolean> {
  const reader = await connection.runAndReadAll(`describe select * from read_parquet(${text(path)})`)
  return reader.getRows().some((row) => row[0] === '_line')
}

export async function one(connection: DuckDBConnection, statement: string): Promise<number> {
  return Number((await connection.runAndReadAll(statement)).getRows()[0]?.[0] ?? 0)
}

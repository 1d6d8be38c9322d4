import { access, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { name, text } from '../emitter/literal.ts'
import { linesIn } from '../emitter/ranges.ts'
import { failingValues, goodRows, repetition, stagedRows } from '../emitter/rows.ts'
import { REASONS } from '../emitter/checks.ts'
import { rejects } from '../emitter/judge.ts'
import { FAULT_COUNTS, findingCounts, rejectedRows } from '../emitter/settle.ts'
import type { Counts, FindingCount, PlaneFile, Validated, ValidateSpec } from '../plane.ts'
import { errors } from '../refusals.ts'
import { resolveCalendars } from './calendars.ts'
import { acceptedParts } from './accept.ts'
import { findRepeats, forgetJudged, judgeLines, partsOf } from './judge.ts'
import type { Work } from './main.ts'
import { writeParquet } from './parquet.ts'
import { rangesOf } from './ranges.ts'
import { totalsLines } from './totals.ts'

/** Judges a staged file and writes what it accepts and what it rejects; the staged file stays as it is. */
export async function validate(work: Work, spec: ValidateSpec, token: string): Promise<Validated> {
  try {
    return await judgeAndWrite(work, spec, token)
  } finally {
    await forgetJudged(work, token)
    for (const view of ['good', 'staged']) await work.connection.run(`drop view if exists ${view}`)
    const tables = await work.connection.runAndReadAll('select table_name from duckdb_tables()')
    for (const [table] of tables.getRows()) await work.connection.run(`drop table ${name(String(table))}`)
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
  await connection.run(
    `create view staged as ${stagedRows(text(path), width, await isNumbered(connection, path))}`,
  )
  const [read = 0, lastLine = 0] = await numbers(connection, 'select count(*), max(_line) from staged')
  report({ type: 'progress', progress: { phase: 'validate', rows: 0, bytes: 0 } })
  const totals = await totalsLines(connection, width)
  const columns = await resolveCalendars(connection, given.columns)
  const repeating = await findRepeating(connection, { ...given, columns })
  const spec = { ...given, columns, totals, width, repeating }
  const [textBytes = 0] = await numbers(
    connection,
    `select sum(total_uncompressed_size) from parquet_metadata(${text(path)})`,
  )
  const parts = partsOf({ rows: read, lastLine, width, textBytes })
  const reached = rangesOf(work, read, {
    judge: parts.lines.length,
    compare: parts.digests,
    quarantine: parts.lines.length,
    sort: spec.primaryKey.length === 0 ? parts.lines.length : parts.sorted,
  })
  await judgeLines(work, spec, parts.lines, token, () => reached('judge'))
  await connection.run(`create view good as ${goodRows(spec)}`)
  await findRepeats(work, spec, parts.digests, () => reached('compare'))
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

  const rejected =
    counts.rejected === 0
      ? []
      : parts.lines.map((lines) => rejectedRows({ ...spec, conflicts }, linesIn(lines)))
  const quarantine = await writeParquet(connection, folder, `${token}.quarantine`, rejected, 'kept', (rows) =>
    reached('quarantine', rows),
  )
  try {
    const sorted = acceptedParts(work, spec, parts, token)
    const snapshot = await writeParquet(connection, folder, `${token}.snapshot`, sorted, 'kept', (rows) =>
      reached('sort', rows),
    )
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
  const rows = async (statement: string) => (await connection.runAndReadAll(statement)).getRows()
  const whole = (reason: string, count: number): FindingCount => ({
    ...{ column: null, reason, severity: 'reject', count },
  })
  const faults = (await rows(FAULT_COUNTS)).map(([fault, count]) => whole(String(fault), Number(count)))
  const cells = (await rows(findingCounts(columns))).flatMap(([at, number, count]): FindingCount[] => {
    const [column, reason] = [columns[Number(at)], REASONS[Number(number)]]
    if (column === undefined || reason === undefined) return []
    const severity = rejects(column, reason) ? 'reject' : 'warn'
    return [{ column: column.name, reason, severity, count: Number(count) }]
  })
  const all = [...faults, ...cells, ...(conflicts === 0 ? [] : [whole('key-conflict', conflicts)])]
  return all.sort((a, b) => b.count - a.count)
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
  return (await numbers(connection, statement))[0] ?? 0
}

/** The first row of the answer; null is 0. */
async function numbers(connection: DuckDBConnection, statement: string): Promise<number[]> {
  return ((await connection.runAndReadAll(statement)).getRows()[0] ?? []).map((cell) => Number(cell ?? 0))
}

import { createReadStream } from 'node:fs'
import { readFile, rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { DuckDBInstance } from '@duckdb/node-api'
import { openPlane } from '../../core/plane/open.ts'
import type { Plane, PlaneControl, Staged, Validated } from '../../core/plane/plane.ts'
import type { CompiledColumn } from '../../core/text/column.ts'
import type { Encoding } from '../../core/text/encoding.ts'

/** DuckDB's limit, ours and the reference's. */
export const MEMORY_MB = 1_024
export const TODAY = '2026-01-05'

export const megabytes = (bytes: number) => Math.round(bytes / 1_048_576)

export async function sizeOf(file: string): Promise<number> {
  return (await stat(file)).size
}

export async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const startedAt = performance.now()
  const value = await work()
  return { ms: performance.now() - startedAt, value }
}

const ROUNDS = 5

/** Work and its references by turns, each several times: medians, so that what else runs strikes all alike. */
export async function byTurns(...works: readonly (() => Promise<number>)[]): Promise<number[]> {
  const times: number[][] = works.map(() => [])
  for (let round = 0; round < ROUNDS; round++)
    for (const [at, work] of works.entries()) times[at]?.push(await work())
  return times.map(middle)
}

/** The median of an odd number of figures. */
export function middle(figures: readonly number[]): number {
  return [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0
}

/** A plane whose DuckDB stands ready; its folder goes with it. */
export async function onPlane<T>(
  folder: string,
  work: (plane: Plane) => Promise<T>,
  memoryMb = MEMORY_MB,
): Promise<T> {
  const plane = await openPlane({ folder, loadMemoryMb: memoryMb })
  try {
    const content = Readable.from([Buffer.from('a\n1\n')])
    await plane.stage({ content, encoding: 'utf-8', delimiter: ',', skipRecords: 1, width: 1, maxRows: 9 })
    return await work(plane)
  } finally {
    await plane.close()
    await rm(folder, { recursive: true, force: true })
  }
}

export function stageFile(
  plane: Plane,
  file: string,
  width: number,
  encoding: Encoding = 'utf-8',
): Promise<Staged> {
  const content = createReadStream(file, { highWaterMark: 1_048_576 })
  return plane.stage({ content, encoding, delimiter: ',', skipRecords: 1, width, maxRows: 100_000_000 })
}

export function validateStaged(
  plane: Plane,
  { sha256 }: Staged,
  columns: readonly CompiledColumn[],
  control?: PlaneControl,
): Promise<Validated> {
  const spec = {
    staged: sha256,
    delimiter: ',',
    header: columns.map(({ name }) => name),
    columns: columns.map((column, index) => ({ ...column, index })),
    primaryKey: ['person'],
    datasetId: 'bench',
    batchId: 'bench',
    today: TODAY,
  }
  return plane.validate(spec, control)
}

/** Processor seconds, user and system, of this process and of its children that have ended. */
export async function cpuSeconds(): Promise<number> {
  const { user, system } = process.cpuUsage()
  // Behind the name, which may hold anything: the 14th and 15th number are the children's ticks, 100 a second.
  const fields = (await readFile('/proc/self/stat', 'utf8')).split(') ')[1]?.split(' ') ?? []
  return (user + system) / 1e6 + (Number(fields[13]) + Number(fields[14])) / 100
}

/** Processor seconds of work, with the children it ended. */
export async function cpuOf<T>(work: () => Promise<T>): Promise<{ cpuSeconds: number; value: T }> {
  const before = await cpuSeconds()
  const value = await work()
  return { cpuSeconds: (await cpuSeconds()) - before, value }
}

/** Statements on a DuckDB of their own, as bare as it gets; the time of the last. */
export async function onDuckDb(...statements: readonly string[]): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: `${MEMORY_MB}MiB` })
  const connection = await instance.connect()
  try {
    let ms = 0
    for (const statement of statements) ({ ms } = await timed(() => connection.runAndReadAll(statement)))
    return ms
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** The same kind of file as ours: compressed for keeping, in row groups of 100,000. */
export const rawCopy = (from: string, to: string) =>
  `copy (select * from read_csv('${from}', all_varchar = true)) to '${to}'
     (format parquet, compression zstd, row_group_size 100000)`

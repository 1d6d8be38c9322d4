import { rm } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import {
  megabytes,
  MEMORY_MB,
  onDuckDb,
  onPlane,
  rawCopy,
  sizeOf,
  stageFile,
  timed,
  validateStaged,
} from './load.ts'
import { WIDE, writeRegister } from './register.ts'
import type { BenchRow } from './row.ts'

const SIZES = [200_000, 2_000_000]
/** Of the largest size, with `--full`; its memory limit in MB is stated by `--memory-mb=`. */
const LARGEST = 20_000_000

interface Load {
  readonly count: number
  readonly ms: number
  readonly rawMs: number
  readonly peakBytes: number
}

/** How time and memory grow with the file: 0.2 M, 2 M and, with `--full`, 20 M rows, each beside the bare engine. */
export async function growth(folder: string): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  let before: Load | undefined
  for (const count of [...SIZES, ...(process.argv.includes('--full') ? [LARGEST] : [])]) {
    const memoryMb = count === LARGEST ? statedMemory() : MEMORY_MB
    const now = await loaded(folder, count, memoryMb)
    const own = grown(now, before, memoryMb)
    for (const row of own) process.stderr.write(`    ${row.name}: ${row.value} ${row.unit}\n`)
    rows.push(...own)
    before = now
  }
  return rows
}

function statedMemory(): number {
  const stated = process.argv.find((argument) => argument.startsWith('--memory-mb='))
  return stated === undefined ? MEMORY_MB : Number(stated.slice('--memory-mb='.length))
}

async function loaded(folder: string, count: number, memoryMb: number): Promise<Load> {
  const file = join(folder, 'growth.csv')
  await writeRegister(file, { rows: count, columns: WIDE })
  const rawMs = await onDuckDb(rawCopy(file, join(folder, 'growth.parquet')))
  await rm(join(folder, 'growth.parquet'))
  const load = await onPlane(
    join(folder, 'growth'),
    async (plane) => {
      const { ms, value } = await timed(async () =>
        validateStaged(plane, await stageFile(plane, file, WIDE.length), WIDE),
      )
      const { read, accepted, rejected, duplicate } = value.counts
      if (read !== count || accepted + rejected + duplicate !== count) throw new Error('rows are missing')
      return { ms, peakBytes: plane.loadPeakBytes }
    },
    memoryMb,
  )
  const size = megabytes(await sizeOf(file))
  process.stderr.write(`    ${count} rows, ${size} MB, load ${loadavg().map(Math.round).join(' ')}\n`)
  await rm(file)
  return { count, rawMs, ...load }
}

function grown(
  { count, ms, rawMs, peakBytes }: Load,
  before: Load | undefined,
  memoryMb: number,
): BenchRow[] {
  const ingest = `ingest of ${count} × ${WIDE.length} within ${memoryMb} MB`
  return [
    {
      name: ingest,
      value: Math.round(ms),
      unit: 'ms',
      reference: 'DuckDB read_csv(all_varchar) → Parquet',
      referenceValue: Math.round(rawMs),
      ratio: ms / rawMs,
      target: '<= 4',
    },
    ...(before === undefined
      ? []
      : [
          {
            name: `${ingest}, growth`,
            value: Math.round(ms),
            unit: 'ms',
            reference: 'a tenth of the rows',
            referenceValue: Math.round(before.ms),
            ratio: ms / before.ms,
            // Twice the rows in at most 2.4 times the time: 2.4 ^ log2(10).
            target: '<= 18.3',
          },
        ]),
    {
      name: `peak memory of the plane’s process at ${count} rows`,
      value: megabytes(peakBytes),
      unit: 'MB',
      ...(before === undefined
        ? { target: `DuckDB's limit is ${memoryMb} MB` }
        : {
            reference: 'a tenth of the rows',
            referenceValue: megabytes(before.peakBytes),
            ratio: peakBytes / before.peakBytes,
            target: '<= 1.2',
          }),
    },
  ]
}

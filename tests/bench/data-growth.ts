import { readdir, rm } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import type { Plane, PlaneProgress } from '../../core/plane/plane.ts'
import {
  cpuOf,
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
/** With `--full`. */
const LARGEST = 20_000_000

interface Load {
  readonly count: number
  readonly ms: number
  readonly cpuSeconds: number
  readonly rawMs: number
  readonly rawCpuSeconds: number
  readonly peakBytes: number
}

/**
 * How time and memory grow with the file: 0.2 M, 2 M and, with `--full`, 20 M rows, each beside the bare engine; with
 * `--rows=` that size alone. `--memory-mb=` is the limit of 20 M and of that size.
 */
export async function growth(folder: string): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  let before: Load | undefined
  const alone = stated('rows')
  const sizes = [...SIZES, ...(process.argv.includes('--full') ? [LARGEST] : [])]
  for (const count of alone === undefined ? sizes : [alone]) {
    const isStated = count === LARGEST || count === alone
    const memoryMb = (isStated ? stated('memory-mb') : undefined) ?? MEMORY_MB
    const now = await loaded(folder, count, memoryMb)
    const own = grown(now, before, memoryMb)
    for (const row of own) process.stderr.write(`    ${row.name}: ${row.value} ${row.unit}\n`)
    rows.push(...own)
    before = now
  }
  return rows
}

function stated(option: string): number | undefined {
  const given = process.argv.find((argument) => argument.startsWith(`--${option}=`))
  return given === undefined ? undefined : Number(given.slice(option.length + 3))
}

async function loaded(folder: string, count: number, memoryMb: number): Promise<Load> {
  const file = join(folder, 'growth.csv')
  await writeRegister(file, { rows: count, columns: WIDE })
  const raw = await cpuOf(() => onDuckDb(rawCopy(file, join(folder, 'growth.parquet'))))
  await rm(join(folder, 'growth.parquet'))
  const load = await cpuOf(() =>
    onPlane(join(folder, 'growth'), (plane) => ingested(plane, file, count), memoryMb),
  )
  const size = megabytes(await sizeOf(file))
  process.stderr.write(`    ${count} rows, ${size} MB, load ${loadavg().map(Math.round).join(' ')}\n`)
  await rm(file)
  return {
    count,
    rawMs: raw.value,
    rawCpuSeconds: raw.cpuSeconds,
    cpuSeconds: load.cpuSeconds,
    ...load.value,
  }
}

async function ingested(plane: Plane, file: string, count: number) {
  const saidAt = { ranges: -1, at: performance.now() }
  const onProgress = ({ phase, rows, ranges }: PlaneProgress) => {
    if (ranges === undefined || ranges.done === saidAt.ranges) return
    saidAt.ranges = ranges.done
    const seconds = Math.round((performance.now() - saidAt.at) / 1_000)
    process.stderr.write(
      `      ${seconds} s: ${phase}, ${ranges.done} of ${ranges.of} ranges, ${rows} rows\n`,
    )
  }
  const { ms, value } = await timed(async () =>
    validateStaged(plane, await stageFile(plane, file, WIDE.length), WIDE, { onProgress }),
  )
  const { read, accepted, rejected, duplicate } = value.counts
  if (read !== count || accepted + rejected + duplicate !== count) throw new Error('rows are missing')
  const left = await readdir(join(plane.snapshotPath('0'.repeat(64)), '..', '..', 'staging'))
  if (left.length > 0) throw new Error(`temporary files stay behind: ${left.join(', ')}`)
  return { ms, peakBytes: plane.loadPeakBytes }
}

function grown(
  { count, ms, cpuSeconds, rawMs, rawCpuSeconds, peakBytes }: Load,
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
    {
      name: `${ingest}, processor time`,
      value: Math.round(cpuSeconds * 10) / 10,
      unit: 's',
      reference: 'DuckDB read_csv(all_varchar) → Parquet',
      referenceValue: Math.round(rawCpuSeconds * 10) / 10,
      ratio: cpuSeconds / rawCpuSeconds,
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

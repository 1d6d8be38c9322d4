import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { PlaneProgress } from '../../core/plane/plane.ts'
import type { Encoding } from '../../core/text/encoding.ts'
import {
  megabytes,
  middle,
  onDuckDb,
  onPlane,
  rawCopy,
  sizeOf,
  stageFile,
  timed,
  validateStaged,
} from './load.ts'
import { nodePeer, postgresPeer } from './data-peers.ts'
import { WIDE, writeRegister } from './register.ts'
import type { BenchRow } from './row.ts'

const ROWS = 1_000_000
const ROUNDS = 3

/** A register of 1 M rows and 20 columns: staged, judged, written; by turns with bare DuckDB, then beside two peers. */
export async function ingest(folder: string): Promise<BenchRow[]> {
  const file = join(folder, 'wide.csv')
  await writeRegister(file, { rows: ROWS, columns: WIDE })
  const raw: number[] = []
  const loads: Load[] = []
  for (let round = 0; round < ROUNDS; round++) {
    raw.push(await onDuckDb(rawCopy(file, join(folder, 'wide.parquet'))))
    loads.push(await load(join(folder, 'wide'), file))
  }
  await rm(join(folder, 'wide.parquet'))
  const of = (measure: (load: Load) => number) => middle(loads.map(measure))
  const ms = of(({ staged, judged }) => staged + judged)
  const size = megabytes(await sizeOf(file))
  const beside = (name: string, took: number, peer: string, reference: number, target?: string) => ({
    name,
    value: Math.round(took),
    unit: 'ms',
    reference: peer,
    referenceValue: Math.round(reference),
    ratio: took / reference,
    ...(target !== undefined && { target }),
  })
  const ingested = (peer: string, reference: number, target?: string) =>
    beside(`ingest of ${ROWS} × ${WIDE.length} (${size} MB), beside ${peer}`, ms, peer, reference, target)
  const rows: BenchRow[] = [ingested('DuckDB read_csv(all_varchar) → Parquet', middle(raw), '<= 4')]
  const node = await nodePeer(file, join(folder, 'peer.ndjson'))
  rows.push(ingested(`csv-parse + ajv, row by row, ${node.accepted} accepted`, node.ms))
  const server = await postgresPeer(file)
  if (server) rows.push(ingested(`PostgreSQL COPY + SQL, ${server.accepted} accepted`, server.ms))
  rows.push({ name: 'rows accepted here', value: of(({ accepted }) => accepted), unit: 'rows' })
  const scan = ['DuckDB scan with 20 aggregates', of((load) => load.scan)] as const
  const alone = of(({ rules }) => rules)
  const whole = of(({ judged }) => judged)
  rows.push(beside('20 rules alone, every failing cell found', alone, ...scan, '<= 3'))
  rows.push(beside('20 rules, duplicates and sorted snapshot, staged rows', whole, ...scan))
  return [...rows, ...(await decoding(folder, file))]
}

/** Milliseconds of the parts of a load, and of a bare scan of what it staged. */
interface Load {
  readonly staged: number
  readonly judged: number
  readonly rules: number
  readonly scan: number
  readonly accepted: number
}

function load(folder: string, file: string): Promise<Load> {
  return onPlane(folder, async (plane) => {
    const staged = await timed(() => stageFile(plane, file, WIDE.length))
    // The plane reports when it begins to judge, after the glance and after the judgement.
    const reports: number[] = []
    const onProgress = ({ phase }: PlaneProgress) => {
      if (phase === 'validate') reports.push(performance.now())
    }
    const judged = await timed(() => validateStaged(plane, staged.value, WIDE, { onProgress }))
    const { read, accepted, rejected, duplicate } = judged.value.counts
    if (read !== ROWS || accepted + rejected + duplicate !== ROWS) throw new Error('rows are missing')
    const lengths = Array.from({ length: 20 }, (_, at) => `count(*) filter (where length(trim(c${at})) > 1)`)
    const scan = await onDuckDb(
      `select ${lengths.join(', ')} from read_parquet('${plane.snapshotPath(staged.value.sha256)}')`,
    )
    const rules = (reports.at(-1) ?? 0) - (reports[0] ?? 0)
    return { staged: staged.ms, judged: judged.ms, rules, scan, accepted }
  })
}

const run = promisify(execFile)

/** The same file in the encodings of the departments; without iconv, nothing. */
async function decoding(folder: string, file: string): Promise<BenchRow[]> {
  const stagedIn = (path: string, encoding: Encoding) =>
    onPlane(join(folder, encoding), async (plane) => {
      const { ms } = await timed(() => stageFile(plane, path, WIDE.length, encoding))
      return ms
    })
  const reference = await stagedIn(file, 'utf-8')
  const rows: BenchRow[] = []
  for (const encoding of ['gb18030', 'big5'] as const) {
    const path = join(folder, `${encoding}.csv`)
    await converted(file, path, encoding)
    const ms = await stagedIn(path, encoding)
    rows.push({
      name: `reading ${encoding} to staged rows, ${ROWS} × ${WIDE.length}`,
      value: Math.round(ms),
      unit: 'ms',
      reference: 'the same in UTF-8',
      referenceValue: Math.round(reference),
      ratio: ms / reference,
      target: '<= 2',
    })
    await rm(path)
  }
  return rows
}

/** What the encoding lacks becomes a question mark. */
async function converted(from: string, to: string, encoding: string): Promise<void> {
  const { child } = await iconv(from, encoding)
  const sink = createWriteStream(to)
  await new Promise<void>((resolve, reject) => {
    sink.on('finish', resolve).on('error', reject)
    child.on('error', reject)
    child.stdout?.pipe(sink)
  })
}

async function iconv(from: string, encoding: string) {
  await run('iconv', ['--version'])
  const child = execFile('iconv', ['-f', 'utf-8', '-t', `${encoding}//TRANSLIT`, from], {
    encoding: 'buffer',
    maxBuffer: 8 * 1_073_741_824,
  })
  return { child }
}

import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { PlaneProgress } from '../../core/plane/plane.ts'
import type { Encoding } from '../../core/text/encoding.ts'
import { megabytes, onDuckDb, onPlane, rawCopy, sizeOf, stageFile, timed, validateStaged } from './load.ts'
import { nodePeer, postgresPeer } from './data-peers.ts'
import { WIDE, writeRegister } from './register.ts'
import type { BenchRow } from './row.ts'

const ROWS = 1_000_000

/** A register of 1 M rows and 20 columns: staged, judged, written; beside bare DuckDB and two peers. */
export async function ingest(folder: string): Promise<BenchRow[]> {
  const file = join(folder, 'wide.csv')
  await writeRegister(file, { rows: ROWS, columns: WIDE })
  const raw = await onDuckDb(rawCopy(file, join(folder, 'wide.parquet')))
  const rows: BenchRow[] = []
  await onPlane(join(folder, 'wide'), async (plane) => {
    const staged = await timed(() => stageFile(plane, file, WIDE.length))
    // The plane reports when it begins to judge, after the glance and after the judgement.
    const reports: number[] = []
    const onProgress = ({ phase }: PlaneProgress) => {
      if (phase === 'validate') reports.push(performance.now())
    }
    const judged = await timed(() => validateStaged(plane, staged.value, WIDE, { onProgress }))
    const rules = (reports.at(-1) ?? 0) - (reports[0] ?? 0)
    const ms = staged.ms + judged.ms
    const { counts } = judged.value
    if (counts.read !== ROWS || counts.accepted + counts.rejected + counts.duplicate !== ROWS)
      throw new Error('rows are missing')
    const beside = (peer: string, reference: number, target?: string) => ({
      name: `ingest of ${ROWS} × ${WIDE.length} (${size} MB), beside ${peer}`,
      value: Math.round(ms),
      unit: 'ms',
      reference: peer,
      referenceValue: Math.round(reference),
      ratio: ms / reference,
      ...(target !== undefined && { target }),
    })
    const size = megabytes(await sizeOf(file))
    rows.push(beside('DuckDB read_csv(all_varchar) → Parquet', raw, '<= 4'))
    const node = await nodePeer(file, join(folder, 'peer.ndjson'))
    rows.push(beside(`csv-parse + ajv, row by row, ${node.accepted} accepted`, node.ms))
    const server = await postgresPeer(file)
    if (server) rows.push(beside(`PostgreSQL COPY + SQL, ${server.accepted} accepted`, server.ms))
    rows.push({ name: 'rows accepted here', value: counts.accepted, unit: 'rows' })
    const scan = await onDuckDb(
      `select ${Array.from({ length: 20 }, (_, at) => `count(*) filter (where length(trim(c${at})) > 1)`).join(', ')}
         from read_parquet('${plane.snapshotPath(staged.value.sha256)}')`,
    )
    const besideScan = (name: string, took: number, target?: string) => ({
      name,
      value: Math.round(took),
      unit: 'ms',
      reference: 'DuckDB scan with 20 aggregates',
      referenceValue: Math.round(scan),
      ratio: took / scan,
      ...(target !== undefined && { target }),
    })
    rows.push(besideScan('20 rules alone, every failing cell found', rules, '<= 3'))
    rows.push(besideScan('20 rules, duplicates and sorted snapshot, staged rows', judged.ms))
  })
  await rm(join(folder, 'wide.parquet'))
  return [...rows, ...(await decoding(folder, file))]
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

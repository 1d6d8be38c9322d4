import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { transaction } from '../../core/context.ts'
import { copyRows } from '../../core/copy.repository.ts'
import { RECORDS } from '../../modules/golden/generation.repository.ts'
import { BATCH_RECORDS } from '../../modules/golden/generation.service.ts'
import * as golden from '../../modules/golden/index.ts'
import { creditCode, givenDataset, givenSchema, load } from '../golden/registers.ts'
import { addressOf, SERVER } from '../support/database.ts'
import { openWorld, type World } from '../support/world.ts'
import { psqlOn } from './data-peers.ts'
import { megabytes, timed } from './load.ts'
import type { BenchRow } from './row.ts'

const NEEDS_SERVER = 'skipped, DATABASE_URL names no server\n'

const COUNT = 100_000
const CONCURRENT = 16
const LOOKUPS = 2_000

/** Records merged into PostgreSQL beside COPY of the same rows, then looked up by sixteen at once. */
export async function records(folder: string): Promise<BenchRow[]> {
  if (SERVER === undefined) {
    process.stderr.write(`  merge and look-up: ${NEEDS_SERVER}`)
    return []
  }
  const world = await openWorld()
  try {
    const merged = await mergedRecords(world, [COUNT], folder)
    return [...merged, ...(await lookedUp(world))]
  } finally {
    await world.close()
  }
}

/** Three registers merged to the end; with `--full` the largest, of 2, 1.5 and 0.5 M rows. */
export async function merge(folder: string): Promise<BenchRow[]> {
  if (SERVER === undefined) {
    process.stderr.write(`  merge: ${NEEDS_SERVER}`)
    return []
  }
  const world = await openWorld()
  try {
    const full = process.argv.includes('--full')
    const sizes = full ? [2_000_000, 1_500_000, 500_000] : [200_000, 150_000, 50_000]
    return await mergedRecords(world, sizes, folder)
  } finally {
    await world.close()
  }
}

async function mergedRecords(world: World, sizes: readonly number[], folder: string): Promise<BenchRow[]> {
  await givenSchema(world, 'bench-register', ['code', 'name', 'address'])
  for (const [at, size] of sizes.entries()) {
    const dataset = await givenDataset(world, `bureau-${at}`, 'bench-register')
    const lines = Array.from({ length: size }, (_, n) => `${creditCode(n)},第${n}家${at},人民路${n}号`)
    await load(world, dataset, lines)
  }
  // What is published is heard of when the world settles: the registers are merged once.
  const telling = setInterval(() => void tellProgress(world).catch(() => undefined), 20_000)
  const before = process.cpuUsage()
  const merge = await timed(async () => {
    await golden.mergeRegisters(world.as('directory-admin'))
    await world.settle()
  }).finally(() => clearInterval(telling))
  const { user, system } = process.cpuUsage(before)
  const run = await golden.latestMerge(world.as('directory-admin'))
  if (run?.status !== 'published' || run.records !== Math.max(...sizes))
    throw new Error(`the merge ended ${run?.status} with ${run?.records} records`)
  const { copied, ours } = await copiedRecords(world, join(folder, 'records.copy'))
  const name = `merge of ${sizes.join(' + ')} rows to ${run.records} records in PostgreSQL`
  const reference = 'COPY of the same records with their indexes'
  const beside = (ms: number) => ({ value: Math.round(ms), unit: 'ms', reference, ratio: ms / copied })
  return [
    { name, ...beside(merge.ms), referenceValue: Math.round(copied) },
    {
      name: 'the copy alone, in parts as a merge writes them',
      ...beside(ours),
      referenceValue: Math.round(copied),
      target: '<= 1.5',
    },
    { name: 'processor time of the merging process', value: Math.round((user + system) / 1000), unit: 'ms' },
    {
      name: 'peak memory of the merging process; of the plane’s',
      value: Math.round(process.resourceUsage().maxRSS / 1024),
      unit: 'MB',
      reference: 'peak memory of the plane’s process',
      referenceValue: megabytes(world.kernel.plane.loadPeakBytes),
    },
  ]
}

async function tellProgress(world: World): Promise<void> {
  const { rows } = await sql<{ progress: unknown }>`
    select progress from core.job where kind = 'golden.merge' and status = 'waiting'`.execute(world.db)
  const rss = megabytes(process.memoryUsage().rss)
  process.stderr.write(`    ${JSON.stringify(rows[0]?.progress ?? null)}, ${rss} MB\n`)
}

/** The records served, written to a file by COPY and read back into a table of the same kind: at once, and in our parts. */
async function copiedRecords(world: World, file: string): Promise<{ copied: number; ours: number }> {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(world.db)
  const database = addressOf(String(SERVER), String(rows[0]?.name))
  const like = 'like golden.organisation_record including all'
  await psqlOn(
    database,
    `\\copy golden.organisation_record to '${file}'`,
    ...['copied', 'parts'].map((table) => `create table public.${table} (${like})`),
    'grant all on public.parts to gdbos_app',
  )
  const { ms } = await psqlOn(database, `\\copy public.copied from '${file}'`)
  await rm(file)
  const ours = await copiedInParts(world)
  await psqlOn(database, 'drop table public.copied', 'drop table public.parts')
  return { copied: ms, ours }
}

async function copiedInParts(world: World): Promise<number> {
  const columns = { ...RECORDS.columns, until: 'bigint' }
  const target = { into: 'public.parts', columns }
  const cells = sql.join(Object.keys(columns).map((name) => sql`${sql.ref(name)}::text`))
  let ms = 0
  let after = ''
  for (;;) {
    const { rows } = await sql<{ row: (string | null)[] }>`
      select array[${cells}] as row from golden.organisation_record where key > ${after} order by key limit ${BATCH_RECORDS}
    `.execute(world.db)
    if (rows.length === 0) return ms
    after = String(rows.at(-1)?.row[0])
    const part = await timed(() =>
      transaction(world.platform(), (ctx) =>
        copyRows(
          ctx,
          target,
          rows.map(({ row }) => row),
        ),
      ),
    )
    ms += part.ms
  }
}

/** A record for a purpose, its read logged, beside one indexed select, both asked by sixteen at once. */
async function lookedUp(world: World): Promise<BenchRow[]> {
  const clerk = world.as('clerk')
  const ours = await atOnce((n) => golden.lookUp(clerk, { key: keyOf(n), purpose: 'bench' }))
  const bare = await atOnce((n) =>
    sql`select key, fields from golden.organisation_record where key = ${keyOf(n)} and until is null`.execute(
      world.db,
    ),
  )
  return [0.95, 0.99].map((share) => ({
    name: `look-up of a record with its log, ${CONCURRENT} at once, p${share * 100}`,
    value: at(ours, share),
    unit: 'ms',
    reference: 'one indexed select',
    referenceValue: at(bare, share),
    ratio: at(ours, share) / at(bare, share),
    ...(share === 0.95 && { target: '<= 3, and < 100 ms' }),
  }))
}

const keyOf = (n: number) => creditCode((n * 7_919) % COUNT)
const at = (sorted: readonly number[], share: number) =>
  Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 10) / 10

/** Times of all askings, sorted. */
async function atOnce(ask: (n: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  let next = 0
  async function asker() {
    while (next < LOOKUPS) {
      const n = next++
      times.push((await timed(() => ask(n))).ms)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENT }, asker))
  return times.sort((a, b) => a - b)
}

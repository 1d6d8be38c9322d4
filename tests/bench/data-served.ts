import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import * as golden from '../../modules/golden/index.ts'
import { loadFile } from '../golden/registers.files.ts'
import { creditCode, givenDataset, givenSchema } from '../golden/registers.ts'
import { addressOf, SERVER } from '../support/database.ts'
import { openWorld, type World } from '../support/world.ts'
import { psqlOn } from './data-peers.ts'
import { timed } from './load.ts'
import type { BenchRow } from './row.ts'

const NEEDS_SERVER = 'skipped, DATABASE_URL names no server\n'

const RECORDS = 100_000
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
    const full = process.argv.includes('--full')
    const merged = await mergedRecords(world, full ? [2_000_000, 1_500_000, 500_000] : [RECORDS], folder)
    return [merged, ...(await lookedUp(world))]
  } finally {
    await world.close()
  }
}

async function mergedRecords(world: World, sizes: readonly number[], folder: string): Promise<BenchRow> {
  await givenSchema(world, 'bench-register', ['code', 'name', 'address'])
  for (const [at, size] of sizes.entries()) {
    const dataset = await givenDataset(world, `bureau-${at}`, 'bench-register')
    const lines = Array.from({ length: size }, (_, n) => `${creditCode(n)},第${n}家${at},人民路${n}号`)
    await loadFile(world, dataset, ['代码,名称,住所', ...lines], ['uscc', 'organisation_name', 'address'])
  }
  // All records anew, as after a change of the rules; what was there is undone outside the clock.
  await sql`update golden.served set generation = generation + 1, run_id = null`.execute(world.db)
  await sql`delete from golden.organisation_record`.execute(world.db)
  const merge = await timed(async () => {
    await golden.mergeRegisters(world.as('directory-admin'))
    await world.settle()
  })
  const copied = await copiedRecords(world, join(folder, 'records.copy'))
  return {
    name: `merge of ${sizes.join(' + ')} rows to records in PostgreSQL`,
    value: Math.round(merge.ms),
    unit: 'ms',
    reference: 'COPY of the same records with their indexes',
    referenceValue: Math.round(copied),
    ratio: merge.ms / copied,
    target: '<= 1.5 for the copy alone',
  }
}

/** The records served, written to a file by COPY and read back into a table of the same kind. */
async function copiedRecords(world: World, file: string): Promise<number> {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(world.db)
  const database = addressOf(String(SERVER), String(rows[0]?.name))
  await psqlOn(
    database,
    `\\copy golden.organisation_record to '${file}'`,
    'create table public.copied (like golden.organisation_record including all)',
  )
  const { ms } = await psqlOn(database, `\\copy public.copied from '${file}'`)
  await rm(file)
  return ms
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

const keyOf = (n: number) => creditCode((n * 7_919) % RECORDS)
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

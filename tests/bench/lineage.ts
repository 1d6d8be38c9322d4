import { sql } from 'kysely'
import * as catalog from '../../modules/catalog/index.ts'
import * as golden from '../../modules/golden/index.ts'
import { loadFile } from '../golden/registers.files.ts'
import { creditCode, givenDataset, givenSchema } from '../golden/registers.ts'
import { openWorld, type World } from '../support/world.ts'
import type { BenchRow } from './row.ts'

const DATASETS = 10_000
const COLUMNS = 20
/** Of the datasets, those that feed the records. */
const MERGED = 40
const ROWS = 2_000
const RUNS = 50

/** From one field of a record to the source line and back, among the lineage of ten thousand datasets. */
export async function bench(): Promise<BenchRow[]> {
  const world = await openWorld()
  try {
    await givenSchema(world, 'bench-register', ['code', 'name', 'address'])
    const dataset = await givenDataset(world, 'tax-bureau', 'bench-register')
    const lines = Array.from({ length: ROWS }, (_, at) => `${creditCode(at)},第${at}家,人民路${at}号`)
    await loadFile(world, dataset, ['代码,名称,住所', ...lines], ['uscc', 'organisation_name', 'address'])
    await givenLineage(world)
    const clerk = world.as('clerk', 'window')
    const [there, back, drawn]: [number[], number[], number[]] = [[], [], []]
    for (let run = 0; run < RUNS; run++) {
      const key = creditCode((run * 37) % ROWS)
      const asked = { key, field: 'address', purpose: 'bench' }
      const { origins } = await timed(there, () => golden.fieldLineage(clerk, asked))
      const { version = 0, line } = origins[0] ?? {}
      const row = { datasetId: dataset.id, version, line: line ?? 0, purpose: 'bench' }
      const found = await timed(back, () => golden.lineLineage(clerk, row))
      if (found.key !== key) throw new Error('the line leads to another record')
      await timed(drawn, () => catalog.datasetLineage(clerk, { datasetId: dataset.id }))
    }
    const whole = there.map((ms, at) => ms + (back[at] ?? 0))
    return [
      row(`from a field to its line and back, ${DATASETS} datasets, p95`, whole, '<= 200'),
      row('of which: field to line, p95', there),
      row('of which: line to fields, p95', back),
      row('columns around one dataset, p95', drawn),
    ]
  } finally {
    await world.close()
  }
}

async function timed<T>(into: number[], work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now()
  const result = await work()
  into.push(performance.now() - startedAt)
  return result
}

function row(name: string, times: readonly number[], target?: string): BenchRow {
  const sorted = [...times].sort((a, b) => a - b)
  const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? 0
  return { name, value: Math.round(p95 * 10) / 10, unit: 'ms', ...(target !== undefined && { target }) }
}

/** Written at once: ten thousand loads would take an hour. */
async function givenLineage(world: World): Promise<void> {
  await sql`
    insert into catalog.dataset (id, organisation_id, title, title_key, schema_code, source_rank, search, registered_at)
    select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'tax-bureau', 'bench ' || n, 'bench' || n,
      'bench-register', 100, ''::tsvector, now()
    from generate_series(1, ${DATASETS}::int) as n
  `.execute(world.db)
  await sql`
    insert into catalog.lineage_edge
      (input_kind, input_id, input_column, output_kind, output_id, output_column, kind, steps, since)
    select 'file', id::text, '列' || c, 'dataset', id::text, 'column_' || c, 'mapping', '["trim"]', 1
    from catalog.dataset, generate_series(1, ${COLUMNS}::int) as c where title like 'bench %'
  `.execute(world.db)
  await sql`
    insert into catalog.lineage_edge
      (input_kind, input_id, input_column, output_kind, output_id, output_column, kind, steps, since)
    select 'dataset', id::text, 'column_' || c, 'golden', 'legal-entity',
      case c when 1 then 'address' else 'field_' || c end, 'survivorship', '["freshest"]', 1
    from (select id from catalog.dataset where title like 'bench %' limit ${MERGED}::int) as merged,
      generate_series(1, ${COLUMNS}::int) as c
  `.execute(world.db)
}

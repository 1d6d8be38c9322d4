import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, release } from 'node:os'
import { join } from 'node:path'
import type { BenchRow } from './row.ts'

/** Benches by name; each runs on its own and measures its reference in the same run. */
const BENCHES: Record<string, () => Promise<{ bench(): Promise<BenchRow[]> }>> = {
  ingest: () => import('./ingest.ts'),
  data: () => import('./data.ts'),
  lineage: () => import('./lineage.ts'),
  directory: () => import('./directory.ts'),
  crash: () => import('./crash.ts'),
  process: () => import('./process.ts'),
  replay: () => import('./replay.ts'),
  graphql: () => import('./graphql.ts'),
}

const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
const names = asked.length > 0 ? asked : Object.keys(BENCHES)
const rows: BenchRow[] = []

for (const name of names) {
  const load = BENCHES[name]
  if (!load) {
    process.stderr.write(`There is no bench ${name}; there are ${Object.keys(BENCHES).join(', ')}\n`)
    process.exit(2)
  }
  process.stderr.write(`${name} …\n`)
  rows.push(...(await (await load()).bench()))
}

const report = {
  ranAt: new Date().toISOString(),
  node: process.version,
  cores: cpus().length,
  kernel: release(),
  rows,
}
const folder = join(import.meta.dirname, 'results')
await mkdir(folder, { recursive: true })
await writeFile(
  join(folder, `${report.ranAt.replaceAll(':', '')}.json`),
  `${JSON.stringify(report, null, 2)}\n`,
)

for (const row of rows) {
  const ratio = row.ratio === undefined ? '' : `ratio ${row.ratio.toFixed(2)}`
  const reference = row.reference === undefined ? '' : `${row.reference}: ${row.referenceValue} ${row.unit}`
  const target = row.target === undefined ? '' : `target ${row.target}`
  process.stderr.write(
    `${[row.name, `${row.value} ${row.unit}`, reference, ratio, target].filter(Boolean).join(' | ')}\n`,
  )
}
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
process.exit(0)

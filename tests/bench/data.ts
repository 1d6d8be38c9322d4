import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { changes, matching } from './data-compare.ts'
import { growth } from './data-growth.ts'
import { ingest } from './data-ingest.ts'
import { pull } from './data-pull.ts'
import { merge, records } from './data-served.ts'
import type { BenchRow } from './row.ts'

/** The parts in order; `-- data --only=matching` runs one, `--full` the largest sizes too. */
const PARTS: Readonly<Record<string, (folder: string) => Promise<BenchRow[]>>> = {
  ingest,
  growth,
  changes,
  matching,
  pull,
  records,
  merge,
}

/** Section 12 of the specification of standards and data: each piece of work beside the bare engine and peers. */
export async function bench(): Promise<BenchRow[]> {
  const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice('--only='.length)
  const rows: BenchRow[] = []
  for (const [name, part] of Object.entries(PARTS)) {
    if (only !== undefined && only !== name) continue
    process.stderr.write(`  ${name} …\n`)
    const folder = await mkdtemp(join(tmpdir(), `gdbos-bench-${name}-`))
    try {
      rows.push(...(await part(folder)))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  return rows
}

import { loads } from './crash-loads.ts'
import { processes } from './crash-processes.ts'
import type { BenchRow } from './row.ts'

const PARTS: Readonly<Record<string, () => Promise<BenchRow[]>>> = { loads, processes }

/** Nodes killed as by `kill -9`, in full; `-- crash --only=processes` or `--only=loads` runs one part. */
export async function bench(): Promise<BenchRow[]> {
  const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice('--only='.length)
  const rows: BenchRow[] = []
  for (const [name, part] of Object.entries(PARTS))
    if (only === undefined || only === name) rows.push(...(await part()))
  return rows
}

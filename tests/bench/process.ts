import { completions } from './process-completions.ts'
import { instances } from './process-instances.ts'
import { messages } from './process-messages.ts'
import { models } from './process-models.ts'
import { peers } from './process-peers.ts'
import { timers } from './process-timers.ts'
import type { BenchRow } from './row.ts'

/** The parts in order; `-- process --only=timers` runs one. */
const PARTS: Readonly<Record<string, () => Promise<BenchRow[]>>> = {
  completions,
  peers,
  instances,
  models,
  messages,
  timers,
}

/** "Limits to measure against" of the runtime's design: each figure beside its reference in the same run. */
export async function bench(): Promise<BenchRow[]> {
  const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice('--only='.length)
  const rows: BenchRow[] = []
  for (const [name, part] of Object.entries(PARTS)) {
    if (only !== undefined && only !== name) continue
    process.stderr.write(`  ${name} …\n`)
    rows.push(...(await part()))
  }
  return rows
}

import { randomInt } from 'node:crypto'
import { completionsOf, faultsOf } from '../workflows/crash-verdict.ts'
import { crashTrial } from '../workflows/crashing.ts'
import { SERVER } from '../support/database.ts'
import type { BenchRow } from './row.ts'

/** Instances whose tasks come to 10,000 completions: about five each. */
const INSTANCES = 2_500
const KILLS = 60

/** Proof 3 of the runtime's design: 10,000 completions by four nodes that are killed at random. */
export async function processes(): Promise<BenchRow[]> {
  if (SERVER === undefined) {
    process.stderr.write('crash: processes skipped, DATABASE_URL names no PostgreSQL server\n')
    return []
  }
  const seed = Number(option('seed') ?? randomInt(1_000_000))
  const instances = Number(option('instances') ?? INSTANCES)
  const kills = Number(option('kills') ?? KILLS)
  process.stderr.write(`  seed ${seed}: repeat with --seed=${seed}\n`)
  const trial = await crashTrial(SERVER, { seed, models: 20, instances, kills, livesMs: 10_000 })
  try {
    const faults = await faultsOf(trial)
    for (const fault of faults) process.stderr.write(`  FAULT ${fault}\n`)
    const row = (name: string, value: number, unit: string, target?: string): BenchRow => ({
      name,
      value,
      unit,
      ...(target !== undefined && { target }),
    })
    return [
      row(`tasks completed by four nodes on one database, seed ${seed}`, await completionsOf(trial), 'tasks'),
      row('instances that ended', trial.cases.length, 'instances'),
      row('nodes killed with SIGKILL meanwhile', trial.kills, 'nodes'),
      row('answers that clerks got, the same command asked again included', trial.answers.length, 'answers'),
      row('rows lost, doubled, left over or in another order', faults.length, 'faults', '0'),
      row('duration', Math.round(trial.seconds), 's'),
    ]
  } finally {
    await trial.close()
  }
}

function option(name: string): string | undefined {
  const start = `--${name}=`
  return process.argv.find((argument) => argument.startsWith(start))?.slice(start.length)
}

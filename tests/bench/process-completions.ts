import { SERVER } from '../support/database.ts'
import { openProcessWorld, type ProcessWorld } from '../workflows/process-world.ts'
import { type Bare, openBare } from './process-bare.ts'
import { chainOf, completed, instancesOf, openTasks, percentile, together } from './process-desk.ts'
import type { BenchRow } from './row.ts'

const ROUNDS = 5
const BATCH = 64
/** Completions of each round, by how many are under way at a time. */
const WAYS = [
  { atOnce: 1, count: 100 },
  { atOnce: 8, count: 300 },
  { atOnce: 16, count: 300 },
  { atOnce: BATCH, count: 10 * BATCH },
] as const
const A_ROUND = WAYS.reduce((sum, { count }) => sum + count, 0)

interface Measured {
  readonly latencies: number[]
  seconds: number
  /** The bare transaction's share, a second. */
  readonly bare: number[]
}

/**
 * Completions of user tasks a second, each a whole use case (lock, rights, form, step, event, commit). The bare
 * transaction runs between our rounds, so that a busy moment of the machine hits both.
 */
export async function completions(): Promise<BenchRow[]> {
  const world = await openProcessWorld()
  const bare = SERVER === undefined ? undefined : await openBare(SERVER)
  try {
    // Each round completes another task of every instance at most; the last leaves some open.
    await instancesOf(world, 'desk', chainOf('desk', ROUNDS + 1), A_ROUND + 100)
    const measured = WAYS.map((): Measured => ({ latencies: [], seconds: 0, bare: [] }))
    for (let round = 0; round < ROUNDS; round++)
      for (const [index, way] of WAYS.entries()) await turn(world, way, measured[index], bare)
    return WAYS.flatMap(({ atOnce }, index) => rowsOf(atOnce, measured[index]))
  } finally {
    await bare?.close()
    await world.close()
  }
}

async function turn(
  world: ProcessWorld,
  { atOnce, count }: (typeof WAYS)[number],
  into: Measured | undefined,
  bare: Bare | undefined,
): Promise<void> {
  if (!into) return
  const open = await openTasks(world, count)
  if (atOnce === BATCH) {
    for (let from = 0; from < count; from += BATCH) {
      const began = performance.now()
      into.latencies.push(
        ...(await Promise.all(open.slice(from, from + BATCH).map((one) => completed(world, one)))),
      )
      into.seconds += (performance.now() - began) / 1000
    }
    if (bare) into.bare.push(await bare.batched(count, BATCH))
    return
  }
  into.seconds += await together(open, atOnce, async (one) =>
    into.latencies.push(await completed(world, one)),
  )
  if (bare) into.bare.push(await bare.singly(count, atOnce))
}

function rowsOf(atOnce: number, measured: Measured | undefined): BenchRow[] {
  if (!measured) return []
  const { latencies, seconds, bare } = measured
  const value = latencies.length / seconds
  const reference = bare.reduce((sum, each) => sum + each, 0) / bare.length
  const isBatch = atOnce === BATCH
  const name = isBatch ? `${BATCH} submitted together` : `${atOnce} at a time`
  const of = isBatch
    ? `bare transaction, ${BATCH} rows of each table in one statement`
    : `bare transaction: UPDATE + 2 INSERTs in one statement, ${atOnce} connections`
  return [
    {
      name: `completions of user tasks, ${name}, on ${SERVER === undefined ? 'PGlite (set DATABASE_URL for the comparison)' : 'PostgreSQL'}`,
      value: Math.round(value),
      unit: '/s',
      ...(bare.length > 0 && {
        reference: of,
        referenceValue: Math.round(reference),
        ratio: value / reference,
      }),
      ...(isBatch ? { target: '10000' } : atOnce > 1 && { target: 'ratio 0.6' }),
    },
    { name: `of which p50, ${name}`, value: percentile(latencies, 0.5), unit: 'ms' },
    { name: `of which p99, ${name}`, value: percentile(latencies, 0.99), unit: 'ms' },
  ]
}

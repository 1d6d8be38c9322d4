import { SERVER } from '../support/database.ts'
import { openProcessWorld, type ProcessWorld } from '../workflows/process-world.ts'
import { type Bare, GROUPS, openBare } from './process-bare.ts'
import {
  chainOf,
  completed,
  drained,
  instancesOf,
  openTasks,
  percentile,
  rowsOfDrained,
  together,
} from './process-desk.ts'
import { microseconds, type Processor, sessionsOf, sum, used } from './processor.ts'
import type { BenchRow } from './row.ts'

const ROUNDS = 5
const BATCH = 64
/** So many under way that groups of them are always full. */
const MANY = 4 * BATCH
/** Completions of each round, by how many are under way at a time. */
const WAYS = [
  { atOnce: 1, count: 300 },
  { atOnce: 8, count: 1_500 },
  { atOnce: 16, count: 1_500 },
  { atOnce: MANY, count: 80 * BATCH },
] as const
const A_ROUND = WAYS.reduce((sum, { count }) => sum + count, 0)

interface Measured {
  readonly latencies: number[]
  seconds: number
  processor: Processor
  /** The bare transaction's share, a second. */
  readonly bare: number[]
  bareProcessor: Processor
}

const NONE: Processor = { ours: 0, servers: 0 }

/**
 * Completions of user tasks a second, each a whole use case (lock, rights, form, step, event, commit). The bare
 * transaction runs between our rounds, so that a busy moment of the machine hits both.
 */
export async function completions(): Promise<BenchRow[]> {
  const world = await openProcessWorld()
  const bare = SERVER === undefined ? undefined : await openBare(SERVER)
  try {
    // Each round completes another task of every instance at most; the last leaves some open.
    await instancesOf(world, 'desk', chainOf('desk', ROUNDS + 2), A_ROUND + 100)
    const begin = () =>
      WAYS.map((): Measured => ({
        ...{ latencies: [], seconds: 0, bare: [] },
        ...{ processor: NONE, bareProcessor: NONE },
      }))
    const round = async (into: Measured[]) => {
      for (const [index, way] of WAYS.entries()) await turn(world, way, into[index], bare)
    }
    // Not measured: a server runs for days, and code is compiled while it runs for the first time.
    await round(begin())
    const measured = begin()
    for (let done = 0; done < ROUNDS; done++) await round(measured)
    const rows = WAYS.flatMap(({ atOnce }, index) => rowsOf(atOnce, measured[index]))
    // The deliveries that the completions left: each step counted for the analysis.
    const counted = await drained(world, 'core.deliveries', 4_000)
    return [...rows, ...rowsOfDrained('steps of these completions counted for the analysis', 'step', counted)]
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
  const ours = await used(
    () => sessionsOf(world.world.db),
    async () => {
      into.seconds += await together(open, atOnce, async (one) =>
        into.latencies.push(await completed(world, one)),
      )
    },
  )
  into.processor = sum(into.processor, ours)
  if (!bare) return
  const theirs = await used(bare.sessions, async () =>
    into.bare.push(await (atOnce === MANY ? bare.batched(count, BATCH) : bare.singly(count, atOnce))),
  )
  into.bareProcessor = sum(into.bareProcessor, theirs)
}

function rowsOf(atOnce: number, measured: Measured | undefined): BenchRow[] {
  if (!measured) return []
  const { latencies, seconds, bare } = measured
  const value = latencies.length / seconds
  const reference = bare.reduce((sum, each) => sum + each, 0) / bare.length
  const isBatch = atOnce === MANY
  const name = isBatch ? `${MANY} under way, ${BATCH} a commit` : `${atOnce} at a time`
  const of = isBatch
    ? `bare transaction, ${BATCH} rows of each table in one statement, ${GROUPS} connections`
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
    {
      name: `of which processor time, ${name}: ours ${microseconds({ ...measured.processor, servers: 0 }, latencies.length)}, the server’s ${microseconds({ ...measured.processor, ours: 0 }, latencies.length)}`,
      value: microseconds(measured.processor, latencies.length),
      unit: 'µs',
      ...(bare.length > 0 && {
        reference: `${of}, with ours of it`,
        referenceValue: microseconds(measured.bareProcessor, latencies.length),
        ratio:
          microseconds(measured.processor, latencies.length) /
          microseconds(measured.bareProcessor, latencies.length),
      }),
    },
    { name: `of which p50, ${name}`, value: percentile(latencies, 0.5), unit: 'ms' },
    { name: `of which p99, ${name}`, value: percentile(latencies, 0.99), unit: 'ms' },
  ]
}

import { expect } from 'chai'
import { type Context, transaction } from '../../core/context.ts'
import { cancelJob, defineJob, enqueue, type Job } from '../../core/jobs.ts'
import * as repository from '../../core/jobs/job.repository.ts'
import { jobQueue } from '../../core/jobs/queue.ts'
import { startWorkers, type Workers } from '../../core/jobs/workers.ts'
import { openWorld, type World } from '../support/world.ts'
import { until } from '../support/until.ts'

describe('the jobs of a node', () => {
  let world: World
  const nodes: Workers[] = []

  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())
  afterEach(async () => {
    for (const node of nodes.splice(0)) await node.stop()
  })

  it('wait for none of another kind, and for as many of their own as it has places', async () => {
    const far = holding({ atOnce: 2 })
    const near = holding()
    await ask('test.far', '1', '2', '3')
    const node = start({ 'test.far': far.job, 'test.near': near.job })
    await far.begun(2)
    await ask('test.near', '1')
    node.wake()

    await near.begun(1)
    near.end('1')
    await reached('test.near', '1', 'done')
    expect(far.runs).to.deep.equal(['1', '2'])

    far.end('2')
    await far.begun(3)
    expect(far.runs).to.deep.equal(['1', '2', '3'])
    far.end('1', '3')
    for (const key of ['1', '2', '3']) await reached('test.far', key, 'done')
  })

  it('are each run by one of two nodes', async () => {
    const keys = Array.from({ length: 12 }, (_, number) => `${number}`)
    await ask('test.shared', ...keys)
    const runs: string[] = []
    const job = defineJob<{ key: string }>({
      atOnce: 3,
      async run(_ctx, { key }) {
        runs.push(key)
      },
    })

    start({ 'test.shared': job })
    start({ 'test.shared': job })
    for (const key of keys) await reached('test.shared', key, 'done')

    expect(runs.sort()).to.deep.equal(keys.sort())
  })

  it('are claimed by one only, when many claim at the same moment', async () => {
    await ask('test.claimed', '1', '2', '3', '4')

    const claimed = await Promise.all(
      Array.from({ length: 8 }, () => repository.claim(world.platform(), ['test.claimed'], 60_000)),
    )

    expect(claimed.flatMap((job) => job?.key ?? []).sort()).to.deep.equal(['1', '2', '3', '4'])
  })

  it('are given back, no attempt used up, when it stops, and begin again', async () => {
    const first = holding({ atOnce: 2 })
    await ask('test.stopped', '1', '2', '3')
    const node = start({ 'test.stopped': first.job })
    await first.begun(2)

    await node.stop()

    expect(first.runs).to.have.length(2)
    for (const key of ['1', '2', '3'])
      expect(await row('test.stopped', key)).to.deep.include({
        ...{ status: 'waiting', attempts: 0, lockedUntil: null },
      })
    const second = holding({ atOnce: 3 })
    start({ 'test.stopped': second.job })
    await second.begun(3)
    second.end('1', '2', '3')
    for (const key of ['1', '2', '3']) await reached('test.stopped', key, 'done')
  })

  it('are cancelled one by one', async () => {
    const both = holding({ atOnce: 2 })
    await ask('test.cancelled', '1', '2')
    start({ 'test.cancelled': both.job })
    await both.begun(2)

    await transaction(world.platform(), (ctx) => cancelJob(ctx, 'test.cancelled', '1'))
    await both.aborted('1')

    expect(await row('test.cancelled', '1')).to.deep.include({ status: 'cancelled' })
    both.end('2')
    await reached('test.cancelled', '2', 'done')
  })

  /** A node of its own on the database. */
  function start(jobs: Readonly<Record<string, Job>>): Workers {
    const node = startWorkers(() => world.platform(), [jobQueue(jobs)], { alone: false })
    nodes.push(node)
    return node
  }

  async function ask(kind: string, ...keys: readonly string[]): Promise<void> {
    await transaction(world.platform(), async (ctx) => {
      for (const key of keys) await enqueue(ctx, kind, key, { key })
    })
  }

  function row(kind: string, key: string) {
    return world.db
      .selectFrom('core.job')
      .select(['status', 'attempts', 'lockedUntil'])
      .where('kind', '=', kind)
      .where('key', '=', key)
      .executeTakeFirstOrThrow()
  }

  async function reached(kind: string, key: string, status: string): Promise<void> {
    await until(async () => (await row(kind, key)).status === status)
  }
})

/** A job each run of which goes on until it is told to end, or aborted. */
function holding({ atOnce }: { readonly atOnce?: number } = {}) {
  const runs: string[] = []
  const ends = new Map<string, () => void>()
  const aborted = new Set<string>()
  const happened = new EventTarget()
  const tell = () => happened.dispatchEvent(new Event('change'))

  async function until(holds: () => boolean): Promise<void> {
    while (!holds())
      await new Promise((resolve) => happened.addEventListener('change', resolve, { once: true }))
  }

  return {
    runs,
    job: defineJob<{ key: string }>({
      ...(atOnce !== undefined && { atOnce }),
      async run(_ctx: Context, { key }, { signal }) {
        runs.push(key)
        tell()
        await new Promise<void>((resolve, reject) => {
          ends.set(key, resolve)
          signal.addEventListener('abort', () => {
            aborted.add(key)
            tell()
            reject(new Error('aborted'))
          })
        })
      },
    }),
    /** Until so many runs have begun. */
    begun: (count: number) => until(() => runs.length >= count),
    aborted: (key: string) => until(() => aborted.has(key)),
    end(...keys: readonly string[]) {
      for (const key of keys) ends.get(key)?.()
    },
  }
}

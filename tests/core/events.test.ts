import { expect } from 'chai'
import { type Context, transaction } from '../../core/context.ts'
import { deliveries } from '../../core/events/dispatcher.ts'
import { defineSubscriber, emit, recordAccess } from '../../core/events.ts'
import { cancelJob, defineJob, enqueue, type Poller } from '../../core/jobs.ts'
import * as jobs from '../../core/jobs/job.repository.ts'
import { jobQueue } from '../../core/jobs/queue.ts'
import { openWorld, type World } from '../support/world.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'test.noted': { note: string }
  }
}

describe('recording a fact and telling others', () => {
  let world: World
  let ctx: Context
  const heard: string[] = []
  let fails = 0

  const subscriber = defineSubscriber({
    name: 'test.listen',
    event: 'test.noted',
    async run(_ctx, { payload }) {
      if (fails-- > 0) throw new Error('the listener is ill')
      heard.push(payload.note)
    },
  })
  const dispatcher = deliveries([subscriber])

  before(async () => {
    world = await openWorld()
    ctx = { ...world.as('clerk'), subscribers: new Map([['test.noted', ['test.listen']]]) }
  })
  after(() => world.close())
  beforeEach(() => {
    heard.length = 0
    fails = 0
  })

  it('delivers an event after its commit, once', async () => {
    await transaction(ctx, (ctx) => emit(ctx, 'test.noted', { note: 'once' }))

    await drain(dispatcher)

    expect(heard).to.deep.equal(['once'])
  })

  it('leaves neither event nor delivery when the change is rolled back', async () => {
    const attempt = transaction(ctx, async (ctx) => {
      await emit(ctx, 'test.noted', { note: 'never' })
      throw new Error('changed my mind')
    })

    await attempt.catch(() => undefined)
    await drain(dispatcher)

    expect(heard).to.be.empty
    const notes = await world.eventsNamed('test.noted')
    expect(notes.filter(({ payload }) => (payload as { note: string }).note === 'never')).to.be.empty
  })

  it('tries a failed delivery again later, and only then', async () => {
    fails = 1
    await transaction(ctx, (ctx) => emit(ctx, 'test.noted', { note: 'again' }))

    await drain(dispatcher)
    expect(heard).to.be.empty
    world.now = new Date(world.now.getTime() + 5_000)
    await drain(dispatcher)

    expect(heard).to.deep.equal(['again'])
  })

  it('tells a subscriber that takes many all that wait, and each alone when one of them fails', async () => {
    const together: string[][] = []
    const many = deliveries([
      defineSubscriber({
        name: 'test.listen',
        event: 'test.noted',
        async run(_ctx, { payload }) {
          if (payload.note === 'bad') throw new Error('no such note')
          heard.push(payload.note)
        },
        async runAll(_ctx, events) {
          const notes = events.map(({ payload }) => payload.note)
          together.push(notes)
          if (notes.includes('bad')) throw new Error('one of them')
        },
      }),
    ])
    const note = (...notes: string[]) =>
      transaction(ctx, async (ctx) => {
        for (const note of notes) await emit(ctx, 'test.noted', { note })
      })

    await note('a', 'b', 'c')
    expect(await many.poll(ctx, new AbortController().signal)).to.equal(3)
    expect([together, heard]).to.deep.equal([[['a', 'b', 'c']], []])

    await note('d', 'bad', 'e')
    await drain(many)
    expect(heard).to.deep.equal(['d', 'e'])
    const left = await world.db
      .selectFrom('core.delivery')
      .select(['status', 'attempts', 'lastError'])
      .where('subscriber', '=', 'test.listen')
      .where('status', '<>', 'done')
      .execute()
    expect(left).to.deep.equal([{ status: 'waiting', attempts: 1, lastError: 'no such note' }])
  })

  it('writes the accesses of many at once, and fails only the one whose row is none', async () => {
    const kinds = ['read', 'read', 'none', ...Array.from({ length: 20 }, () => 'read')]

    const told = await Promise.allSettled(
      kinds.map((kind, at) => recordAccess(ctx, { kind: kind as 'read', subject: `together:${at}` })),
    )

    expect(told.flatMap(({ status }, at) => (status === 'rejected' ? at : []))).to.deep.equal([2])
    const { rows } = await world.db
      .selectFrom('core.access')
      .select((of) => of.fn.countAll<string>().as('rows'))
      .where('subject', 'like', 'together:%')
      .executeTakeFirstOrThrow()
    expect(Number(rows)).to.equal(22)
  })

  it('refuses the application role to change or delete what was recorded', async () => {
    const change = await world.db
      .updateTable('core.event')
      .set({ actorId: 'somebody else' })
      .execute()
      .catch((error: Error) => error.message)
    const removal = await world.db
      .deleteFrom('core.access')
      .execute()
      .catch((error: Error) => error.message)

    expect(change).to.match(/permission denied/)
    expect(removal).to.match(/permission denied/)
  })

  it('runs a job once for its key, and again after a failure that is no refusal', async () => {
    const runs: number[] = []
    const queue = jobQueue({
      'test.count': defineJob<{ by: number }>({
        async run(_ctx, { by }) {
          runs.push(by)
          if (runs.length === 1) throw new Error('the first attempt breaks')
        },
      }),
    })

    await transaction(ctx, (ctx) => enqueue(ctx, 'test.count', 'a', { by: 1 }))
    await transaction(ctx, (ctx) => enqueue(ctx, 'test.count', 'a', { by: 1 }))
    await drain(queue)
    world.now = new Date(world.now.getTime() + 10_000)
    await drain(queue)

    expect(runs).to.deep.equal([1, 1])
  })

  it('takes no word of a worker whose job another has taken over', async () => {
    await transaction(ctx, (ctx) => enqueue(ctx, 'test.slow', 'a', {}))
    const first = await jobs.claim(ctx, ['test.slow'], 1_000)
    world.now = new Date(world.now.getTime() + 2_000)
    const second = await jobs.claim(ctx, ['test.slow'], 60_000)
    if (!first || !second) throw new Error('the job was not claimed twice')

    await jobs.settle(ctx, first, { status: 'done', lastError: null })

    expect(await jobs.prolong(ctx, first, 60_000)).to.equal(false)
    expect(await jobs.prolong(ctx, second, 60_000)).to.equal(true)
  })

  it('does not run a cancelled job', async () => {
    const runs: string[] = []
    const queue = jobQueue({ 'test.cancelled': defineJob({ run: async () => void runs.push('ran') }) })
    await transaction(ctx, (ctx) => enqueue(ctx, 'test.cancelled', 'b', {}))

    await transaction(ctx, (ctx) => cancelJob(ctx, 'test.cancelled', 'b'))
    await drain(queue)

    expect(runs).to.be.empty
  })

  async function drain(poller: Poller): Promise<void> {
    while ((await poller.poll(ctx, new AbortController().signal)) > 0);
  }
})

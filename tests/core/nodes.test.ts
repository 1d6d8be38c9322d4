import { expect } from 'chai'
import { type Context, transaction } from '../../core/context.ts'
import { openNotifications } from '../../core/database/notifications.ts'
import { openPostgres } from '../../core/database/postgres.ts'
import type { Poller } from '../../core/jobs.ts'
import { defineJob, enqueue } from '../../core/jobs.ts'
import { jobQueue } from '../../core/jobs/queue.ts'
import { startWorkers, type Workers } from '../../core/jobs/workers.ts'
import { openLog } from '../../core/telemetry/log.ts'
import { sql } from 'kysely'
import { createDatabase, dropDatabase, addressOf as databaseAddress } from '../support/database.ts'
import { addressOf, skipWithoutServer } from '../support/sources.ts'
import { openWorld, type World } from '../support/world.ts'

/** So long that whoever waits for it is seen to: the test ends first. */
const NEVER_MS = 3_600_000

describe('the nodes of one PostgreSQL server', function () {
  this.timeout(60_000)
  let world: World
  let address: string
  let name: string
  const log = openLog('silent')
  const nodes: Workers[] = []

  before(skipWithoutServer('postgres'))
  before(async () => {
    world = await openWorld()
    name = await createDatabase(addressOf('postgres').href)
    address = databaseAddress(addressOf('postgres').href, name)
    const db = openPostgres({ connectionString: address, poolSize: 1, embedded: false })
    await sql`do $$ begin create role gdbos_app; exception when duplicate_object then null; end $$`.execute(
      db,
    )
    await db.destroy()
  })
  afterEach(async () => {
    for (const node of nodes.splice(0)) await node.stop()
  })
  after(async () => {
    await world?.close()
    if (name) await dropDatabase(addressOf('postgres').href, name)
  })

  it('look at once for what another has left, without their poll', async () => {
    const first = watching()
    const second = watching()
    const one = start(first.poller)
    start(second.poller)
    await Promise.all([first.looks(2), second.looks(2)])

    second.expectOne()
    one.wake()

    await second.looked()
  })

  it('do not wake themselves by what they tell', async () => {
    const first = watching()
    const second = watching()
    const one = start(first.poller)
    const other = start(second.poller)
    await Promise.all([first.looks(2), second.looks(2)])

    const before = first.count
    second.expectOne()
    one.wake()
    await second.looked()
    other.wake()
    // What the server tells comes in order: the first node's own word would have been heard before the other's.
    await first.looks(before + 2)

    expect(first.count).to.equal(before + 2)
  })

  it('listen again after the server has ended their session, and look for what was told meanwhile', async () => {
    const watched = watching()
    start(watched.poller)
    await watched.looks(2)

    watched.expectOne()
    const db = openPostgres({ connectionString: address, poolSize: 1, embedded: false })
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query like 'listen%'`.execute(db)
    await db.destroy()

    await watched.looked()
  })

  function start(poller: Poller): Workers {
    const open = openNotifications(address)
    const node = startWorkers(() => world.platform(), [poller], {
      alone: false,
      others: (heard) => open(heard, log),
      pollMs: NEVER_MS,
    })
    nodes.push(node)
    return node
  }
})

describe('a job', () => {
  let world: World

  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  it('starts when the transaction that queued it commits, without the poll', async () => {
    let began: () => void = () => undefined
    const begun = new Promise<void>((resolve) => (began = resolve))
    const job = defineJob({
      async run() {
        began()
      },
    })
    const node = startWorkers(() => world.platform(), [jobQueue({ 'test.at-once': job })], {
      alone: true,
      pollMs: NEVER_MS,
    })

    const ctx: Context = { ...world.platform(), wake: node.wake }
    await transaction(ctx, (ctx) => enqueue(ctx, 'test.at-once', '1', {}))

    await begun
    await node.stop()
  })
})

/** A poller that finds nothing, and whose looks can be waited for. */
function watching() {
  let count = 0
  let expected = Infinity
  const happened = new EventTarget()
  async function looks(wanted: number): Promise<void> {
    while (count < wanted)
      await new Promise((resolve) => happened.addEventListener('look', resolve, { once: true }))
  }
  return {
    get count() {
      return count
    },
    looks,
    /** Counts from here. */
    expectOne() {
      expected = count + 1
    },
    looked: () => looks(expected),
    poller: {
      name: 'test.watching',
      async poll() {
        count += 1
        happened.dispatchEvent(new Event('look'))
        return 0
      },
    } satisfies Poller,
  }
}

import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { defineTask } from '../../core/module.ts'
import { startWorkers } from '../../core/jobs/workers.ts'
import { jobPoller } from '../../workflows/runtime/jobs.ts'
import { until } from '../support/until.ts'
import { chain, message, model, serviceTask } from './models.ts'
import { BODY, offers, openProcessWorld, type ProcessWorld } from './process-world.ts'

describe('a service task that takes long', () => {
  let world: ProcessWorld
  let task: ReturnType<typeof holding>

  beforeEach(async () => {
    world = await openProcessWorld()
    task = holding()
    const start = `<startEvent id="s">${message('m_open')}</startEvent>`
    const before = '<message id="m_open" name="opened"/>'
    await world.deploy(model(`${start}${serviceTask('a')}<endEvent id="e"/>${chain('s a e')}`, { before }))
  })
  afterEach(() => world.close())

  it('is not begun by another node while its own lives, however long it takes', async () => {
    const matter = await queued()
    const own = poller(5).poll(system(), new AbortController().signal)
    await task.begun(matter)

    for (let minutes = 0; minutes < 3; minutes++) {
      world.advance(45_000)
      await leasedUntil(new Date(world.world.now.getTime() + 60_000))
    }
    const taken = await poller().poll(system(), new AbortController().signal)

    expect(taken).to.equal(0)
    task.end(matter)
    await own
    expect(await world.instance(matter)).to.deep.include({ status: 'completed' })
  })

  it('delays no other of its node', async () => {
    const slow = await queued()
    const node = startWorkers(system, [poller()], { alone: false, pollMs: 3_600_000 })
    await task.begun(slow)

    const next = await queued()
    node.wake()

    await task.begun(next)
    task.end(slow)
    task.end(next)
    await node.stop()
  })

  const system = () =>
    world.kernel.contextFor(
      { id: 'system:workflow.jobs', organisationId: 'platform', roles: ['system'] },
      randomUUID(),
    )

  const poller = (heartbeatMs?: number) =>
    jobPoller({ ...offers, tasks: new Map([['area.work', task.task]]) }, heartbeatMs)

  /** A matter whose process waits for its service task; nobody runs it yet. */
  async function queued(): Promise<string> {
    const matterId = randomUUID()
    await world.tell('area.matter.opened', { matterId, organisationId: BODY })
    // A poll takes one delivery, and facts told before have theirs.
    while (!(await world.instance(matterId))) await world.pollOnce('core.deliveries')
    return matterId
  }

  async function leasedUntil(instant: Date): Promise<void> {
    const job = world.world.db.selectFrom('workflow.job').select('lockedUntil')
    await until(
      async () => (await job.executeTakeFirstOrThrow()).lockedUntil?.getTime() === instant.getTime(),
    )
  }
})

/** A task that runs for a case until it is told to end. */
function holding() {
  const runs = new Set<string>()
  const ends = new Map<string, () => void>()
  const happened = new EventTarget()
  return {
    task: defineTask({
      input: z.object({ caseId: z.string() }),
      async run(_ctx, { caseId }) {
        const ended = new Promise<void>((resolve) => ends.set(caseId, resolve))
        runs.add(caseId)
        happened.dispatchEvent(new Event('run'))
        await ended
        return {}
      },
    }),
    async begun(caseId: string): Promise<void> {
      while (!runs.has(caseId))
        await new Promise((resolve) => happened.addEventListener('run', resolve, { once: true }))
    },
    end: (caseId: string) => ends.get(caseId)?.(),
  }
}

import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { complete, tasks } from '../../workflows/index.ts'
import { chain, message, model, timer, userTask } from './models.ts'
import { BODY, offers, openProcessWorld, type ProcessWorld } from './process-world.ts'

/** As many as a poll takes, twice. */
const BATCH = 64
const TIMERS = 2 * BATCH

describe('timers that fall due together', () => {
  let world: ProcessWorld

  beforeEach(async () => {
    world = await openProcessWorld()
    const start = `<startEvent id="s">${message('m_open')}</startEvent>`
    const before = '<message id="m_open" name="opened"/>'
    const late = `<intermediateCatchEvent id="t">${timer('P1D')}</intermediateCatchEvent>`
    const desk = userTask('a', 'gdbos:candidateRole="clerk"')
    await world.deploy(model(`${start}${late}<endEvent id="e"/>${chain('s t e')}`, { before }))
    await world.deploy(model(`${start}${desk}<endEvent id="e"/>${chain('s a e')}`, { before, key: 'desk' }), {
      key: 'desk',
    })
    await world.tell('area.matter.opened', { ...matter(), processPack: 'desk' })
    for (let count = 0; count < TIMERS; count++)
      await world.tell('area.matter.opened', { ...matter(), processPack: 'p' })
    await world.settle()
    world.advance(2 * 86_400_000)
  })
  afterEach(() => world.close())

  it('are fired in batches, so that a poll ends soon', async () => {
    await world.pollOnce('workflow.timers')

    expect(await armed()).to.equal(TIMERS - BATCH)
  })

  it('are each fired once by nodes that poll at the same moment', async () => {
    const others = [world, world.restarted(), world.restarted()]

    await Promise.all(others.map((node) => node.pollOnce('workflow.timers')))

    expect(await armed()).to.equal(0)
    const steps = await world.world.eventsNamed('workflow.instance.stepped')
    const fired = steps.filter(({ payload }) => (payload as { command: string }).command === 'timer')
    expect(fired).to.have.length(TIMERS)
  })

  it('are fired all but one that fails, which stays as it was', async () => {
    const { id, state } = await world.world.db
      .selectFrom('workflow.instance')
      .innerJoin('workflow.timer', 'workflow.timer.instanceId', 'workflow.instance.id')
      .select(['workflow.instance.id', 'workflow.instance.state'])
      .orderBy('workflow.timer.id')
      .limit(1)
      .executeTakeFirstOrThrow()
    await world.world.db
      .updateTable('workflow.instance')
      .set({ state: JSON.stringify({ ...state, format: 99 }) })
      .where('id', '=', id)
      .execute()

    await world.pollOnce('workflow.timers')

    expect(await armed()).to.equal(TIMERS - BATCH + 1)
  })

  it('let a person through who completes a task meanwhile', async () => {
    const { edges } = await tasks(world.as('clerk'), { first: 1 })
    const [id = ''] = edges.map(({ node }) => node.id)
    world.kernel.startWorkers()

    await complete(world.as('clerk'), { commandId: randomUUID(), id, expectedVersion: 0, output: {} }, offers)
    const left = await armed()
    await world.kernel.stopWorkers()

    expect(left).to.be.greaterThan(0)
  })

  const matter = () => ({ matterId: randomUUID(), organisationId: BODY })

  async function armed(): Promise<number> {
    const rows = await world.world.db
      .selectFrom('workflow.timer')
      .select('id')
      .where('status', '=', 'armed')
      .execute()
    return rows.length
  }
})

import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import type { DomainEvent } from '../../core/events.ts'
import { transaction } from '../../core/context.ts'
import { enqueue } from '../../core/jobs.ts'
import { compareFigures, complete, insight, tasks } from '../../workflows/index.ts'
import { bottlenecksOf, changeOf } from '../../workflows/insight/figures.ts'
import * as figures from '../../workflows/insight/figures.repository.ts'
import { countSteps } from '../../workflows/insight/projection.service.ts'
import { refusal } from '../support/refusal.ts'
import { chain, flow, message, model, userTask } from './models.ts'
import { BODY, offers, openProcessWorld, type ProcessWorld } from './process-world.ts'

const CLERK = 'gdbos:candidateRole="clerk"'
const HOUR = 3_600_000

/** Two branches; `b` goes round again while `outcome` is not yes. */
const twoBranches = (last = 'e') =>
  model(
    `<startEvent id="s">${message('m_open')}</startEvent><parallelGateway id="f"/>${userTask('a', CLERK)}
    <exclusiveGateway id="again"/>${userTask('b', CLERK)}<exclusiveGateway id="x" default="x_again"/>
    <parallelGateway id="j"/><endEvent id="${last}"/>${chain('s f a j')}${chain(`f again b x`)}
    ${flow('x', 'j', 'outcome = "yes"')}${flow('x', 'again')}${flow('j', last)}`,
    { variables: ['outcome:string'], before: '<message id="m_open" name="opened"/>' },
  )

type Stepped = DomainEvent<'workflow.instance.stepped'>

describe('the analysis of processes', () => {
  let world: ProcessWorld

  beforeEach(async () => {
    world = await openProcessWorld()
  })
  afterEach(() => world.close())

  /** Completes the open task at a node of the one case that runs, by a person. */
  async function answer(node: string, output: object = {}, person = 'clerk') {
    const { edges } = await tasks(world.as('clerk', BODY, person), { first: 100 })
    const found = edges.find((edge) => edge.node.node === node)
    if (!found) throw new Error(`no task waits at ${node}`)
    const { id, version: expectedVersion } = found.node
    const completion = { commandId: randomUUID(), id, expectedVersion, output: { ...output } }
    await complete(world.as('clerk', BODY, person), completion, offers)
    await world.settle()
  }

  /** Case 1 takes 5 hours (a 1 h, b 2 h, b again 3 h), case 2 takes 4 (b 1 h, a 4 h). */
  async function twoCases() {
    await world.deploy(twoBranches())
    await world.open({})
    world.advance(HOUR)
    await answer('a')
    world.advance(HOUR)
    await answer('b', { outcome: 'no' }, 'other')
    world.advance(3 * HOUR)
    await answer('b', { outcome: 'yes' })
    await world.open({})
    world.advance(HOUR)
    await answer('b', { outcome: 'yes' })
    world.advance(3 * HOUR)
    await answer('a')
  }

  const designer = () => world.as('process-designer', 'platform')
  const ask = (ctx = designer()) => insight(ctx, { key: 'p' })
  const seconds = (hours: number) => (hours * HOUR) / 1000

  it('counts visits, repeats and the time at each node as one would by hand', async () => {
    await twoCases()
    await world.open({})

    const { population } = await ask()
    const byNode = new Map((await figures.nodes(designer(), population)).map((node) => [node.node, node]))

    expect(byNode.get('a')).to.deep.include({ visits: 3, now: 1, repeats: 0, cancelled: 0 })
    expect(byNode.get('a')).to.deep.include({
      p50: seconds(2.5),
      p90: seconds(1 + 0.9 * 3),
      mean: seconds(2.5),
      total: seconds(5),
    })
    expect(byNode.get('b')).to.deep.include({ visits: 4, now: 1, repeats: 1 })
    expect(byNode.get('b')).to.deep.include({ p50: seconds(2), mean: seconds(2), total: seconds(6) })
    expect(byNode.get('j')).to.deep.include({ visits: 2, total: 0 })
  })

  it('counts the cases, their steps, touches, persons and duration', async () => {
    await twoCases()

    const { population } = await ask()
    const cases = await figures.cases(designer(), population)

    expect(cases).to.deep.equal({
      running: 0,
      completed: 2,
      terminated: 0,
      steps: 2.5,
      touches: 2.5,
      people: 1.5,
      waiting: seconds(5.5),
      p50: seconds(4.5),
      p90: seconds(4.9),
      mean: seconds(4.5),
    })
  })

  it('counts each flow and what a join kept its branches waiting', async () => {
    await twoCases()

    const { population } = await ask()
    const byFlow = new Map((await figures.flows(designer(), population)).map((each) => [each.flow, each]))

    expect([...byFlow].map(([id, { passages }]) => `${id} ${passages}`)).to.have.members([
      ...['s_f 2', 'f_a 2', 'f_again 2', 'again_b 3', 'b_x 3', 'x_again 1', 'x_j 2', 'a_j 2', 'j_e 2'],
    ])
    expect(byFlow.get('a_j')).to.include({ total: seconds(4) })
    expect(byFlow.get('x_j')).to.include({ total: seconds(3) })
    expect(byFlow.get('s_f')).to.include({ total: 0 })
  })

  it('ranks nodes by their share of the time, and cases by the way they went', async () => {
    await twoCases()

    const { population } = await ask()
    const ranked = bottlenecksOf(await figures.nodes(designer(), population))
    const variants = await figures.variants(designer(), population, 1)

    expect(ranked.map(({ node, share }) => [node, share])).to.deep.equal([
      ['b', 6 / 11],
      ['a', 5 / 11],
    ])
    expect(variants.count).to.equal(2)
    expect(variants.top).to.have.length(1)
    expect(variants.top[0]).to.include({ cases: 1 })
    const all = await figures.variants(designer(), population, 10)
    expect(all.top.map(({ path }) => path)).to.have.deep.members([
      ['a', 'b', 'b'],
      ['a', 'b'],
    ])
  })

  it('counts a step once, in whatever order, however often and with however many others it is told', async () => {
    await twoCases()
    const before = await everything()
    const events = await steps()

    await forget()
    for (const event of [...events].reverse().flatMap((event) => [event, event])) await tell(event)
    for (const event of events) await tell(event)
    expect(await everything()).to.deep.equal(before)

    await forget()
    // The last ones first, so that some are kept until the one before them is told.
    await tell(...events.slice(events.length / 2))
    await tell(...events.slice(0, events.length / 2 + 1), ...events.toReversed())
    await tell(...events)
    expect(await everything()).to.deep.equal(before)
    expect(await world.world.db.selectFrom('workflow.stepAhead').selectAll().execute()).to.be.empty
  })

  it('counts a migration among other steps told at once as it counts each by itself', async () => {
    await world.deploy(twoBranches())
    await world.open({})
    await world.settle()
    const [trace] = (await everything()).traces
    const [told] = await steps()
    if (!told || !trace) throw new Error('nothing was counted')
    const step = (
      version: number,
      moves: Stepped['payload']['moves'],
      more: Partial<Stepped['payload']> = {},
    ): Stepped => ({
      ...told,
      payload: {
        ...told.payload,
        version,
        command: 'complete',
        moves,
        status: 'running',
        ...more,
      },
    })
    // Twice at a, of which the second stay is called b from then on; then at a again.
    const events = [
      step(1, [['+', 'a']]),
      step(2, [
        ['-', 'a'],
        ['+', 'a'],
      ]),
      step(3, [], { migrated: { definitionId: trace.definitionId, stays: [['a', 'b']] } }),
      step(4, [
        ['-', 'b'],
        ['+', 'a'],
      ]),
    ]

    await forget()
    for (const event of events) await tell(event)
    const apart = await everything()
    expect(apart.visits.map(({ node, nth }) => [node, nth])).to.deep.equal([
      ['a', 1],
      ['b', 2],
      ['a', 2],
    ])

    await forget()
    await tell(...events)
    expect(await everything()).to.deep.equal(apart)
  })

  it('learns what ran before it from the audit trail', async () => {
    await twoCases()
    const before = await everything()
    await forget()

    await transaction(world.kernel.contextFor({ id: 'x', organisationId: 'platform', roles: [] }), (ctx) =>
      enqueue(ctx, 'workflow.project-history', 'again', {}),
    )
    await world.settle()

    expect(await everything()).to.deep.equal(before)
  })

  it('counts a cancelled visit and a terminated case as such', async () => {
    await world.deploy(twoBranches())
    const id = await world.open({})
    await world.tell('area.matter.ended', { matterId: id, organisationId: BODY })
    await world.settle()

    const { population } = await ask()
    const nodes = await figures.nodes(designer(), population)

    expect(nodes.find(({ node }) => node === 'a')).to.include({ visits: 1, cancelled: 1, now: 0 })
    expect(await figures.cases(designer(), population)).to.include({
      terminated: 1,
      completed: 0,
      steps: null,
    })
  })

  it('compares two versions, and claims a difference only where there are enough cases', async () => {
    await twoCases()
    await world.deploy(twoBranches('end'))
    await world.open({})
    world.advance(HOUR)
    await answer('a')
    await answer('b', { outcome: 'yes' })

    const { from, to, change } = await compareFigures(designer(), { key: 'p', from: 1, to: 2 })

    expect([from.completed, from.steps, from.touches]).to.deep.equal([2, 2.5, 2.5])
    expect([to.completed, to.steps, to.p50]).to.deep.equal([1, 2, seconds(1)])
    expect(change).to.equal(undefined)
    expect(changeOf({ ...from, completed: 30 }, { ...to, completed: 30 })).to.deep.include({
      steps: -0.5,
      touches: -0.5,
      p50: seconds(-3.5),
    })
  })

  it('counts only cases begun in the period, in days of the region', async () => {
    await twoCases()
    const of = async (since: string | null, until: string | null) => {
      const { population } = await insight(designer(), { key: 'p', since, until })
      return (await figures.cases(designer(), population)).completed
    }

    expect(await of('2026-01-05', '2026-01-05')).to.equal(2)
    expect(await of('2026-01-06', null)).to.equal(0)
    expect(await of(null, '2026-01-04')).to.equal(0)
    expect((await refusal(of('2026-01-06', '2026-01-05'))).code).to.equal('WORKFLOW_PERIOD_INVALID')
  })

  it('shows a leader the own body’s cases, a designer those of the own processes, and others nothing', async () => {
    await twoCases()
    const completed = async (ctx: ReturnType<typeof designer>) => {
      const { population } = await ask(ctx)
      return (await figures.cases(ctx, population)).completed
    }

    expect(await completed(world.as('supervisor'))).to.equal(2)
    expect(await completed(world.as('auditor', 'audit'))).to.equal(2)
    expect(await completed(world.as('supervisor', 'other-bureau'))).to.equal(0)
    for (const ctx of [world.as('process-designer', 'other-bureau'), world.as('clerk'), world.as('citizen')])
      expect((await refusal(ask(ctx))).code).to.equal('POLICY_FORBIDDEN')
    expect((await refusal(insight(designer(), { key: 'p', version: 9 }))).code).to.equal(
      'WORKFLOW_VERSION_NOT_FOUND',
    )
    expect((await refusal(insight(world.as('auditor'), { key: 'none' }))).code).to.equal(
      'WORKFLOW_PROCESS_NOT_FOUND',
    )
  })

  const steps = () => world.world.eventsNamed('workflow.instance.stepped')

  async function tell(...events: readonly Stepped[]) {
    const [event, ...more] = events
    await transaction(world.as('auditor'), async (ctx) => {
      if (event && more.length === 0) await countSteps.run(ctx, event)
      else await countSteps.runAll?.(ctx, events)
    })
  }

  async function forget() {
    for (const table of ['workflow.passage', 'workflow.visit', 'workflow.trace'] as const)
      await world.world.db.deleteFrom(table).execute()
  }

  async function everything() {
    const { db } = world.world
    return {
      traces: await db.selectFrom('workflow.trace').selectAll().orderBy('instanceId').execute(),
      visits: await db
        .selectFrom('workflow.visit')
        .selectAll()
        .orderBy('instanceId')
        .orderBy('seq')
        .execute(),
      passages: await db
        .selectFrom('workflow.passage')
        .selectAll()
        .orderBy('instanceId')
        .orderBy('seq')
        .orderBy('flow')
        .execute(),
    }
  }
})

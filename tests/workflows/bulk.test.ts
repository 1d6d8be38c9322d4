import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { refusal } from '../support/refusal.ts'
import * as workflows from '../../workflows/index.ts'
import { completion, deployed, type Member, type Staff, staff } from './people.ts'
import { offers, openProcessWorld, type ProcessWorld } from './process-world.ts'

const { assignAll, claim, claimAll, complete, task } = workflows

describe('several tasks at once', () => {
  let world: ProcessWorld
  let people: Staff

  beforeEach(async () => {
    world = await openProcessWorld()
    people = await staff(world)
    await deployed(world)
  })
  afterEach(() => world.close())

  async function openTasks(count: number): Promise<string[]> {
    for (let at = 0; at < count; at++) await world.open()
    const { edges } = await workflows.tasks(people.anna.ctx(), { first: 100 }, { show: 'group' })
    return edges.map(({ node }) => node.id)
  }

  const assigneesOf = (ids: readonly string[]) =>
    Promise.all(ids.map(async (id) => (await task(people.head.ctx(), id)).assignee))

  it('are claimed all, or none with each that stands in the way named', async () => {
    const { anna, ben } = people
    const ids = await openTasks(3)
    const [first = '', second = '', third = ''] = ids
    await claim(ben.ctx(), second)
    await claim(anna.ctx(), third)
    const unknown = randomUUID()

    const taken = await refusal(claimAll(anna.ctx(), ids))
    expect(taken.code).to.equal('WORKFLOW_TASKS_REFUSED')
    expect(taken.params).to.deep.equal({ [second]: 'WORKFLOW_TASK_TAKEN' })
    expect(taken.messages.zh).to.include(second).and.include('已由他人领取')
    expect((await refusal(claimAll(anna.ctx(), [first, unknown]))).params).to.deep.equal({
      [unknown]: 'WORKFLOW_TASK_NOT_FOUND',
    })
    expect(await assigneesOf(ids)).to.deep.equal([null, ben.id, anna.id])

    const claimed = await claimAll(anna.ctx(), [third, first])
    expect(claimed.map(({ id, assignee }) => [id, assignee])).to.deep.equal([
      [third, anna.id],
      [first, anna.id],
    ])
    expect(await world.world.eventsNamed('workflow.task.claimed')).to.have.length(3)
  })

  it('are given to a member by the head of the body, or back to their group', async () => {
    const { anna, ben, head } = people
    const ids = await openTasks(3)
    await claim(anna.ctx(), ids[0] ?? '')

    await assignAll(head.ctx(), ids, ben.id)
    expect(await assigneesOf(ids)).to.deep.equal([ben.id, ben.id, ben.id])
    const told = await world.world.eventsNamed('workflow.task.handed-over')
    expect(told.map(({ payload }) => (payload as { from: unknown }).from)).to.have.members([
      anna.id,
      null,
      null,
    ])
    await assignAll(head.ctx(), ids, null)
    expect(await assigneesOf(ids)).to.deep.equal([null, null, null])
  })

  it('stay as they are when one is closed, or the member unfit', async () => {
    const { anna, ben, carla, head } = people
    const ids = await openTasks(2)
    await complete(anna.ctx(), completion(ids[1] ?? '', 0), offers)

    const closed = await refusal(assignAll(head.ctx(), ids, ben.id))
    expect(closed.params).to.deep.equal({ [ids[1] ?? '']: 'WORKFLOW_STEP_CLOSED' })
    const unfit = await refusal(assignAll(head.ctx(), ids.slice(0, 1), carla.id))
    expect(unfit.params).to.deep.equal({ [ids[0] ?? '']: 'WORKFLOW_TASK_RECIPIENT_UNFIT' })
    expect((await task(head.ctx(), ids[0] ?? '')).assignee).to.equal(null)
  })

  it('are assigned by no member and by no other organisation', async () => {
    const { anna, ben, stranger, strangeHead } = people
    const ids = await openTasks(1)
    const paramsOf = async (member: Member) =>
      (await refusal(assignAll(member.ctx(), ids, ben.id))).params[ids[0] ?? '']

    expect(await paramsOf(anna)).to.equal('WORKFLOW_TASK_HEAD_ONLY')
    expect(await paramsOf(stranger)).to.equal('WORKFLOW_TASK_NOT_FOUND')
    expect(await paramsOf(strangeHead)).to.equal('WORKFLOW_TASK_NOT_FOUND')
    expect((await refusal(claimAll(stranger.ctx(), ids))).params).to.deep.equal({
      [ids[0] ?? '']: 'WORKFLOW_TASK_NOT_FOUND',
    })
  })

  it('are 1 to 100 different ones', async () => {
    const id = randomUUID()
    for (const ids of [[], [id, id], Array.from({ length: 101 }, () => randomUUID())])
      expect((await refusal(claimAll(people.anna.ctx(), ids))).code).to.equal('WORKFLOW_TASK_LIST_INVALID')
  })

  it('go to one of two who claim them at the same time, whole', async () => {
    const { anna, ben } = people
    const ids = await openTasks(6)

    const both = await Promise.allSettled([
      claimAll(anna.ctx(), ids),
      claimAll(ben.ctx(), [...ids].reverse()),
      ...ids.map((id, at) => claim((at % 2 === 0 ? anna : ben).ctx(), id)),
    ])

    const kept = await assigneesOf(ids)
    expect(kept.every((one) => one === anna.id || one === ben.id)).to.equal(true)
    for (const [at, member] of [anna, ben].entries())
      if (both[at]?.status === 'fulfilled') expect(new Set(kept)).to.deep.equal(new Set([member.id]))
    const claimed = await world.world.eventsNamed('workflow.task.claimed')
    expect(claimed).to.have.length(6)
  })
})

import { expect } from 'chai'
import { recordAbsence } from '../../modules/organisation/index.ts'
import * as workflows from '../../workflows/index.ts'
import { refusal } from '../support/refusal.ts'
import { type Member, oneTask, PAGE, type Staff, staff } from './people.ts'
import { openProcessWorld, type ProcessWorld } from './process-world.ts'

const { claim, delegate, prioritise, setFollowUp, taskCounts, tasks } = workflows
const DAY_MS = 86_400_000

describe('the desk', () => {
  let world: ProcessWorld
  let people: Staff
  /** Task ids by the note their process was started with. */
  const ids = new Map<string, string>()

  const namesAt = async (member: Member, filter: workflows.TaskFilter = {}) => {
    const { edges } = await tasks(member.ctx(), PAGE, filter)
    return edges.map(({ node }) => [...ids].find(([, id]) => id === node.id)?.[0] ?? '?')
  }
  const idOf = (name: string) => ids.get(name) ?? ''

  before(async () => {
    world = await openProcessWorld()
    people = await staff(world)
    // Due at the end of the second working day after the day it opened.
    await world.deploy(oneTask('gdbos:limitDays="2"'))
    for (const [name, firm] of [
      ['old', '好味来餐饮'],
      ['mine', '鸿运 100%_店'],
      ['lent', 'Lucky'],
      ['away', 'Sun'],
      ['new', '好味来餐饮'],
    ] as const) {
      const before = new Set(await openIds())
      await world.open({ note: name, firm })
      ids.set(name, (await openIds()).find((id) => !before.has(id)) ?? '')
      world.advance(name === 'old' ? DAY_MS : 60_000)
    }
    const { anna, ben, head } = people
    await claim(anna.ctx(), idOf('mine'))
    await claim(anna.ctx(), idOf('lent'))
    await delegate(anna.ctx(), idOf('lent'), ben.id)
    await claim(ben.ctx(), idOf('away'))
    await recordAbsence(ben.ctx(), {
      ...{ personId: ben.id, substituteId: anna.id },
      ...{ fromOn: '2026-01-06', untilOn: '2026-01-06' },
    })
    await setFollowUp(anna.ctx(), idOf('mine'), '2026-01-07')
    await prioritise(head.ctx(), idOf('new'), 80)
  })
  after(() => world.close())

  async function openIds() {
    const { edges } = await tasks(people.anna.ctx(), PAGE)
    return edges.map(({ node }) => node.id)
  }

  it('shows what is offered or one’s own, and each kind by itself', async () => {
    const { anna, ben } = people

    expect(await namesAt(anna)).to.deep.equal(['old', 'mine', 'lent', 'away', 'new'])
    expect(await namesAt(anna, { show: 'mine' })).to.deep.equal(['mine'])
    expect(await namesAt(anna, { show: 'group' })).to.deep.equal(['old', 'new'])
    expect(await namesAt(anna, { show: 'delegated' })).to.deep.equal(['lent'])
    expect(await namesAt(anna, { show: 'standing-in' })).to.deep.equal(['lent', 'away'])
    expect(await namesAt(ben, { show: 'mine' })).to.deep.equal(['lent', 'away'])
    expect(await namesAt(ben, { show: 'standing-in' })).to.deep.equal([])
  })

  it('shows the head the whole body, and nobody else', async () => {
    const { anna, carla, head, strangeHead, stranger } = people

    expect(await namesAt(head)).to.deep.equal([])
    expect(await namesAt(head, { show: 'body' })).to.have.length(5)
    expect(await namesAt(strangeHead, { show: 'body' })).to.deep.equal([])
    for (const member of [anna, carla, stranger])
      expect((await refusal(tasks(member.ctx(), PAGE, { show: 'body' }))).code).to.equal('POLICY_FORBIDDEN')
    for (const member of [carla, stranger]) expect(await namesAt(member)).to.deep.equal([])
  })

  it('finds by due date and follow-up date', async () => {
    const { anna } = people
    const at = world.world.now
    expect(await namesAt(anna, { due: 'overdue' })).to.deep.equal([])
    expect(await namesAt(anna, { due: 'soon' })).to.deep.equal(['old', 'mine', 'lent', 'away', 'new'])
    expect(await namesAt(anna, { due: 'follow-up' })).to.deep.equal([])

    world.world.now = new Date('2026-01-08T00:30:00+08:00')
    expect(await namesAt(anna, { due: 'overdue' })).to.deep.equal(['old'])
    expect(await namesAt(anna, { due: 'soon' })).to.deep.equal(['mine', 'lent', 'away', 'new'])
    expect(await namesAt(anna, { due: 'follow-up' })).to.deep.equal(['mine'])
    world.world.now = at
  })

  it('finds by process and by word, whatever signs the word has', async () => {
    const { anna } = people
    const found = (word: string) => namesAt(anna, { word })

    expect(await found('好味来')).to.deep.equal(['old', 'new'])
    expect(await found('luck')).to.deep.equal(['lent'])
    expect(await found('100%_')).to.deep.equal(['mine'])
    expect(await found('%')).to.deep.equal(['mine'])
    expect(await found('check')).to.have.length(5)
    expect(await found('核对')).to.have.length(5)
    expect(await found(`'; drop table workflow.task; --`)).to.deep.equal([])
    expect(await namesAt(anna, { process: 'p', word: 'sun' })).to.deep.equal(['away'])
    expect(await namesAt(anna, { process: 'q' })).to.deep.equal([])
  })

  it('sorts, and goes on page by page in the same order', async () => {
    const { anna } = people
    expect(await namesAt(anna, { sort: 'priority' })).to.deep.equal(['new', 'old', 'mine', 'lent', 'away'])

    for (const sort of ['created', 'due', 'priority'] as const) {
      const whole = (await tasks(anna.ctx(), PAGE, { sort })).edges.map(({ node }) => node.id)
      const paged: string[] = []
      for (let after: string | null = null, more = true; more;) {
        const page: Awaited<ReturnType<typeof tasks>> = await tasks(
          anna.ctx(),
          { first: 2, ...(after !== null && { after }) },
          { sort },
        )
        paged.push(...page.edges.map(({ node }) => node.id))
        after = page.pageInfo.endCursor
        more = page.pageInfo.hasNextPage
      }
      expect(paged).to.deep.equal(whole)
    }
    const { pageInfo } = await tasks(anna.ctx(), { first: 2 })
    const other = tasks(anna.ctx(), { first: 2, after: pageInfo.endCursor }, { sort: 'priority' })
    expect((await refusal(other)).code).to.equal('GRAPHQL_CURSOR_INVALID')
  })

  it('counts each kind', async () => {
    const { anna, head, stranger } = people

    expect(await taskCounts(anna.ctx())).to.deep.equal({
      ...{ all: 5, mine: 1, group: 2, delegated: 1, standingIn: 2 },
      ...{ overdue: 0, soon: 5, followUp: 0, body: 0 },
    })
    expect(await taskCounts(head.ctx())).to.include({ all: 0, body: 5 })
    expect(await taskCounts(stranger.ctx())).to.include({ all: 0, body: 0, group: 0 })
    expect(await workflows.taskProcesses(anna.ctx())).to.deep.equal([
      { key: 'p', name: { zh: 'p', en: 'p' }, count: 5 },
    ])
  })
})

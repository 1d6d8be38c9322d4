import { expect } from 'chai'
import { sql } from 'kysely'
import { together } from '../../core/together.ts'
import { openWorld, type World } from '../support/world.ts'

describe('doing for many who ask at once what one statement does for all', () => {
  let world: World
  /** How many each statement was run for. */
  let groups: number[]

  before(async () => {
    world = await openWorld()
  })
  beforeEach(() => {
    groups = []
  })
  after(() => world.close())

  const tenBy = (column: string) =>
    together<number, number>(async (db, items) => {
      groups.push(items.length)
      const { rows } = await sql<{ answer: number }>`
        select 10 / ${sql.ref(column)} as answer
        from unnest(${[...items]}::int[]) with ordinality as asked (item, place) order by place`.execute(db)
      return rows.map(({ answer }) => answer)
    })
  const outcomes = async (ask: ReturnType<typeof tenBy>, items: readonly number[]) =>
    (await Promise.allSettled(items.map((item) => ask(world.db, item)))).map((outcome) =>
      outcome.status === 'fulfilled' ? outcome.value : (outcome.reason as { code: string }).code,
    )

  it('answers each, and lets those whose data is refused fail alone', async () => {
    expect(await outcomes(tenBy('item'), [5, 2, 0, 1])).to.deep.equal([2, 5, '22012', 10])
    expect(groups).to.deep.equal([4, 1, 1, 1, 1])
  })

  it('tells everybody at once of a failure that is of no one’s data', async () => {
    expect(await outcomes(tenBy('absent'), [5, 2, 1])).to.deep.equal(['42703', '42703', '42703'])
    expect(groups).to.deep.equal([3])
  })

  it('keeps as many groups under way as it may, none larger than it may be', async () => {
    const ask = together<number, number>(
      async (db, items) => {
        groups.push(items.length)
        await sql`select 1`.execute(db)
        return items
      },
      { most: 2, groups: 2 },
    )
    const asked = [1, 2, 3, 4, 5].map((item) => ask(world.db, item))
    await Promise.resolve()
    await Promise.resolve()
    expect(groups).to.deep.equal([2, 2])
    expect(await Promise.all(asked)).to.deep.equal([1, 2, 3, 4, 5])
    expect(groups).to.deep.equal([2, 2, 1])
  })
})

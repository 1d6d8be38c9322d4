import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import type { Context } from '../../core/context.ts'
import * as catalog from '../../modules/catalog/index.ts'
import * as ingest from '../../modules/ingest/index.ts'
import { openWorld, type World } from '../support/world.ts'

/** Section 5.5: «a 2,000-row seeded sample» of the whole file, not its beginning. */
describe('suggesting a mapping by a sample of the whole file', () => {
  let world: World
  let steward: Context

  before(async () => {
    world = await openWorld()
    steward = world.as('data-steward', 'market-bureau')
  })
  after(() => world.close())

  it('lets rows of the whole file speak for a column whose first rows say nothing of it', async () => {
    const days = Array.from({ length: 10_000 }, (_, at) => (at < 1_000 ? 'x' : '2019-06-18'))

    const first = await dayColumn(days)
    const again = await dayColumn(days)

    expect(first?.parts.type).to.be.within(0.87, 0.93)
    expect(again?.parts).to.deep.equal(first?.parts)
  })

  it('takes every row of a short file', async () => {
    expect((await dayColumn(['x', '2019-06-18', '2019-06-18', '2019-06-18']))?.parts.type).to.equal(0.75)
  })

  async function dayColumn(days: readonly string[]): Promise<ingest.Suggestion | undefined> {
    const dataset = await catalog.registerDataset(steward, {
      title: `登记簿 ${randomUUID()}`,
      schemaCode: 'business-registration',
    })
    const lines = days.map((day, at) => `企业${at},${day}`)
    const batch = await ingest.receive(steward, {
      datasetId: dataset.id,
      fileName: 'register.csv',
      content: Buffer.from(`企业名称,成立日期\n${lines.join('\n')}\n`),
    })
    const suggested = await ingest.suggestedColumns(steward, batch)
    return suggested.find(({ name }) => name === '成立日期')?.suggestions[0]
  }
})

import { expect } from 'chai'
import { entries, entry, entryDesk } from '../../modules/catalog/index.ts'
import { ELEMENTS, givenDataset, givenSchema, load } from '../golden/registers.ts'
import { openWorld, type World } from '../support/world.ts'
import { establishBodies, givenPublished, item } from './directory.ts'

/** Section 3: «open never exceeds the level permitted by section 10», also when that changes afterwards. */
describe('an open entry whose data or standard changes', () => {
  let world: World
  const steward = (organisation = 'market-bureau') => world.as('data-steward', organisation)
  const visitor = () => world.as('anonymous', 'public')
  const openNames = async () => (await entries(visitor(), { first: 50 })).edges.map(({ node }) => node.name)
  const desk = async (organisation?: string) =>
    (await entryDesk(steward(organisation), { desk: 'closed', first: 20 })).edges.map(({ node }) => node.id)

  before(async () => {
    world = await openWorld()
    await establishBodies(world)
  })
  after(() => world.close())

  it('leaves the open directory when a standard of its dataset takes in personal data, and its custodian is told', async () => {
    await givenSchema(world, 'growing', ['code'])
    const dataset = await givenDataset(world, 'market-bureau', 'growing')
    const items = [item('信用代码', ELEMENTS.code)]
    const { id, code } = await givenPublished(world, {
      name: '会变的',
      items,
      open: true,
      datasetId: dataset.id,
    })
    const other = await givenPublished(world, { name: '不变的', items, open: true })
    await world.settle()
    expect(await openNames()).to.have.members(['会变的', '不变的'])

    await givenSchema(world, 'growing', ['code', 'representative'])
    await world.settle()

    expect(await openNames()).to.deep.equal(['不变的'])
    const closed = await entry(steward(), id)
    expect(closed).to.deep.include({ status: 'published', open: false, closedAt: world.now })
    expect(closed.level).to.be.above(1)
    expect(closed.remark).to.include('撤出开放目录')
    expect([await desk(), await desk('tax-bureau')]).to.deep.equal([[id], []])
    expect((await entry(steward(), other.id)).open).to.equal(true)
    const events = await world.eventsNamed('catalog.entry.closed')
    expect(events.map(({ payload, organisationId }) => [payload, organisationId])).to.deep.equal([
      [{ entryId: id, code, organisationId: 'market-bureau' }, 'market-bureau'],
    ])
  })

  it('is judged again when a version of its dataset is published, and stays open while it may', async () => {
    await givenSchema(world, 'steady', ['code', 'name'])
    const dataset = await givenDataset(world, 'market-bureau', 'steady')
    const items = [item('信用代码', ELEMENTS.code)]
    const { id } = await givenPublished(world, { name: '照旧的', items, open: true, datasetId: dataset.id })

    await load(world, dataset, ['91350100M000100Y43,好味来'])
    await world.settle()
    expect((await entry(steward(), id)).open).to.equal(true)

    // As if it had come to hold more before anybody judged: only the version tells.
    await world.db
      .updateTable('catalog.dataset')
      .set({ schemaCode: 'growing' })
      .where('id', '=', dataset.id)
      .execute()
    await load(world, { ...dataset, schemaCode: 'growing' }, ['9144030071526726XG,张三'])
    await world.settle()
    expect((await entry(steward(), id)).open).to.equal(false)
  })
})

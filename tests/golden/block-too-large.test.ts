import { expect } from 'chai'
import type { Dataset } from '../../modules/catalog/index.ts'
import { latestMerge, organisationRecord } from '../../modules/golden/index.ts'
import { shownValue } from '../../modules/golden/link.ts'
import { establish } from '../../modules/organisation/index.ts'
import { openWorld, type World } from '../support/world.ts'
import { creditCode, givenDataset, givenSchema, load } from './registers.ts'

// Section 13, row 37 of specs/standards-and-data.md: links are left as they are, records are not.
describe('a register whose rows share one value', function () {
  this.timeout(300_000)
  let world: World
  let market: Dataset
  let urban: Dataset
  const MANY = 120
  const RESTAURANT = '91350100M000100Y43'

  before(async () => {
    world = await openWorld({ now: '2026-01-05T09:00:00+08:00' })
    for (const id of ['market-bureau', 'urban-bureau'])
      await establish(world.platform(), { id, name: { zh: id, en: id }, kind: 'body' })
    await givenSchema(world, 'companies', ['code', 'name', 'phone'])
    await givenSchema(world, 'shopfronts', ['number', 'code', 'name', 'phone', 'organisationCode'])
    market = await givenDataset(world, 'market-bureau', 'companies', '企业登记')
    urban = await givenDataset(world, 'urban-bureau', 'shopfronts', '店招备案')
  })
  after(() => world.close())

  it('keeps its own rows from being weighed, says by which value, and keeps nobody from their records', async () => {
    const shops = Array.from({ length: MANY }, (_, n) => `${n},,榕城餐饮有限公司,00000000,`)
    await load(world, market, [`${RESTAURANT},福州老字号饭店,0591-1`, ...others()])
    await load(world, urban, [...shops, `${MANY},,老字号,0591-2,M000100Y4`])
    await world.settle()

    const run = await latestMerge(world.platform())

    expect(run).to.include({ status: 'published', errorCode: null, records: MANY + 1 })
    expect(run?.findings).to.deep.equal([
      {
        datasetId: urban.id,
        code: 'GOLDEN_BLOCK_TOO_LARGE',
        rows: MANY,
        lines: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
        value: '榕城餐饮有限公司',
      },
    ])
    const links = await world.db.selectFrom('golden.link').select(['line', 'key', 'method']).execute()
    expect(links).to.deep.equal([{ line: MANY + 2, key: RESTAURANT, method: 'organisation-code' }])
  })

  it('does not keep a new version of another register from being served', async () => {
    await load(world, market, [`${RESTAURANT},福州新字号饭店,0591-1`, ...others()])
    await world.settle()

    const record = await organisationRecord(world.as('data-steward', 'market-bureau'), {
      key: RESTAURANT,
      purpose: '核实',
    })
    const name = record.fields.find((field) => field.name === 'organisation_name')
    expect([name?.value, ...(name?.runnersUp ?? []).map(({ value }) => value)]).to.include('福州新字号饭店')
    expect((await latestMerge(world.platform()))?.status).to.equal('published')
  })

  it('is told without what not everybody may see: a telephone number is masked', () => {
    expect(shownValue('name', '榕城餐饮有限公司')).to.equal('榕城餐饮有限公司')
    expect(shownValue('stem:2 + phone', '榕城 | 059187654321')).to.equal('榕城 | 059*********')
    expect(shownValue('representative', '林晓梅')).to.equal('林**')
    expect(shownValue('stem:2 + phone', '榕城 | 0591 | 1')).to.equal('榕城 * **** * *')
  })

  const others = () => Array.from({ length: MANY }, (_, n) => `${creditCode(n)},榕城餐饮有限公司,00000000`)
})

import { expect } from 'chai'
import { graphql } from 'graphql'
import { composeSchema } from '../../gateway/graphql/schema.ts'
import { manifests } from '../../gateway/platform.ts'
import type { Dataset } from '../../modules/catalog/index.ts'
import {
  explainRecord,
  latestMerge,
  linkReview,
  organisationRecord,
  organisationRecords,
  overrideValue,
  recomputedSha256,
} from '../../modules/golden/index.ts'
import { establish } from '../../modules/organisation/index.ts'
import { openWorld, type World } from '../support/world.ts'
import { creditCode, givenDataset, givenSchema, load } from './registers.ts'

const LOOK = { purpose: '核实' }

// Section 6.5 of specs/standards-and-data.md, last sentence: a renamed company must not become two.
describe('former names of a company', function () {
  this.timeout(300_000)
  let world: World
  let market: Dataset
  let tax: Dataset
  let shops: Dataset
  let associations: Dataset
  const steward = () => world.as('data-steward', 'market-bureau')
  const renamed = creditCode(1)
  const listing = creditCode(2)
  const others = Array.from({ length: 120 }, (_, n) => {
    const [a, b] = [[...'甲乙丙丁戊己庚辛壬癸金银'][n % 12], [...'山川湖海江河林田石泉'][Math.floor(n / 12)]]
    const road = ['东街', '五四', '古田', '华林', '国货'][n % 5]
    return [creditCode(100 + n), `${a}${b}${['商贸', '食品', '物流'][n % 3]}有限公司`, `${road}路${n + 20}号`]
  })
  const registered = others.map(([code, name, place]) => `${code},${name},${place},2025-01-01,`)
  /** Rows whose company is plain: they teach what agreement is worth. */
  const plain = others.slice(0, 12).map(([, name, place], n) => `${n + 10},,${name},${place}`)

  before(async () => {
    world = await openWorld({ now: '2026-01-05T09:00:00+08:00' })
    for (const id of ['market-bureau', 'tax-bureau', 'urban-bureau'])
      await establish(world.platform(), { id, name: { zh: id, en: id }, kind: 'body' })
    await givenSchema(world, 'companies', ['code', 'name', 'address', 'updatedOn', 'formerNames'])
    await givenSchema(world, 'taxpayers', ['code', 'name', 'address'], { keyed: false })
    await givenSchema(world, 'shops', ['number', 'code', 'name', 'address'])
    market = await givenDataset(world, 'market-bureau', 'companies', '企业登记')
    tax = await givenDataset(world, 'tax-bureau', 'taxpayers', '纳税人')
    shops = await givenDataset(world, 'urban-bureau', 'shops', '门店')
    associations = await givenDataset(world, 'urban-bureau', 'shops', '商会')
    await load(world, market, [
      `${renamed},福州闽海餐饮有限公司,古田路1号,2024-03-01,`,
      `${listing},榕城茶业有限公司,华林路9号,2025-06-01,榕城茶庄；茶缘食品商行`,
      ...registered,
    ])
    await load(world, tax, [`${renamed},福州闽海餐饮有限公司,古田路1号`])
    await load(world, shops, ['1,,福州闽海餐饮有限公司,古田路1号', '2,,茶缘食品商行,华林路9号', ...plain])
    await world.settle()
  })
  after(() => world.close())

  it('that its register lists are kept beside it, without dates, down to the line', async () => {
    const { name, formerNames } = await organisationRecord(steward(), { key: listing, ...LOOK })

    expect(name).to.equal('榕城茶业有限公司')
    expect(
      formerNames.map(({ name, validFrom, validTo }) => [name, validFrom, validTo]),
    ).to.have.deep.members([
      ['榕城茶庄', null, null],
      ['茶缘食品商行', null, null],
    ])
    expect(formerNames[0]?.source).to.include({ datasetId: market.id, version: 1, line: 3 })
  })

  it('count as its name when a row without a code is compared, and the level says so', async () => {
    expect(await rowsOf(listing, shops)).to.deep.equal([3])
    const rowId = await rowIdOf(listing, shops)
    const { link } = await linkReview(world.as('data-steward', 'urban-bureau'), {
      ...{ datasetId: shops.id, rowId, key: listing },
      ...LOOK,
    })
    expect(link).to.include({ method: 'probabilistic', decision: 'link' })
    expect(link.parts.map(({ field, level }) => [field, level])).to.deep.equal([
      ['stem', 'former:equal'],
      ['form', 'absent'],
      ['region', 'absent'],
      ['address', 'equal'],
      ['phone', 'absent'],
      ['representative', 'absent'],
    ])
  })

  it('come of a later version of the register, and leave it one company whose rows without a code stay with it', async () => {
    world.now = new Date('2026-03-10T09:00:00+08:00')
    await load(world, market, [
      `${renamed},福州榕味饮食文化有限公司,古田路1号,2026-03-02,`,
      `${listing},榕城茶业有限公司,华林路9号,2025-06-01,榕城茶庄；茶缘食品商行`,
      ...registered,
    ])
    await load(world, associations, ['7,,福州闽海餐饮有限公司,古田路1号'])
    await world.settle()

    const run = await latestMerge(steward())
    expect(run).to.deep.include({ status: 'published', records: 122, findings: [] })
    const { name, formerNames } = await organisationRecord(steward(), { key: renamed, ...LOOK })
    expect(name).to.equal('福州榕味饮食文化有限公司')
    expect(formerNames.map(({ source, ...each }) => [each, source?.version, source?.line])).to.deep.equal([
      [{ name: '福州闽海餐饮有限公司', validFrom: '2024-03-01', validTo: '2026-03-02' }, 1, 2],
    ])
    expect(await rowsOf(renamed, shops)).to.deep.equal([2])
    expect(await rowsOf(renamed, associations)).to.deep.equal([2])
    expect(await recomputedSha256(steward())).to.equal(run?.contentSha256)
  })

  it('of a row without a code keep it with its company when the row alone is renamed', async () => {
    await load(world, associations, ['7,,榕味老街坊食堂,古田路1号'])
    await world.settle()

    expect(await rowsOf(renamed, associations)).to.deep.equal([2])
    const { formerNames } = await organisationRecord(steward(), { key: renamed, ...LOOK })
    expect(formerNames.map(({ name }) => name)).to.deep.equal(['福州闽海餐饮有限公司'])
  })

  it('have the day of receipt where the register dates nothing, and follow one another', async () => {
    world.now = new Date('2026-04-01T09:00:00+08:00')
    await load(world, tax, [`${renamed},榕味餐饮有限公司,古田路1号`])
    world.now = new Date('2026-05-01T09:00:00+08:00')
    await load(world, tax, [`${renamed},福州榕味饮食文化有限公司,古田路1号`])
    await world.settle()

    const { name, formerNames } = await organisationRecord(steward(), { key: renamed, ...LOOK })
    expect(name).to.equal('福州榕味饮食文化有限公司')
    expect(formerNames.map(({ name, validFrom, validTo }) => [name, validFrom, validTo])).to.deep.equal([
      ['榕味餐饮有限公司', null, '2026-05-01'],
      ['福州闽海餐饮有限公司', '2024-03-01', '2026-03-02'],
    ])
  })

  it('find it, in a search for any of them', async () => {
    for (const [search, key] of [
      ['闽海', renamed],
      ['茶缘', listing],
      ['榕味餐饮', renamed],
    ] as const) {
      const { edges } = await organisationRecords(steward(), { search, first: 10 })
      expect(
        edges.map(({ node }) => node.key),
        search,
      ).to.deep.equal([key])
    }
  })

  it('are explained in words, and read through GraphQL', async () => {
    const { formerNames } = await explainRecord(steward(), { key: renamed, ...LOOK })
    expect(formerNames.map(({ text }) => text.zh)).to.deep.equal([
      '曾用名“榕味餐饮有限公司”（不详起，2026-05-01止），来自tax-bureau《纳税人》第2版第2行：后一版改称他名。',
      '曾用名“福州闽海餐饮有限公司”（2024-03-01起，2026-03-02止），来自market-bureau《企业登记》第1版第2行：后一版改称他名。',
    ])
    const source = /* GraphQL */ `
      query ($key: String!) {
        organisationRecord(key: $key, purpose: "核实") {
          formerNames {
            name
            validFrom
            validTo
            source {
              datasetTitle
              line
            }
          }
        }
      }
    `
    const { data, errors } = await graphql({
      ...{ schema: composeSchema(manifests), source, variableValues: { key: renamed } },
      contextValue: steward(),
    })
    expect(errors).to.equal(undefined)
    const { organisationRecord: told } = JSON.parse(JSON.stringify(data)) as {
      organisationRecord: { formerNames: object[] }
    }
    expect(told.formerNames[0]).to.deep.equal({
      name: '榕味餐饮有限公司',
      validFrom: null,
      validTo: '2026-05-01',
      source: { datasetTitle: '纳税人', line: 2 },
    })
  })

  it('are those people put in place of the list, for as long as the override counts', async () => {
    await overrideValue(steward(), {
      ...{ key: listing, field: 'organisation_former_names', value: '榕城茶庄' },
      ...{ reason: '名单有误', basis: '档案', evidence: '登记档案第3页', expiresOn: '2026-12-31' },
    })
    await world.settle()

    const { formerNames } = await organisationRecord(steward(), { key: listing, ...LOOK })
    expect(formerNames).to.deep.equal([{ name: '榕城茶庄', validFrom: null, validTo: null, source: null }])
  })

  async function sourcesOf(key: string, { id }: Dataset) {
    const { fields } = await organisationRecord(steward(), { key, ...LOOK })
    const sources = fields.flatMap(({ source, runnersUp }) => [...(source ? [source] : []), ...runnersUp])
    return sources.filter(({ datasetId }) => datasetId === id)
  }

  async function rowsOf(key: string, dataset: Dataset) {
    return [...new Set((await sourcesOf(key, dataset)).map(({ line }) => line))]
  }

  async function rowIdOf(key: string, dataset: Dataset) {
    return (await sourcesOf(key, dataset))[0]?.rowId ?? ''
  }
})

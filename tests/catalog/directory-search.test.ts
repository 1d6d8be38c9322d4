import { expect } from 'chai'
import {
  changeEntry,
  entries,
  publishEntry,
  registerEntry,
  reviewEntry,
} from '../../modules/catalog/index.ts'
import { creditCode, ELEMENTS, givenDataset, givenSchema, load } from '../golden/registers.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'
import { establishBodies, givenPublished, item, written } from './directory.ts'

type Query = Omit<Parameters<typeof entries>[1], 'first'>

describe('searching the resource directory', () => {
  let world: World
  const clerk = () => world.as('clerk', 'tax-bureau')
  const found = async (query: Query, ctx = clerk()) =>
    (await entries(ctx, { first: 50, ...query })).edges.map(({ node }) => node.name)
  const counts = async (query: Query, ctx = clerk()) => {
    const { total, facets } = await entries(ctx, { first: 1, ...query })
    const of = (facet: string) =>
      Object.fromEntries(
        facets.filter((each) => each.facet === facet).map(({ value, count }) => [value, count]),
      )
    return { total, of }
  }

  before(async () => {
    world = await openWorld({ now: '2026-01-05T09:00:00+08:00' })
    await establishBodies(world)
    await givenSchema(world, 'companies', ['code', 'name', 'address'])
    const summary = '用于全县各部门核验和共享的基础信息，由提供方按周期更新。'
    const firms = [item('主体代码', ELEMENTS.code), item('主体名称', ELEMENTS.name)]
    for (const [changes, organisationId] of [
      [
        {
          name: '统一社会信用代码信息',
          items: firms,
          updateCycle: 'daily',
          kind: 'base',
          classPath: ['法人单位'],
        },
      ],
      [
        { name: '纳税申报信息', items: [item('纳税人识别号', ELEMENTS.code)], updateCycle: 'monthly' },
        'tax-bureau',
      ],
      [{ name: '企业年度报告', items: firms, kind: 'theme', classPath: ['信用体系'], open: true }],
      [
        { name: '水库水位', items: [item('水位', 'DE00000022')], format: 'spreadsheet', formatType: 'xlsx' },
        'water-bureau',
      ],
      [
        {
          name: '河道巡查',
          items: [item('水库名称', 'DE00000019')],
          sharingType: 'conditional',
          sharingCondition: '防汛',
        },
        'water-bureau',
      ],
      [
        { name: '供水企业', items: [item('企业', ELEMENTS.name)], summary: `${summary}含水库供水企业名单。` },
        'water-bureau',
      ],
    ] as const)
      await givenPublished(world, { summary, ...changes }, organisationId)
    await registerEntry(world.as('data-steward', 'tax-bureau'), written({ name: '尚未发布的信用代码' }))
  })
  after(() => world.close())

  for (const search of ['信用代码', 'xinyong daima', 'xydm', 'USCC', '統一社會信用代碼'])
    it(`finds the same entry first by “${search}”`, async () => {
      const names = await found({ search })

      expect(names[0]).to.equal('统一社会信用代码信息')
      expect(names).to.have.members(['统一社会信用代码信息', '纳税申报信息', '企业年度报告'])
    })

  it('ranks the exact name before the name, the name before items, items before the summary', async () => {
    expect(await found({ search: '水库' })).to.deep.equal(['水库水位', '河道巡查', '供水企业'])
    expect((await found({ search: '企业年度报告' }))[0]).to.equal('企业年度报告')
    expect(await found({ search: '水' })).to.include.members(['水库水位', '供水企业'])
    expect(await found({ search: 'shuiku' })).to.include('水库水位')
    expect(await found({ search: '渔船' })).to.deep.equal([])
    expect(await found({ search: '！？' })).to.deep.equal([])
  })

  it('puts the fresher of two equals first', async () => {
    const dataset = await givenDataset(world, 'water-bureau', 'companies')
    const items = [item('灌区', 'DE00000019')]
    await givenPublished(world, { name: '灌区甲名册', items, datasetId: dataset.id }, 'water-bureau')
    await givenPublished(world, { name: '灌区乙名册', items }, 'water-bureau')
    const { now } = world

    world.now = new Date(now.getTime() + 60_000)
    await load(world, dataset, ['91350100M000100Y43,福州榕城餐饮有限公司,东街口1号'])
    expect(await found({ search: '灌区' })).to.deep.equal(['灌区甲名册', '灌区乙名册'])
    expect((await counts({ search: '灌区' })).of('state')).to.deep.equal({ awaiting: 1, current: 1 })

    world.now = new Date(now.getTime() + 60_000 + 32 * 3_600_000 + 1)
    expect((await counts({ search: '灌区' })).of('state')).to.deep.equal({ awaiting: 1, overdue: 1 })
    expect(await found({ search: '灌区', state: 'overdue' })).to.deep.equal(['灌区甲名册'])
    world.now = now
  })

  it('counts every facet over all hits, and narrows by each', async () => {
    const { total, of } = await counts({ search: '信用代码' })

    expect(total).to.equal(3)
    expect(of('provider')).to.deep.equal({ 'market-bureau': 2, 'tax-bureau': 1 })
    expect(of('sharingType')).to.deep.equal({ unconditional: 3 })
    expect(of('level')).to.deep.equal({ 1: 3 })
    expect(of('format')).to.deep.equal({ database: 3 })
    expect(of('state')).to.deep.equal({ awaiting: 3 })
    expect(of('theme')).to.include({ 102: 1, 208: 1 })
    const ofWater = { provider: 'water-bureau' }
    expect((await counts({ ...ofWater, search: '水库' })).of('format')).to.deep.equal({
      database: 2,
      spreadsheet: 1,
    })
    expect(await found({ ...ofWater, format: 'spreadsheet' })).to.deep.equal(['水库水位'])
    expect(await found({ ...ofWater, sharingType: 'conditional' })).to.deep.equal(['河道巡查'])
    expect(await found({ search: '信用代码', theme: '208' })).to.deep.equal(['企业年度报告'])
    expect(await found({ search: '信用代码', level: 3 })).to.deep.equal([])
  })

  it('narrows by the quality grade, which follows the data', async () => {
    const dataset = await givenDataset(world, 'water-bureau', 'companies')
    const items = [item('渠系', 'DE00000019')]
    await givenPublished(world, { name: '渠系名册', items, datasetId: dataset.id }, 'water-bureau')
    expect((await counts({ search: '渠系' })).of('grade')).to.deep.equal({})
    const { now } = world

    const good = Array.from({ length: 9 }, (_, at) => `${creditCode(at)},渠系公司${at},东街口1号`)
    await load(world, dataset, [...good, 'bad,坏的,东街口1号'])
    expect((await counts({ search: '渠系' })).of('grade')).to.deep.equal({ C: 1 })
    expect(await found({ search: '渠系', grade: 'C' })).to.deep.equal(['渠系名册'])
    expect(await found({ search: '渠系', grade: 'A' })).to.deep.equal([])

    world.now = new Date(now.getTime() + 60_000)
    await load(world, dataset, good)
    expect((await counts({ search: '渠系' })).of('grade')).to.deep.equal({ A: 1 })
    expect((await counts({})).of('grade')).to.have.property('A')
    world.now = now
  })

  it('goes on page by page in one order, each entry once', async () => {
    const all = await found({})
    const walked: string[] = []
    let after: string | null = null

    do {
      const page = await entries(clerk(), { first: 2, after })
      walked.push(...page.edges.map(({ node }) => node.name))
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after !== null)

    expect(walked).to.deep.equal(all)
    expect(new Set(walked).size).to.equal(walked.length)
    expect((await refusal(entries(clerk(), { first: 2, after: 'x' }))).code).to.equal(
      'GRAPHQL_CURSOR_INVALID',
    )
  })

  it('shows visitors and parties what is open, and nobody what is not published', async () => {
    for (const visitor of [world.as('anonymous', 'public'), world.as('citizen', 'citizen:x')]) {
      expect(await found({}, visitor)).to.deep.equal(['企业年度报告'])
      expect((await counts({}, visitor)).total).to.equal(1)
    }
    expect(await found({ search: '尚未发布' }, world.as('data-steward', 'tax-bureau'))).to.deep.equal([])
  })

  it('finds by the new words as soon as a change is published', async () => {
    const { id, ...content } = await givenPublished(world, { name: '旧名称登记册' })
    await changeEntry(world.as('data-steward', 'market-bureau'), id, { ...content, name: '桥梁检测' })
    const admin = world.as('directory-admin', 'market-bureau')
    await reviewEntry(admin, id)
    await publishEntry(admin, id)

    expect(await found({ search: '桥梁' })).to.deep.equal(['桥梁检测'])
    expect(await found({ search: '旧名称' })).to.deep.equal([])
  })
})

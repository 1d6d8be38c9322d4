import { expect } from 'chai'
import { datasets, type Dataset, dataset, rankDataset, registerDataset } from '../../modules/catalog/index.ts'
import { establish } from '../../modules/organisation/index.ts'
import { draftSchema } from '../../standards/index.ts'
import { ELEMENTS, givenDataset, givenSchema, load } from '../golden/registers.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'

describe('registering a dataset', () => {
  let world: World
  const steward = () => world.as('data-steward', 'market-bureau')

  before(async () => {
    world = await openWorld()
    await establish(world.platform(), { id: 'market-bureau', name: both('市场监督管理局'), kind: 'body' })
    await givenSchema(world, 'companies', ['code', 'name', 'address'])
  })
  after(() => world.close())

  it('makes it the steward’s organisation’s, and tells once', async () => {
    const registered = await registerDataset(steward(), { title: ' 企业登记 ', schemaCode: 'companies' })

    expect(registered).to.include({ organisationId: 'market-bureau', title: '企业登记', sourceRank: 100 })
    expect(await dataset(steward(), registered.id)).to.deep.equal(registered)
    const events = await world.eventsNamed('catalog.dataset.registered')
    expect(events.map(({ payload }) => payload)).to.deep.include({
      datasetId: registered.id,
      organisationId: 'market-bureau',
      schemaCode: 'companies',
    })
  })

  it('refuses a name the organisation uses already, however it is spaced; another may use it', async () => {
    await givenDataset(world, 'market-bureau', 'companies', '个体工商户 ABC')

    const error = await refusal(
      registerDataset(steward(), { title: '个体工商户ａｂｃ', schemaCode: 'companies' }),
    )

    expect(error.code).to.equal('CATALOG_ENTRY_NAME_TAKEN')
    const elsewhere = await givenDataset(world, 'tax-bureau', 'companies', '个体工商户 ABC')
    expect(elsewhere.organisationId).to.equal('tax-bureau')
  })

  it('refuses a title that is empty or too long', async () => {
    for (const title of ['  ', '长'.repeat(201)]) {
      const error = await refusal(registerDataset(steward(), { title, schemaCode: 'companies' }))
      expect(error.code).to.equal('CATALOG_DATASET_TITLE_INVALID')
    }
  })

  it('refuses a schema that is not published, or not there', async () => {
    await draftSchema(world.as('standards-drafter', 'standards-office'), 'unfinished', {
      name: both('草案'),
      columns: [
        {
          name: 'uscc',
          elementCode: ELEMENTS.code,
          required: true,
          role: 'key',
        },
      ],
      primaryKey: ['uscc'],
      maxRejectedRate: 0.05,
    })

    for (const schemaCode of ['unfinished', 'unheard-of'])
      await refusal(registerDataset(steward(), { title: '某某', schemaCode })).then((error) =>
        expect(error.code).to.match(/^STANDARDS_SCHEMA_(UNPUBLISHED|NOT_FOUND)$/),
      )
  })

  for (const role of ['clerk', 'citizen', 'enterprise-drafter', 'supervisor'])
    it(`is not for a ${role}`, async () => {
      const attempt = registerDataset(world.as(role, 'market-bureau'), {
        title: role,
        schemaCode: 'companies',
      })
      expect((await refusal(attempt)).code).to.equal('POLICY_FORBIDDEN')
    })

  describe('seeing', () => {
    it('hides an unpublished dataset from other organisations, as if it were not there', async () => {
      const unpublished = await givenDataset(world, 'market-bureau', 'companies')

      expect(await dataset(steward(), unpublished.id)).to.deep.equal(unpublished)
      for (const role of ['data-steward', 'data-user', 'directory-admin', 'clerk']) {
        const other = world.as(role, 'tax-bureau')
        expect((await refusal(dataset(other, unpublished.id))).code).to.equal('CATALOG_DATASET_NOT_FOUND')
        expect(await titlesSeen(other)).not.to.include(unpublished.title)
      }
    })

    it('shows a published dataset to all staff, and to no party', async () => {
      const published = await givenDataset(world, 'market-bureau', 'companies')
      await load(world, published, ['91350100M000100Y43,福州榕城餐饮有限公司,东街口1号'])

      for (const role of ['data-steward', 'data-user', 'clerk', 'auditor']) {
        const other = world.as(role, 'tax-bureau')
        expect((await dataset(other, published.id)).id).to.equal(published.id)
        expect(await titlesSeen(other)).to.include(published.title)
      }
      for (const role of ['citizen', 'enterprise-drafter']) {
        const party = world.as(role, 'citizen:x')
        expect((await refusal(dataset(party, published.id))).code).to.equal('CATALOG_DATASET_NOT_FOUND')
        expect((await refusal(datasets(party, { first: 10 }))).code).to.equal('POLICY_FORBIDDEN')
      }
    })

    it('finds by two Chinese characters, traditional writing, pinyin and the names of columns', async () => {
      const wanted = await givenDataset(world, 'market-bureau', 'companies', '餐饮服务许可证')

      for (const search of ['餐饮', '餐飲服務', 'canyin', '统一社会信用代码 许可'])
        expect(await titlesSeen(steward(), search), search).to.include(wanted.title)
      expect(await titlesSeen(steward(), '渔船')).to.be.empty
      expect(await titlesSeen(steward(), '！？')).to.be.empty
    })

    it('comes in pages that neither repeat nor skip', async () => {
      const all = await titlesSeen(steward())
      const paged: string[] = []
      let after: string | null = null
      do {
        const page: Awaited<ReturnType<typeof datasets>> = await datasets(steward(), { first: 2, after })
        paged.push(...page.edges.map(({ node }) => node.title))
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
      } while (after !== null)

      expect(paged).to.deep.equal(all)
      expect((await refusal(datasets(steward(), { first: 101 }))).code).to.equal('GRAPHQL_PAGE_INVALID')
    })
  })

  describe('ranking', () => {
    it('is the directory admin’s, across providers', async () => {
      const published = await givenDataset(world, 'market-bureau', 'companies')
      await load(world, published, ['91350100M000100Y43,福州榕城餐饮有限公司,东街口1号'])

      const ranked = await rankDataset(world.as('directory-admin', 'data-office'), published.id, 7)

      expect(ranked.sourceRank).to.equal(7)
      expect((await dataset(steward(), published.id)).sourceRank).to.equal(7)
      expect((await refusal(rankDataset(steward(), published.id, 1))).code).to.equal('POLICY_FORBIDDEN')
      const attempt = rankDataset(world.as('directory-admin', 'data-office'), published.id, 0)
      expect((await refusal(attempt)).code).to.equal('CATALOG_DATASET_RANK_INVALID')
    })

    it('is refused to a steward of another organisation', async () => {
      const hidden = await givenDataset(world, 'market-bureau', 'companies')
      const attempt = rankDataset(world.as('data-steward', 'tax-bureau'), hidden.id, 1)
      expect((await refusal(attempt)).code).to.equal('CATALOG_DATASET_NOT_FOUND')
    })
  })

  const both = (text: string) => ({ zh: text, en: text })

  async function titlesSeen(ctx: ReturnType<World['as']>, search?: string): Promise<string[]> {
    const page = await datasets(ctx, { first: 100, ...(search !== undefined && { search }) })
    return page.edges.map(({ node }: { node: Dataset }) => node.title)
  }
})

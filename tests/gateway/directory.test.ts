import { expect } from 'chai'
import { establishBodies, givenPublished, item } from '../catalog/directory.ts'
import { newId, openServed, type Served } from './served.ts'

const ENTRIES = `query ($search: String, $sharingType: SharingType) {
  entries(search: $search, sharingType: $sharingType, first: 10) {
    total
    edges { node { name updateState provider { id } } }
    facets { facet value count label { zh } }
  } }`

const REGISTER = `mutation ($id: UUID!, $input: EntryInput!) {
  registerEntry(commandId: $id, kind: DEPARTMENT, classPath: ["年报"], input: $input) {
    id code status mayChange mayReview collectedElsewhere { elementCode } } }`

describe('the directory over HTTP', () => {
  let served: Served
  let steward: string

  before(async () => {
    served = await openServed()
    await establishBodies(served.world)
    await served.person('steward', ['data-steward'], 'market-bureau')
    steward = await served.signIn('steward')
    await givenPublished(served.world, { name: '企业名录', open: true })
    await givenPublished(served.world, {
      name: '稽查线索',
      items: [item('线索', 'DE00000019')],
      sharingType: 'conditional',
      sharingCondition: '办案',
    })
  })
  after(() => served.close())

  it('answers page, total and facets of a search in one query', async () => {
    const { body } = await served.graphql(ENTRIES, { sharingType: 'CONDITIONAL' }, steward)

    const { total, edges, facets } = body.data.entries
    expect(total).to.equal(1)
    expect(edges.map(({ node }: { node: object }) => node)).to.deep.equal([
      { name: '稽查线索', updateState: 'AWAITING', provider: { id: 'market-bureau' } },
    ])
    expect(facets).to.deep.include({ facet: 'SHARING_TYPE', value: 'CONDITIONAL', count: 1, label: null })
    expect(facets).to.deep.include({
      facet: 'PROVIDER',
      value: 'market-bureau',
      count: 1,
      label: { zh: '市场监督管理局' },
    })
  })

  it('shows a visitor what is open, by query and as DCAT', async () => {
    const { body } = await served.graphql(ENTRIES, {})
    const file = await served.send('/api/catalog.jsonld')
    const own = await served.send('/api/catalog.jsonld', { cookie: steward })

    expect(body.data.entries.total).to.equal(1)
    expect(file.status).to.equal(200)
    expect(file.headers.get('content-type')).to.equal('application/ld+json')
    expect(titlesIn(file.body)).to.deep.equal(['企业名录'])
    expect(titlesIn(own.body)).to.have.members(['企业名录', '稽查线索'])
  })

  it('gives the offices the open directory alone when asked for it', async () => {
    await givenPublished(served.world, { name: '另一开放名录', open: true })
    const page = `query ($after: String) { entries(open: true, first: 1, after: $after) {
      total edges { node { name } } pageInfo { hasNextPage endCursor } } }`
    const first = (await served.graphql(page, {}, steward)).body.data.entries
    const { endCursor: after } = first.pageInfo
    const second = (await served.graphql(page, { after }, steward)).body.data.entries
    const file = await served.send('/api/catalog.jsonld?open=true', { cookie: steward })
    const malformed = await served.send('/api/catalog.jsonld?open=maybe', { cookie: steward })

    const open = ['企业名录', '另一开放名录']
    expect([first.total, first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).to.deep.equal([
      2,
      true,
      false,
    ])
    expect([...first.edges, ...second.edges].map(({ node }) => node.name)).to.have.members(open)
    expect(titlesIn(file.body)).to.have.members(open)
    expect(JSON.stringify(file.body)).not.to.include('tel:')
    expect(malformed.status).to.equal(400)
  })

  it('names custodian, contact and remark to the offices alone', async () => {
    const persons = `{ entries(search: "企业名录") { edges { node { name custodian contact remark } } } }`
    const { edges } = (await served.graphql(persons)).body.data.entries
    const own = (await served.graphql(persons, {}, steward)).body.data.entries

    expect(edges).to.deep.equal([
      { node: { name: '企业名录', custodian: null, contact: null, remark: null } },
    ])
    expect(own.edges).to.deep.equal([
      { node: { name: '企业名录', custodian: '朱艳', contact: '0591-0000000', remark: null } },
    ])
  })

  it('registers an entry, and says what is wrong with one by its code', async () => {
    const input = {
      name: '年度报告',
      summary: '企业每年报送的年度报告，供各部门按条件查询和核验使用。',
      keywords: ['年报'],
      format: 'DATABASE',
      formatType: 'PostgreSQL',
      items: [{ name: '企业名称', elementCode: 'DE00000001' }],
      sharingType: 'UNCONDITIONAL',
      sharingMethod: 'QUERY',
      updateCycle: 'YEARLY',
      custodian: '朱艳',
      contact: '1',
    }
    const { body } = await served.graphql(REGISTER, { id: newId(), input }, steward)
    const refused = await served.graphql(
      REGISTER,
      { id: newId(), input: { ...input, name: '另一个', sharingType: 'NONE', sharingMethod: null } },
      steward,
    )

    expect(body.data.registerEntry).to.deep.include({
      status: 'REGISTERED',
      mayChange: true,
      mayReview: false,
      collectedElsewhere: [],
    })
    expect(refused.status).to.equal(400)
    expect(refused.body.errors[0].extensions.code).to.equal('CATALOG_ENTRY_BASIS_MISSING')
  })

  /** Chinese titles of the datasets of an exported directory. */
  function titlesIn(document: { '@graph': readonly Record<string, unknown>[] }): unknown[] {
    return document['@graph']
      .filter((node) => String(node['@type']).includes('dcat:Dataset'))
      .map((node) => (node['dct:title'] as { '@value': string })['@value'])
  }
})

import { expect } from 'chai'
import { loadFile } from '../golden/registers.files.ts'
import { creditCode, givenDataset, givenSchema } from '../golden/registers.ts'
import { openServed, type Served } from './served.ts'

const KEY = creditCode(7)

describe('lineage over HTTP', () => {
  let served: Served
  let cookie: string
  let datasetId: string

  before(async () => {
    served = await openServed()
    const { world } = served
    await world.kernel.stopWorkers()
    await served.person('steward', ['data-steward'])
    cookie = await served.signIn('steward')
    await givenSchema(world, 'tax-register', ['code', 'name', 'address'])
    const dataset = await givenDataset(world, 'tax-bureau', 'tax-register', '税务登记')
    datasetId = dataset.id
    const lines = ['代码,名称,住所', `${KEY},榕城餐饮,人民路28号`]
    await loadFile(world, dataset, lines, ['uscc', 'organisation_name', 'address'])
  })
  after(() => served.close())

  it('answers a dataset’s columns, a field’s rows and a line’s fields by GraphQL', async () => {
    const query = `query ($id: UUID!, $key: String!) {
      datasetLineage(datasetId: $id, column: "address") {
        nodes { kind column dataset { title } }
        edges { kind text { zh en } }
      }
      goldenLineage(entity: "legal-entity", field: "address") { nodes { column } }
      recordFieldLineage(key: $key, field: "address", purpose: "test") {
        field { label { zh } }
        origins { dataset { title } version line column fileColumn chosen }
      }
      lineLineage(datasetId: $id, version: 1, line: 2, purpose: "test") { key fields { name chosen } }
    }`

    const { body } = await served.graphql(query, { id: datasetId, key: KEY }, cookie)

    expect(body.errors).to.equal(undefined)
    expect(body.data.datasetLineage.nodes).to.deep.equal([
      { kind: 'dataset', column: 'address', dataset: { title: '税务登记' } },
      { kind: 'file', column: '住所', dataset: { title: '税务登记' } },
      { kind: 'golden', column: 'address', dataset: null },
    ])
    expect(body.data.datasetLineage.edges[0].text.zh).to.contain('法定数源优先')
    expect(body.data.goldenLineage.nodes).to.have.length(3)
    expect(body.data.recordFieldLineage.origins).to.deep.equal([
      {
        dataset: { title: '税务登记' },
        version: 1,
        line: 2,
        column: 'address',
        fileColumn: '住所',
        chosen: true,
      },
    ])
    expect(body.data.lineLineage).to.deep.equal({
      key: KEY,
      fields: ['uscc', 'organisation_name', 'address'].map((name) => ({ name, chosen: true })),
    })
  })

  it('downloads the events one a line, for whoever sees the dataset only', async () => {
    const path = `/api/datasets/${datasetId}/lineage`

    const { status, headers, body } = await served.send(path, { cookie })

    expect(status).to.equal(200)
    expect(headers.get('content-type')).to.match(/^application\/x-ndjson/)
    const events = (typeof body === 'string' ? body.trim().split('\n') : []).map((line) => JSON.parse(line))
    expect(events.map(({ job }) => job.name)).to.deep.equal([`load/${datasetId}`, 'merge/legal-entity'])
    expect((await served.send(path)).status).to.equal(404)
    await served.person('somebody')
    const citizen = await served.signIn('somebody')
    expect((await served.send(path, { cookie: citizen })).status).to.equal(404)
    expect((await served.send('/api/datasets/x/lineage', { cookie })).status).to.equal(400)
  })
})

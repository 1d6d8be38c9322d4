import { expect } from 'chai'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  cancelHarvest,
  changeEntry,
  entryDesk,
  type Harvest,
  harvest,
  harvestsOf,
  permitNetworks,
  publishEntry,
  readConnection,
  registerSource,
  reviewEntry,
  source,
  startHarvest,
} from '../../modules/catalog/index.ts'
import { establishBodies, item } from '../catalog/directory.ts'
import { ELEMENTS } from '../golden/registers.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'

type Package = Readonly<Record<string, unknown>>

const ABOUT = '由来源目录提供的数据集，说明其内容、来源和用途，足够长。'

const ckan = (id: string, changes: Package = {}): Package => ({
  id,
  name: `name-${id}`,
  title: `外部数据集${id}`,
  notes: ABOUT,
  tags: [{ display_name: '交通' }],
  resources: [{ format: 'CSV' }],
  frequency: 'weekly',
  maintainer: '交通局',
  maintainer_email: 'open@example.org',
  ...changes,
})

describe('harvesting another catalogue', () => {
  let world: World
  let server: Server
  let base: string
  /** What the other catalogue answers now, by page. */
  let pages: readonly (readonly Package[])[]
  /** Pages from this one on fail. */
  let failsFrom: number
  let body: (packages: readonly Package[]) => unknown
  let serial = 0
  const steward = (organisation = 'market-bureau') => world.as('data-steward', organisation, 'zhu')
  const admin = () => world.as('directory-admin', 'market-bureau', 'gao')

  before(async () => {
    world = await openWorld({ now: '2026-01-05T09:00:00+08:00' })
    await establishBodies(world)
    server = createServer((request, response) => {
      const page = Number(new URL(request.url ?? '', base).searchParams.get('page') ?? 1)
      if (page >= failsFrom) return void response.writeHead(500).end()
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body(pages[page - 1] ?? [])))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  beforeEach(() => {
    pages = []
    failsFrom = Infinity
    body = (packages) => ({ result: { results: packages } })
  })
  after(async () => {
    await new Promise((resolve) => server.close(resolve))
    await world.close()
  })

  async function givenSource(recordPath = 'result.results', permitted = true): Promise<string> {
    const { id } = await registerSource(steward(), {
      title: `开放数据平台${++serial}`,
      connection: readConnection({
        kind: 'rest',
        url: `${base}/api/3/action/package_search`,
        recordPath,
        paging: { type: 'page', parameter: 'page', sizeParameter: 'rows', size: 10, first: 1 },
      }),
      hosts: [],
      secret: '',
    })
    if (permitted) await permitNetworks(world.as('system-admin', 'county'), id, ['127.0.0.0/8'])
    return id
  }

  async function crawl(
    sourceId: string,
    format: Harvest['format'] = 'ckan',
    mayWithdrawMany = false,
  ): Promise<Harvest> {
    const { id } = await startHarvest(steward(), sourceId, format, mayWithdrawMany)
    await world.settle()
    return harvest(steward(), id)
  }

  /** Entries of the source by name, with where they stand. */
  async function entriesOf(sourceId: string): Promise<Record<string, string>> {
    const { title } = await source(steward(), sourceId)
    const { edges } = await entryDesk(steward(), { desk: 'own', first: 100 })
    return Object.fromEntries(
      edges.filter(({ node }) => node.system === title).map(({ node }) => [node.name, node.status]),
    )
  }

  async function entryNamed(name: string) {
    const { edges } = await entryDesk(steward(), { desk: 'own', first: 100 })
    const found = edges.map(({ node }) => node).find((node) => node.name === name)
    if (!found) throw new Error(`no entry ${name}`)
    return found
  }

  it('registers CKAN packages page by page, and the second crawl changes nothing', async () => {
    const sourceId = await givenSource()
    pages = [[ckan('a1'), ckan('a2')], [ckan('a3', { resources: [{ format: 'PDF' }], notes: ABOUT })]]

    const first = await crawl(sourceId)
    const before = await entryNamed('外部数据集a1')
    const second = await crawl(sourceId)

    const nothing = { changed: 0, quarantined: 0, withdrawn: 0 }
    expect(first).to.deep.include({ status: 'done', quarantined: [], refusal: null })
    expect(first.counts).to.deep.equal({ read: 3, created: 3, unchanged: 0, ...nothing })
    expect(second.counts).to.deep.equal({ read: 3, created: 0, unchanged: 3, ...nothing })
    expect(await entryNamed('外部数据集a1')).to.deep.equal(before)
    expect(before).to.deep.include({
      status: 'registered',
      organisationId: 'market-bureau',
      summary: ABOUT,
      keywords: ['交通'],
      format: 'spreadsheet',
      formatType: 'CSV',
      updateCycle: 'weekly',
      custodian: '交通局',
      contact: 'open@example.org',
      sharingType: 'conditional',
    })
    expect(await entryNamed('外部数据集a3')).to.include({ format: 'file', formatType: 'PDF' })
  })

  it('reads the datasets of DCAT JSON-LD, whatever stands beside them', async () => {
    const sourceId = await givenSource('@graph')
    body = (packages) => ({ '@graph': packages })
    const dataset = (id: string, changes: Package) => ({
      '@id': `https://data.example/${id}`,
      '@type': 'dcat:Dataset',
      ...changes,
    })
    pages = [
      [
        { '@id': 'https://data.example/', '@type': 'dcat:Catalog', 'dct:title': '目录' },
        dataset('b1', {
          'dct:title': [
            { '@value': 'Bridges', '@language': 'en' },
            { '@value': '桥梁', '@language': 'zh' },
          ],
          'dct:description': { '@value': ABOUT },
          'dcat:keyword': ['道路', { '@value': '桥梁' }],
          'dct:accrualPeriodicity': {
            '@id': 'http://publications.europa.eu/resource/authority/frequency/ANNUAL',
          },
          'dcat:distribution': [
            { 'dct:format': { '@id': 'http://publications.europa.eu/resource/authority/file-type/XLSX' } },
          ],
        }),
        {
          '@id': 'urn:b2',
          '@type': ['http://www.w3.org/ns/dcat#Dataset'],
          'http://purl.org/dc/terms/title': '隧道',
          'http://purl.org/dc/terms/description': ABOUT,
        },
      ],
    ]

    const { counts } = await crawl(sourceId, 'dcat')

    expect(counts).to.include({ read: 2, created: 2 })
    expect(await entryNamed('桥梁')).to.deep.include({
      keywords: ['道路', '桥梁'],
      updateCycle: 'yearly',
      format: 'spreadsheet',
      formatType: 'XLSX',
    })
    expect(await entryNamed('隧道')).to.deep.include({ keywords: ['隧道'], updateCycle: 'other' })
  })

  it('quarantines what is not valid, naming why, and goes on', async () => {
    const sourceId = await givenSource()
    pages = [
      [
        ckan('c1'),
        ckan('', { title: '无标识' }),
        ckan('c2', { notes: '太短' }),
        ckan('c3', { title: '外部数据集c1' }),
      ],
      [ckan('c1', { title: '重复' }), ckan('c4')],
    ]

    const { counts, quarantined } = await crawl(sourceId)

    expect(counts).to.include({ read: 6, created: 2, quarantined: 4 })
    expect(quarantined.map(({ remoteId, title, refusal }) => [remoteId, title, refusal.code])).to.deep.equal([
      [null, '无标识', 'CATALOG_HARVEST_RECORD_INVALID'],
      ['c2', '外部数据集c2', 'CATALOG_ENTRY_INVALID'],
      ['c3', '外部数据集c1', 'CATALOG_ENTRY_NAME_TAKEN'],
      ['c1', '重复', 'CATALOG_HARVEST_RECORD_DOUBLED'],
    ])
    expect(quarantined.map(({ refusal }) => refusal.messages.zh).slice(0, 2)).to.deep.equal([
      '记录缺少“标识”，或其值无效',
      '目录条目的“摘要”无效：20–500',
    ])
    expect(await entriesOf(sourceId)).to.deep.equal({
      外部数据集c1: 'registered',
      外部数据集c4: 'registered',
    })
  })

  it('quarantines what PostgreSQL cannot hold, and goes on', async () => {
    const sourceId = await givenSource()
    pages = [
      [
        ckan('i1', { title: '坏\u0000名' }),
        ckan('i2', { notes: ABOUT + '\uD800' }),
        ckan('i3\u0000', { title: '坏标识' }),
        ckan('i4', { tags: [{ display_name: '\uDC00' }] }),
        ckan('i5', { title: '完好𠮷' }),
      ],
    ]

    const { status, counts, quarantined } = await crawl(sourceId)

    expect(status).to.equal('done')
    expect(counts).to.include({ read: 5, created: 1, quarantined: 4 })
    expect(
      quarantined.map(({ remoteId, title, refusal: { code, params } }) => [remoteId, title, code, params]),
    ).to.deep.equal([
      ['i1', '坏\uFFFD名', 'CATALOG_HARVEST_RECORD_INVALID', { field: 'title', fieldZh: '内容' }],
      ['i2', '外部数据集i2', 'CATALOG_HARVEST_RECORD_INVALID', { field: 'summary', fieldZh: '内容' }],
      [null, '坏标识', 'CATALOG_HARVEST_RECORD_INVALID', { field: 'id', fieldZh: '标识' }],
      ['i4', '外部数据集i4', 'CATALOG_HARVEST_RECORD_INVALID', { field: 'keywords', fieldZh: '内容' }],
    ])
    expect(await entriesOf(sourceId)).to.deep.equal({ 完好𠮷: 'registered' })
  })

  it('is failed, and another may begin, once its job gives up', async () => {
    const sourceId = await givenSource()
    pages = [[ckan('j1')]]
    const { connection } = await source(steward(), sourceId)
    const connect = (given: object) =>
      world.db
        .updateTable('catalog.source')
        .set({ connection: JSON.stringify(given) })
        .where('id', '=', sourceId)
        .execute()
    const { id } = await startHarvest(steward(), sourceId, 'ckan', false)
    // What nobody foresaw.
    await connect({ ...connection, url: 'no address' })
    for (let attempt = 0; attempt < 5; attempt++) {
      await world.settle()
      expect((await harvest(steward(), id)).status).to.equal(attempt < 4 ? 'running' : 'failed')
      world.now = new Date(world.now.getTime() + 600_000)
    }
    await connect(connection)

    expect((await harvest(steward(), id)).refusal?.code).to.equal('JOB_GAVE_UP')
    expect((await crawl(sourceId)).counts).to.include({ read: 1, created: 1 })
  })

  it('takes a change over, keeps what people added, and has it reviewed again', async () => {
    const sourceId = await givenSource()
    pages = [[ckan('d1')]]
    await crawl(sourceId)
    const { id, ...content } = await entryNamed('外部数据集d1')
    await changeEntry(steward(), id, { ...content, items: [item('名称', ELEMENTS.name)] })
    await reviewEntry(admin(), id)
    await publishEntry(admin(), id)

    pages = [[ckan('d1', { title: '外部数据集d1（新）' })]]
    const { counts } = await crawl(sourceId)

    expect(counts).to.include({ read: 1, changed: 1 })
    const after = await entryNamed('外部数据集d1（新）')
    expect(after).to.include({ id, status: 'registered' })
    expect(after.items.map(({ elementCode }) => elementCode)).to.deep.equal([ELEMENTS.name])
  })

  it('withdraws what is gone after a complete crawl alone, and takes it back when it returns', async () => {
    const sourceId = await givenSource()
    pages = [[ckan('e1'), ckan('e2')], [ckan('e3')]]
    await crawl(sourceId)
    const all = { 外部数据集e1: 'registered', 外部数据集e2: 'registered', 外部数据集e3: 'registered' }

    pages = [[ckan('e1')], [ckan('e3')]]
    failsFrom = 2
    const broken = await crawl(sourceId)
    expect(broken.status).to.equal('failed')
    expect(broken.refusal?.code).to.equal('CATALOG_SOURCE_READ_FAILED')
    expect(await entriesOf(sourceId)).to.deep.equal(all)

    failsFrom = Infinity
    pages = []
    expect((await crawl(sourceId)).refusal?.code).to.equal('CATALOG_HARVEST_EMPTY')
    expect(await entriesOf(sourceId)).to.deep.equal(all)

    // Listed, though not valid: it is not gone.
    pages = [[ckan('e1'), ckan('e3', { notes: '太短' })]]
    expect((await crawl(sourceId, 'ckan', true)).counts).to.include({ withdrawn: 1, quarantined: 1 })
    expect(await entriesOf(sourceId)).to.deep.equal({ ...all, 外部数据集e2: 'withdrawn' })
    expect((await crawl(sourceId)).counts).to.include({ withdrawn: 0 })

    pages = [[ckan('e1'), ckan('e2'), ckan('e3')]]
    expect((await crawl(sourceId)).counts).to.include({ unchanged: 2, changed: 1 })
    expect(await entriesOf(sourceId)).to.deep.equal(all)
  })

  it('withdraws nothing where more than a fifth would go, unless who starts it says so', async () => {
    const sourceId = await givenSource()
    const packages = Array.from({ length: 10 }, (_, n) => ckan(`k${n}`))
    const statuses = async () => Object.values(await entriesOf(sourceId)).sort()
    const counted = (withdrawn: number) =>
      Array.from({ length: 10 }, (_, n) => (n < 10 - withdrawn ? 'registered' : 'withdrawn'))
    pages = [packages.slice(0, 5), packages.slice(5)]
    await crawl(sourceId)

    // An empty page in the middle is taken for the end.
    pages = [packages.slice(0, 5), [], packages.slice(5)]
    const cut = await crawl(sourceId)
    expect([cut.status, cut.refusal?.code, cut.refusal?.params]).to.deep.equal([
      'failed',
      'CATALOG_HARVEST_COLLAPSED',
      { known: 10, gone: 5 },
    ])
    expect(await statuses()).to.deep.equal(counted(0))

    pages = [packages.slice(0, 8)]
    expect((await crawl(sourceId)).counts).to.include({ withdrawn: 2 })
    expect(await statuses()).to.deep.equal(counted(2))

    pages = [packages.slice(0, 5)]
    expect((await crawl(sourceId)).refusal?.params).to.deep.equal({ known: 8, gone: 3 })
    expect((await crawl(sourceId, 'ckan', true)).counts).to.include({ withdrawn: 3 })
    expect(await statuses()).to.deep.equal(counted(5))
  })

  it('reaches no internal address that nobody permitted', async () => {
    const sourceId = await givenSource('result.results', false)
    pages = [[ckan('f1')]]

    const { status, refusal: why } = await crawl(sourceId)

    expect([status, why?.code]).to.deep.equal(['failed', 'CATALOG_SOURCE_ADDRESS_REFUSED'])
    expect(await entriesOf(sourceId)).to.deep.equal({})
  })

  it('runs once at a time, can be cancelled, and then does nothing', async () => {
    const sourceId = await givenSource()
    pages = [[ckan('g1')]]
    const { id } = await startHarvest(steward(), sourceId, 'ckan', false)
    expect((await refusal(startHarvest(steward(), sourceId, 'ckan', false))).code).to.equal(
      'CATALOG_HARVEST_RUNNING',
    )

    expect((await cancelHarvest(steward(), id)).status).to.equal('cancelled')
    await world.settle()

    expect((await harvest(steward(), id)).status).to.equal('cancelled')
    expect(await entriesOf(sourceId)).to.deep.equal({})
    const late = await refusal(cancelHarvest(steward(), id))
    expect(late.code).to.equal('CATALOG_HARVEST_ENDED')
    expect(late.messages.zh).to.equal('该目录采集已结束，不能取消')
  })

  it('is the business of the source’s own department', async () => {
    const sourceId = await givenSource()
    pages = [[ckan('h1')]]
    const { id } = await crawl(sourceId)
    const other = steward('tax-bureau')

    expect((await refusal(startHarvest(other, sourceId, 'ckan', false))).code).to.equal(
      'CATALOG_SOURCE_NOT_FOUND',
    )
    expect((await refusal(harvest(other, id))).code).to.equal('CATALOG_HARVEST_NOT_FOUND')
    expect((await refusal(cancelHarvest(other, id))).code).to.equal('CATALOG_HARVEST_NOT_FOUND')
    expect(await harvestsOf(other, await source(steward(), sourceId))).to.deep.equal([])
    expect((await refusal(startHarvest(admin(), sourceId, 'ckan', false))).code).to.equal('POLICY_FORBIDDEN')
    // Its author is who started it: another reviews what it brought.
    const { id: entryId, registeredBy } = await entryNamed('外部数据集h1')
    expect(registeredBy).to.equal(steward().actor.id)
    expect((await reviewEntry(admin(), entryId)).status).to.equal('reviewed')
  })
})

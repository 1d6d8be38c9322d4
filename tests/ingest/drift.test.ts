import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import * as catalog from '../../modules/catalog/index.ts'
import * as ingest from '../../modules/ingest/index.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'
import { CODES } from './registers.ts'

const HEADER = '统一社会信用代码,企业名称,法定代表人,住所,成立日期,注册资本,登记状态,经营范围'
const row = (at: number, day = '2019-06-18') =>
  `${CODES[at]},企业${at},林晓梅,人民路28号,${day},100万元,存续,餐饮服务`
const rows = (count: number, day?: string) => Array.from({ length: count }, (_, at) => row(at, day))

describe('a register that changes under its readers', () => {
  let world: World

  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  it('A20: stops at a renamed column, opens one work order, and closes it by a corrected load only', async () => {
    const { steward, dataset } = await givenPublished(rows(5))
    const renamed = HEADER.replace('统一社会信用代码', '社会统一信用代码（新）')

    const first = await upload(dataset.id, renamed, rows(5))
    const second = await upload(dataset.id, renamed, rows(5))

    expect(first).to.deep.include({
      status: 'stopped',
      refusal: { code: 'INGEST_COLUMN_DRIFTED', params: { columns: '统一社会信用代码' } },
    })
    expect(second.status).to.equal('stopped')
    const mapping = { batchId: first.id, encoding: 'utf-8' as const, columns: [{ index: 0, target: 'uscc' }] }
    expect((await refusal(ingest.confirmMapping(steward, mapping))).code).to.equal(
      'INGEST_BATCH_STATUS_UNFIT',
    )
    expect(await catalog.currentVersion(steward, dataset.id)).to.include({ version: 1, rows: 5 })
    const [order, ...others] = await ingest.driftOrders(steward, dataset)
    expect(others).to.deep.equal([])
    expect(order).to.include({ batchId: first.id, closedAt: null })
    expect(await ingest.driftOrders(world.as('data-steward', 'tax-bureau'), dataset)).to.deep.equal([])

    const corrected = await confirmed(await upload(dataset.id, HEADER, rows(5, '2020-01-01')))

    expect(corrected).to.include({ status: 'published', publishedVersion: 2 })
    expect((await ingest.driftOrders(steward, dataset))[0]).to.include({ closedByBatch: corrected.id })
  })

  it('stops at a likely new name of an optional column and at values of another type', async () => {
    const { dataset } = await givenPublished(rows(5))

    const retyped = await upload(dataset.id, HEADER, rows(5, '不详的日子'))
    const alike = await upload(dataset.id, HEADER.replace('法定代表人', '法定代表人 '), rows(5))

    expect(retyped.drift?.retyped).to.deep.equal(['成立日期'])
    expect(retyped.refusal?.code).to.equal('INGEST_COLUMN_DRIFTED')
    expect(alike.status).to.equal('received')
  })

  it('goes on with an added or a missing optional column, and says so', async () => {
    const { dataset } = await givenPublished(rows(5))

    const batch = await upload(dataset.id, HEADER.replace('经营范围', '备注'), rows(5))

    expect(batch.status).to.equal('received')
    expect(batch.drift).to.deep.include({ added: ['备注'], missing: ['经营范围'], renamed: [] })
  })

  it('is published below the guard only when a second person says why', async () => {
    const { steward, dataset } = await givenPublished(rows(10))
    const collapsed = await confirmed(await upload(dataset.id, HEADER, rows(7)))
    expect(collapsed.refusal).to.deep.include({ code: 'INGEST_BATCH_ROWS_COLLAPSED' })
    const second = world.as('data-steward', 'market-bureau', 'second')
    const attempt = (ctx = second, reason = '三家已注销') =>
      refusal(ingest.overrideBatch(ctx, collapsed.id, reason))

    expect((await attempt(steward)).code).to.equal('INGEST_OVERRIDE_BY_SAME_PERSON')
    expect((await attempt(second, ' ')).code).to.equal('INGEST_OVERRIDE_REASON_MISSING')
    expect((await attempt(world.as('data-steward', 'tax-bureau'))).code).to.equal('INGEST_BATCH_NOT_FOUND')
    expect(await catalog.currentVersion(steward, dataset.id)).to.include({ version: 1, rows: 10 })

    await ingest.overrideBatch(second, collapsed.id, '三家已注销')
    await world.settle()

    expect(await ingest.batch(steward, collapsed.id)).to.include({ status: 'published', publishedVersion: 2 })
    expect((await attempt()).code).to.equal('INGEST_OVERRIDE_UNFIT')
  })

  it('is never emptied, whoever says so', async () => {
    const { dataset } = await givenPublished(rows(5))
    const empty = await confirmed(await upload(dataset.id, HEADER, [row(0).replace(/^[^,]*/, '9135')]))
    const second = world.as('data-steward', 'market-bureau', 'second')

    const { code } = await refusal(ingest.overrideBatch(second, empty.id, '照发'))

    expect(code).to.equal('INGEST_OVERRIDE_UNFIT')
  })

  async function givenPublished(first: readonly string[]) {
    const steward = world.as('data-steward', 'market-bureau')
    const title = `登记簿 ${randomUUID()}`
    const dataset = await catalog.registerDataset(steward, { title, schemaCode: 'business-registration' })
    expect(await confirmed(await upload(dataset.id, HEADER, first))).to.include({ status: 'published' })
    return { steward, dataset }
  }

  function upload(datasetId: string, header: string, lines: readonly string[]) {
    const content = Buffer.from([header, ...lines].join('\n'))
    const steward = world.as('data-steward', 'market-bureau')
    return ingest.receive(steward, { datasetId, fileName: 'register.csv', content })
  }

  async function confirmed(batch: ingest.Batch): Promise<ingest.Batch> {
    const steward = world.as('data-steward', 'market-bureau')
    const columns = ingest.automaticMapping(await ingest.suggestedColumns(steward, batch))
    await ingest.confirmMapping(steward, { batchId: batch.id, encoding: batch.encoding ?? 'utf-8', columns })
    await world.settle()
    return ingest.batch(steward, batch.id)
  }
})

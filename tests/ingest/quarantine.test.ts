import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import type { Context } from '../../core/context.ts'
import { selectAll } from '../../core/plane/plane.ts'
import * as catalog from '../../modules/catalog/index.ts'
import * as ingest from '../../modules/ingest/index.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'
import { CODES, publishPayments, publishRegister } from './registers.ts'

const HEADER = '统一社会信用代码,企业名称,法定代表人,住所,成立日期,注册资本,登记状态,经营范围'
const [FIRST, SECOND, THIRD] = ['91350100M000100Y43', '9144030071526726XG', '91330100799655058B'] as const
const row = (code: string, name = '好味来餐饮') =>
  `${code},${name},林晓梅,人民路28号,2019-06-18,100万元,存续,餐饮服务`
const BROKEN = row('9133010079965505')

describe('the quarantine of a department', () => {
  let world: World

  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  it('lets corrected rows into the next version, and never touches the raw line', async () => {
    const { steward, dataset, batch } = await givenLoaded([row(FIRST), row(SECOND, ''), BROKEN, 'too,few'])

    const shown = await ingest.correctRow(steward, {
      batchId: batch.id,
      line: 4,
      cells: { 统一社会信用代码: THIRD },
    })
    await ingest.correctRow(steward, { batchId: batch.id, line: 3, cells: { 企业名称: '甲餐饮' } })
    const whole = Object.fromEntries(
      HEADER.split(',').map((name, at) => [name, row('9151010071526726XX').split(',')[at] ?? null]),
    )
    const still = await ingest.correctRow(steward, { batchId: batch.id, line: 5, cells: whole })
    const replay = await ingest.replayBatch(steward, batch.id)
    await world.settle()

    expect(shown).to.deep.include({ status: 'open', remaining: [], raw: BROKEN })
    expect(still.remaining?.map(({ code }) => code)).to.deep.equal(['INGEST_CHECK_FAILED'])
    const loaded = await ingest.batch(steward, replay.id)
    // One of four is still wrong: over the threshold, so nothing is served yet.
    expect(loaded).to.include({ status: 'stopped', replayOf: batch.id })
    expect(loaded.outcome?.counts).to.include({ read: 4, accepted: 3, rejected: 1 })

    await ingest.correctRow(steward, {
      batchId: replay.id,
      line: 5,
      cells: { 统一社会信用代码: '914403001922038216' },
    })
    const last = await ingest.replayBatch(steward, replay.id)
    await world.settle()

    const published = await ingest.batch(steward, last.id)
    expect(published.outcome?.counts).to.include({ read: 4, accepted: 4, rejected: 0 })
    expect(await catalog.currentVersion(steward, dataset.id)).to.include({ version: 1, rows: 4 })
    const [kept] = await rowsOf(await ingest.batch(steward, replay.id), steward)
    expect(kept).to.include({ status: 'fixed', raw: 'too,few' })
    const names = await selectAll(world.kernel.plane, {
      sources: [
        { files: [published.outcome?.snapshot?.sha256 ?? ''], columns: { name: 'name', line: '_line' } },
      ],
      orderBy: [{ column: 'line' }],
    })
    expect(names).to.deep.include({ name: '甲餐饮', line: 3 })
  })

  it('carries an explained row on without letting it in', async () => {
    const { steward, dataset, batch } = await givenPublished()
    await ingest.waiveRow(steward, { batchId: batch.id, line: 23, explanation: '企业已注销，代码按旧制' })
    await ingest.correctRow(steward, { batchId: batch.id, line: 22, cells: { 统一社会信用代码: THIRD } })

    const replay = await ingest.replayBatch(steward, batch.id)
    await world.settle()

    const loaded = await ingest.batch(steward, replay.id)
    expect(loaded).to.include({ status: 'published', publishedVersion: 2 })
    expect(await catalog.currentVersion(steward, dataset.id)).to.include({ rows: 21 })
    expect(await ingest.rowStates(steward, loaded)).to.deep.equal({
      open: 0,
      corrected: 0,
      fixed: 0,
      waived: 1,
      expired: 0,
    })
    const before = await ingest.batch(steward, batch.id)
    expect(await ingest.rowStates(steward, before)).to.deep.equal({
      open: 0,
      corrected: 0,
      fixed: 1,
      waived: 1,
      expired: 0,
    })
    const [only] = await rowsOf(loaded, steward)
    expect(only).to.include({ line: 23, status: 'waived', explanation: '企业已注销，代码按旧制' })
  })

  it('refuses to correct or replay what is fixed or expired', async () => {
    const { steward, dataset, batch } = await givenPublished()
    await ingest.correctRow(steward, { batchId: batch.id, line: 22, cells: { 统一社会信用代码: THIRD } })
    await ingest.replayBatch(steward, batch.id)
    expect((await refusal(ingest.replayBatch(steward, batch.id))).code).to.equal(
      'INGEST_BATCH_REPLAY_PENDING',
    )
    await world.settle()
    const version = await catalog.currentVersion(steward, dataset.id)

    const fixed = ingest.correctRow(steward, { batchId: batch.id, line: 22, cells: { 企业名称: '乙' } })
    const expired = ingest.waiveRow(steward, { batchId: batch.id, line: 23, explanation: '说明' })

    expect((await refusal(fixed)).code).to.equal('INGEST_ROW_ALREADY_SETTLED')
    expect((await refusal(expired)).code).to.equal('INGEST_ROW_ALREADY_SETTLED')
    expect((await refusal(ingest.replayBatch(steward, batch.id))).code).to.equal('INGEST_ROW_ALREADY_SETTLED')
    expect(await catalog.currentVersion(steward, dataset.id)).to.deep.equal(version)
  })

  it('refuses what makes no sense: an unknown line or cell, no words, a replay of nothing', async () => {
    const { steward, batch } = await givenPublished()
    const batchId = batch.id
    const codes = await Promise.all(
      [
        ingest.correctRow(steward, { batchId, line: 2, cells: {} }),
        ingest.correctRow(steward, { batchId, line: 22, cells: { 没有此列: '1' } }),
        ingest.correctRow(steward, { batchId, line: 22, cells: { 企业名称: '\uFFFD' } }),
        ingest.waiveRow(steward, { batchId, line: 22, explanation: ' ' }),
        ingest.replayBatch(steward, batchId),
      ].map(async (attempt) => (await refusal(attempt)).code),
    )

    expect(codes).to.deep.equal([
      'INGEST_ROW_NOT_FOUND',
      'INGEST_ROW_CELL_INVALID',
      'INGEST_ROW_CELL_INVALID',
      'INGEST_ROW_EXPLANATION_INVALID',
      'INGEST_BATCH_REPLAY_UNCHANGED',
    ])
  })

  it('shows the rows of one reason only when asked', async () => {
    const { steward, batch } = await givenLoaded([row(FIRST), row(SECOND, ''), BROKEN, 'too,few'])
    const lines = async (filter: ingest.ReasonFilter) =>
      (await ingest.quarantine(steward, batch, { first: 10, ...filter })).edges.map(({ node }) => node.line)

    expect(await lines({ reason: 'missing', column: 'name' })).to.deep.equal([3])
    expect(await lines({ reason: 'shape', column: 'uscc' })).to.deep.equal([4])
    expect(await lines({ reason: 'width', column: null })).to.deep.equal([5])
  })

  it('names a code that expired by its last day, judged by the day of its row', async () => {
    const steward = world.as('data-steward', 'market-bureau')
    const schemaCode = await publishPayments(world, `payments-${randomUUID()}`)
    const dataset = await catalog.registerDataset(steward, { title: `付款 ${randomUUID()}`, schemaCode })
    const rows = ['币种,日期', 'DEM,2002-03-31', 'DEM,2002-04-01', 'FRF,', 'CNY,2002-04-01', 'XYZ,2002-03-31']
    const content = Buffer.from(rows.join('\n'))
    const received = await ingest.receive(steward, { datasetId: dataset.id, fileName: 'p.csv', content })
    const columns = [
      { index: 0, target: 'currency' },
      { index: 1, target: 'paid_on' },
    ]
    await ingest.confirmMapping(steward, { batchId: received.id, encoding: 'utf-8', columns })
    await world.settle()
    const batch = await ingest.batch(steward, received.id)

    const { edges } = await ingest.quarantine(steward, batch, { first: 10 })
    const corrected = await ingest.correctRow(steward, {
      batchId: batch.id,
      line: 3,
      cells: { 日期: '2002-03-31' },
    })
    const still = await ingest.correctRow(steward, {
      batchId: batch.id,
      line: 4,
      cells: { 日期: '2002-04-02' },
    })

    expect(batch.outcome?.counts).to.include({ read: 5, accepted: 2, rejected: 3 })
    expect(batch.outcome?.findings.map(({ reason, count }) => [reason, count])).to.deep.equal([
      ['expired', 2],
      ['code', 1],
    ])
    const told = edges.map(({ node: { line, failures } }) => [
      line,
      ...failures.flatMap(({ code, messages }) => [code, messages.zh, messages.en]),
    ])
    const zh = (code: string) => `代码“${code}”已失效，最后有效日为2002-03-31`
    const en = (code: string) => `The code “${code}” has expired; its last day was 2002-03-31`
    expect(told).to.deep.equal([
      [3, 'INGEST_CODE_EXPIRED', zh('DEM'), en('DEM')],
      [4, 'INGEST_CODE_EXPIRED', zh('FRF'), en('FRF')],
      [6, 'INGEST_CODE_UNKNOWN', '代码不在代码集中', 'The code is not in the code list'],
    ])
    expect(corrected.remaining).to.deep.equal([])
    expect(still.remaining?.map(({ code, messages }) => [code, messages.zh])).to.deep.equal([
      ['INGEST_CODE_EXPIRED', zh('FRF')],
    ])
  })

  it('is nobody’s business in another organisation', async () => {
    const { steward, batch } = await givenPublished()
    const batchId = batch.id
    const other = world.as('data-steward', 'tax-bureau')

    for (const attempt of [
      ingest.correctRow(other, { batchId, line: 22, cells: {} }),
      ingest.waiveRow(other, { batchId, line: 22, explanation: '说明' }),
      ingest.replayBatch(other, batchId),
    ])
      expect((await refusal(attempt)).code).to.equal('INGEST_BATCH_NOT_FOUND')
    const own = await ingest.quarantinedBatches(steward, { first: 100 })
    const foreign = await ingest.quarantinedBatches(other, { first: 100 })
    expect(own.edges.map(({ node }) => node.id)).to.include(batchId)
    expect(foreign.edges).to.deep.equal([])
  })

  async function rowsOf(batch: ingest.Batch, ctx: Context) {
    return (await ingest.quarantine(ctx, batch, { first: 100 })).edges.map(({ node }) => node)
  }

  /** Twenty good rows and two broken ones, under a threshold that lets them pass. */
  async function givenPublished() {
    const many = Array.from({ length: 20 }, (_, at) => row(CODES[at] ?? '', `企业${at}`))
    return givenLoaded([...many, BROKEN, row('9133')], 'lenient')
  }

  async function givenLoaded(rows: readonly string[], schema: 'strict' | 'lenient' = 'strict') {
    const steward = world.as('data-steward', 'market-bureau')
    const schemaCode =
      schema === 'strict'
        ? 'business-registration'
        : await publishRegister(world, `register-${randomUUID()}`, 0.2)
    const dataset = await catalog.registerDataset(steward, { title: `登记簿 ${randomUUID()}`, schemaCode })
    const content = Buffer.from([HEADER, ...rows].join('\n'))
    const received = await ingest.receive(steward, { datasetId: dataset.id, fileName: 'r.csv', content })
    const columns = ingest.automaticMapping(await ingest.suggestedColumns(steward, received))
    await ingest.confirmMapping(steward, { batchId: received.id, encoding: 'utf-8', columns })
    await world.settle()
    return { steward, dataset, batch: await ingest.batch(steward, received.id) }
  }
})

import { expect } from 'chai'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { selectAll } from '../../core/plane/plane.ts'
import { ingest as command } from '../../gateway/cli/ingest.ts'
import * as catalog from '../../modules/catalog/index.ts'
import * as ingest from '../../modules/ingest/index.ts'
import { newId, openServed, type Served } from '../gateway/served.ts'
import { encode } from '../support/encode.ts'
import { refusal } from '../support/refusal.ts'
import { until } from '../support/until.ts'
import { type SheetCell, workbook } from '../support/workbook.ts'
import { CODES } from './registers.ts'

const HEADER = [
  '统一社会信用代码',
  '企业名称',
  '法定代表人',
  '住所',
  '成立日期',
  '注册资本',
  '登记状态',
  '经营范围',
]
const [FIRST = '', SECOND = '', THIRD = ''] = CODES

const row = (code: string, name: string): SheetCell[] => [
  code,
  name,
  '林晓梅',
  '人民路28号',
  { number: '43634', style: 'day' },
  '100万元',
  '存续',
  '餐饮服务',
]

const BOOK = workbook({
  sheets: [
    { name: '说明', rows: [['填报说明'], ['本表由各单位填报']] },
    {
      name: '企业',
      merges: ['A1:H1'],
      hidden: [4],
      rows: [
        ['市场主体名录'],
        HEADER,
        row(FIRST, '甲'),
        row('9135', '乙'),
        [],
        row(SECOND, '丙'),
        row(SECOND, '丙'),
      ],
    },
  ],
})

/** The forms a department's file may have (specs/standards-and-data.md, 5.1 to 5.3), through HTTP as the portal sends them. */
describe('a file that a department hands in', () => {
  let served: Served
  let cookie: string

  before(async () => {
    served = await openServed({ mutationsPerMinute: 1000 })
    await served.person('steward', ['data-steward'], 'market-bureau')
    await served.person('other', ['data-steward'], 'tax-bureau')
    cookie = await served.signIn('steward')
  })
  after(() => served.close())

  it('may be a workbook: the sheet is suggested, chosen by a person, and its rows keep their numbers', async () => {
    const { id } = await uploaded(BOOK, '&header=confirmed')
    const suggested = await batch(id)

    const chosen = await served.graphql(
      `mutation ($id: UUID!) { chooseTable(batchId: $id, table: "企业") { columns { name target } preview } }`,
      { id },
      cookie,
    )
    await confirm(id)

    expect(suggested.form).to.deep.equal({
      kind: 'WORKBOOK',
      isGzip: false,
      table: '说明',
      tables: [
        { name: '说明', isEmpty: false },
        { name: '企业', isEmpty: false },
      ],
      hiddenRows: 0,
    })
    expect(chosen.body.data.chooseTable.columns.map((column: { name: string }) => column.name)).to.deep.equal(
      HEADER,
    )
    const loaded = await batch(id)
    expect(loaded.form).to.include({ table: '企业', hiddenRows: 1 })
    expect(loaded.counts).to.deep.equal({ read: 4, accepted: 2, rejected: 1, duplicate: 1, filtered: 0 })
    expect(loaded.quarantine.edges.map(({ node }) => [node.line, node.failures[0]?.code])).to.deep.equal([
      [4, 'INGEST_CHECK_FAILED'],
    ])
  })

  it('stores the same rows whether it is a workbook, JSON, JSON lines or packed text', async () => {
    const cells = [FIRST, THIRD].map((code) => [
      code,
      '甲',
      '林晓梅',
      '人民路28号',
      '2019-06-18',
      '100万元',
      '存续',
      '餐饮服务',
    ])
    const records = cells.map((each) => Object.fromEntries(HEADER.map((name, at) => [name, each[at]])))
    const forms: Record<string, Buffer> = {
      text: Buffer.from([HEADER, ...cells].map((line) => line.join(',')).join('\n')),
      packed: gzipSync([HEADER, ...cells].map((line) => line.join(',')).join('\n')),
      workbook: workbook({ sheets: [{ name: 'S', rows: [HEADER, row(FIRST, '甲'), row(THIRD, '甲')] }] }),
      document: Buffer.from(JSON.stringify({ code: 0, data: { list: records } })),
      list: Buffer.from(JSON.stringify(records)),
      lines: Buffer.from(records.map((record) => JSON.stringify(record)).join('\n')),
    }

    const stored: Record<string, unknown> = {}
    for (const [form, content] of Object.entries(forms)) {
      const { id } = await uploaded(content)
      await confirm(id)
      const loaded = await ingest.batch(steward(), id)
      expect([form, loaded.status, loaded.refusal]).to.deep.equal([form, 'published', null])
      const files = [loaded.outcome?.snapshot?.sha256 ?? '']
      const columns = { uscc: 'uscc', founded: 'established_on', capital: 'registered_capital' }
      stored[form] = await selectAll(served.kernel.plane, { sources: [{ files, columns }] })
    }

    const expected = [FIRST, THIRD]
      .sort()
      .map((uscc) => ({ uscc, founded: '2019-06-18', capital: 100_000_000 }))
    for (const rows of Object.values(stored)) expect(rows).to.deep.equal(expected)
  })

  it('is refused by name where it cannot be read, and no batch is made of it', async () => {
    const { datasetId } = await uploaded(BOOK, '&header=confirmed')
    const code = async (content: Buffer, query = '') =>
      (await sent(datasetId, content, query)).body.code as string

    expect({
      cut: await code(BOOK.subarray(0, BOOK.length - 200)),
      textless: await code(workbook({ sheets: [{ name: 'S', rows: [HEADER, [{ shared: 7 }]] }] })),
      older: await code(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0])),
      parquet: await code(Buffer.from('PAR1 and nothing more')),
      packed: await code(gzipSync('a,b\n1,2\n').subarray(0, 12)),
      sheet: await code(BOOK, '&table=none'),
      empty: await code(Buffer.from('[]')),
      header: await code(
        workbook({
          sheets: [
            {
              name: 'S',
              rows: [
                ['名称', '名称'],
                ['甲', '乙'],
              ],
            },
          ],
        }),
      ),
    }).to.deep.equal({
      cut: 'INGEST_FILE_UNREADABLE',
      textless: 'INGEST_FILE_UNREADABLE',
      older: 'INGEST_FILE_UNREADABLE',
      parquet: 'INGEST_FILE_UNREADABLE',
      packed: 'INGEST_FILE_UNREADABLE',
      sheet: 'INGEST_TABLE_UNKNOWN',
      empty: 'INGEST_FILE_EMPTY',
      header: 'INGEST_HEADER_UNCLEAR',
    })
    const { edges } = await ingest.batches(steward(), { datasetId, first: 10 })
    expect(edges).to.have.length(1)
  })

  it('fails as a batch, with its reason, where damage shows only behind the beginning', async () => {
    const names = Array.from({ length: 60_000 }, (_, at) =>
      createHash('sha256').update(`${at}`).digest('hex'),
    )
    const packed = gzipSync([HEADER.join(','), ...names.map((name) => `${FIRST},${name},,,,,,`)].join('\n'))
    const { id } = await uploaded(packed.subarray(0, packed.length - 99))

    await confirm(id)

    const { status, refusal } = await ingest.batch(steward(), id)
    expect([status, refusal?.code]).to.deep.equal(['failed', 'INGEST_FILE_UNREADABLE'])
  })

  it('shows both readings of bytes that do not tell their encoding', async () => {
    const { datasetId } = await uploaded(BOOK, '&header=confirmed')
    const bytes = encode('a,森林\n1,2\n', 'big5')

    const { status, body } = await sent(datasetId, bytes)

    expect([status, body.code]).to.deep.equal([400, 'INGEST_FILE_ENCODING_UNCLEAR'])
    expect(JSON.parse(body.params.previews as string)).to.deep.equal([
      { encoding: 'gb18030', score: 0.4, lines: ['a,此狶', '1,2', ''] },
      { encoding: 'big5', score: 0.4, lines: ['a,森林', '1,2', ''] },
    ])
  })

  it('has its sheet chosen by its own department, before the load', async () => {
    const { id } = await uploaded(BOOK, '&table=企业')
    const foreign = served.world.as('data-steward', 'tax-bureau')
    const choose = (ctx: Parameters<typeof ingest.chooseTable>[0], table: string) =>
      refusal(ingest.chooseTable(ctx, { batchId: id, table, headerConfirmed: true }))

    expect((await choose(foreign, '说明')).code).to.equal('INGEST_BATCH_NOT_FOUND')
    expect((await choose(steward(), '没有')).code).to.equal('INGEST_TABLE_UNKNOWN')
    await confirm(id)
    expect((await choose(steward(), '说明')).code).to.equal('INGEST_BATCH_STATUS_UNFIT')
  })

  // Section 13, row 26: the order is owed however the batch came to stop.
  it('opens a work order when the sheet that is chosen has other columns than those confirmed', async () => {
    const { datasetId, id } = await uploaded(BOOK, '&table=企业')
    await confirm(id)
    const other = ['社会统一信用代码（新）', ...HEADER.slice(1)]
    const book = workbook({
      sheets: [
        { name: '企业', rows: [HEADER, row(FIRST, '甲')] },
        { name: '新表', rows: [other, row(FIRST, '甲')] },
      ],
    })
    const fine = await ingest.receive(steward(), { datasetId, fileName: '名录.xlsx', content: book })
    const dataset = await catalog.dataset(steward(), datasetId)
    expect(await ingest.driftOrders(steward(), dataset)).to.deep.equal([])

    const chosen = await ingest.chooseTable(steward(), { batchId: fine.id, table: '新表' })

    expect([fine.status, chosen.status, chosen.refusal?.code]).to.deep.equal([
      'received',
      'stopped',
      'INGEST_COLUMN_DRIFTED',
    ])
    const orders = await ingest.driftOrders(steward(), dataset)
    expect(orders.map(({ batchId, closedAt }) => [batchId, closedAt])).to.deep.equal([[fine.id, null]])
    for (const name of ['ingest.batch.drifted', 'ingest.batch.stopped'] as const)
      expect((await served.world.eventsNamed(name)).map(({ payload }) => payload)).to.deep.include(
        name === 'ingest.batch.stopped'
          ? { batchId: fine.id, datasetId, code: 'INGEST_COLUMN_DRIFTED' }
          : { batchId: fine.id, datasetId, organisationId: 'market-bureau', columns: HEADER[0] },
      )
  })

  it('counts the same on the command line', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gdbos-files-'))
    const file = join(folder, 'register.csv')
    await writeFile(file, BOOK)
    let printed = ''
    const io = { stdout: { write: (text: string) => (printed += text) }, stderr: { write: () => true } }

    await command.run(
      [file, '--schema', 'business-registration', '--table', '企业', '--dry-run', '--json'],
      io,
    )

    await rm(folder, { recursive: true })
    expect(JSON.parse(printed)).to.include({ read: 4, accepted: 2, rejected: 1, duplicate: 1, filtered: 0 })
  })

  const steward = () => served.world.as('data-steward', 'market-bureau')

  function sent(datasetId: string, content: Buffer, query = '') {
    const path = `/api/datasets/${datasetId}/batches?name=register.csv${encodeURI(query)}`
    return served.send(path, { method: 'POST', body: new Uint8Array(content), cookie })
  }

  async function uploaded(content: Buffer, query = '') {
    const dataset = await catalog.registerDataset(steward(), {
      title: `登记簿 ${newId()}`,
      schemaCode: 'business-registration',
    })
    const { status, body } = await sent(dataset.id, content, query)
    expect([status, body.code]).to.deep.equal([201, undefined])
    return { id: body.id as string, datasetId: dataset.id }
  }

  it('shows how many ranges of its load are done', async () => {
    const { id } = await uploaded(BOOK, '&header=confirmed')
    const shown = async (progress: object) => {
      await served.world.db
        .updateTable('ingest.batch')
        .set({ status: 'running', progress: JSON.stringify({ bytes: 0, elapsedMs: 5, ...progress }) })
        .where('id', '=', id)
        .execute()
      const { body } = await served.graphql(
        `query ($id: UUID!) { batch(id: $id) { progress { phase rows rangesDone ranges share } } }`,
        { id },
        cookie,
      )
      return body.data.batch.progress
    }

    const judging = await shown({ phase: 'validate', rows: 2, ranges: { done: 1, of: 4 }, share: 0.9 })
    const reading = await shown({ phase: 'read', rows: 4, share: 0.5 })
    const receiving = await shown({ phase: 'receive', rows: 0 })

    expect(judging).to.deep.equal({ phase: 'validate', rows: 2, rangesDone: 1, ranges: 4, share: 0.25 })
    expect(reading).to.deep.equal({ phase: 'read', rows: 4, rangesDone: null, ranges: null, share: 0.5 })
    expect(receiving).to.include({ ranges: null, share: null })
    await ingest.cancelBatch(steward(), id)
  })

  async function confirm(id: string) {
    const batch = await ingest.batch(steward(), id)
    const columns = ingest.automaticMapping(await ingest.suggestedColumns(steward(), batch))
    await ingest.confirmMapping(steward(), { batchId: id, encoding: batch.encoding ?? 'utf-8', columns })
    // The server's own worker may have taken the job.
    await until(async () => {
      await served.world.settle()
      const { status } = await ingest.batch(steward(), id)
      return status !== 'mapped' && status !== 'running'
    })
  }

  async function batch(id: string) {
    const { body } = await served.graphql(
      `query ($id: UUID!) { batch(id: $id) {
        status counts { read accepted rejected duplicate filtered }
        form { kind isGzip table tables { name isEmpty } hiddenRows }
        quarantine(first: 10) { edges { node { line failures { code } } } } } }`,
      { id },
      cookie,
    )
    return body.data.batch as {
      form: object
      counts: object
      quarantine: { edges: { node: { line: number; failures: { code: string }[] } }[] }
    }
  }
})

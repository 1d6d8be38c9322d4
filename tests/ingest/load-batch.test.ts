import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context } from '../../core/context.ts'
import * as catalog from '../../modules/catalog/index.ts'
import * as ingest from '../../modules/ingest/index.ts'
import * as standards from '../../standards/index.ts'
import { encode } from '../support/encode.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'
import { approve, submit } from '../support/standards.ts'
import { until } from '../support/until.ts'

const HEADER = '统一社会信用代码,企业名称,法定代表人,住所,成立日期,注册资本,登记状态,经营范围'
const [FIRST, SECOND, THIRD] = ['91350100M000100Y43', '9144030071526726XG', '91330100799655058B'] as const
const row = (code: string, name = '好味来餐饮') =>
  `${code},${name},林晓梅,人民路28号,2019-06-18,100万元,存续,餐饮服务`

describe('loading a register', () => {
  let world: World

  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  it('publishes accepted rows as a version and accounts for every row', async () => {
    const { steward, dataset, batch } = await givenUpload([row(FIRST), row(SECOND), row(SECOND)])

    await confirm(steward, batch)
    await world.settle()

    const loaded = await ingest.batch(steward, batch.id)
    expect(loaded).to.include({ status: 'published', publishedVersion: 1 })
    expect(loaded.outcome?.counts).to.deep.equal({
      read: 3,
      accepted: 2,
      rejected: 0,
      duplicate: 1,
      filtered: 0,
    })
    expect(await catalog.currentVersion(steward, dataset.id)).to.deep.include({
      version: 1,
      rows: 2,
      batchId: batch.id,
    })
  })

  it('stops at too many rejections, shows each with its line and its reasons, and serves nothing', async () => {
    const { steward, dataset, batch } = await givenUpload([
      row(FIRST),
      row('9135'),
      row(SECOND, ''),
      'too,few',
    ])

    await confirm(steward, batch)
    await world.settle()

    const loaded = await ingest.batch(steward, batch.id)
    expect(loaded).to.include({ status: 'stopped', publishedVersion: null })
    expect(loaded.refusal?.code).to.equal('INGEST_BATCH_REJECTIONS_EXCEEDED')
    expect(loaded.outcome?.counts).to.deep.equal({
      read: 4,
      accepted: 1,
      rejected: 3,
      duplicate: 0,
      filtered: 0,
    })
    const { edges } = await ingest.quarantine(steward, loaded, { first: 10 })
    expect(
      edges.map(({ node: { line, raw, failures } }) => [line, raw, failures.map(({ code }) => code)]),
    ).to.deep.equal([
      [3, row('9135'), ['INGEST_CHECK_FAILED']],
      [4, row(SECOND, ''), ['INGEST_VALUE_MISSING']],
      [5, 'too,few', ['INGEST_ROW_WIDTH_DIFFERS']],
    ])
    expect(await catalog.currentVersion(steward, dataset.id)).to.equal(null)
  })

  it('rejects all rows of a key whose contents differ', async () => {
    // One is stored as it stands, the other has a blank to lose: both are kept as they came.
    const { steward, batch } = await givenUpload([row(FIRST), row(SECOND, ' 甲'), row(SECOND, '乙')])

    await confirm(steward, batch)
    await world.settle()

    const loaded = await ingest.batch(steward, batch.id)
    const { edges } = await ingest.quarantine(steward, loaded, { first: 10 })
    expect(
      edges.map(({ node: { line, raw, failures } }) => [line, raw, failures.map(({ code }) => code)]),
    ).to.deep.equal([
      [3, row(SECOND, ' 甲'), ['INGEST_KEY_CONFLICT']],
      [4, row(SECOND, '乙'), ['INGEST_KEY_CONFLICT']],
    ])
    const { outcome } = loaded
    expect(outcome?.counts).to.include({ read: 3, accepted: 1, rejected: 2, duplicate: 0 })
    expect(outcome?.findings[0]).to.deep.equal({
      column: null,
      reason: 'key-conflict',
      severity: 'reject',
      count: 2,
    })
  })

  it('stops a load that would lose more than a fifth of the rows', async () => {
    const { steward, dataset, batch } = await givenUpload([row(FIRST), row(SECOND), row(THIRD)])
    await confirm(steward, batch)
    await world.settle()
    const next = await upload(steward, dataset.id, [row(FIRST), row(SECOND)])

    await confirm(steward, next)
    await world.settle()

    expect((await ingest.batch(steward, next.id)).refusal?.code).to.equal('INGEST_BATCH_ROWS_COLLAPSED')
    expect(await catalog.currentVersion(steward, dataset.id)).to.include({ version: 1, rows: 3 })
  })

  it('is decided again under the schema in force, without the file', async () => {
    const schemaCode = await givenSchema(0.05)
    const { steward, batch } = await givenUpload([row(FIRST), row('9135')], schemaCode)
    await confirm(steward, batch)
    await world.settle()
    await givenSchema(0.6, schemaCode)
    await world.kernel.objects.remove(batch.objectSha256)

    await ingest.retryBatch(steward, batch.id)
    await world.settle()

    expect(await ingest.batch(steward, batch.id)).to.include({ status: 'published', publishedVersion: 1 })
  })

  it('is judged anew from the kept rows when a retry meets other columns', async () => {
    const schemaCode = await givenSchema(0.05)
    const { steward, batch } = await givenUpload([row(FIRST), row('9135')], schemaCode)
    await confirm(steward, batch)
    await world.settle()
    const before = await ingest.batch(steward, batch.id)
    await givenSchema(0.05, schemaCode, 'warn')

    await ingest.retryBatch(steward, batch.id)
    await world.settle()

    const after = await ingest.batch(steward, batch.id)
    expect(after).to.include({ status: 'published' })
    expect(after.outcome?.counts).to.include({ accepted: 2, rejected: 0 })
    expect(after.staged).to.deep.equal(before.staged)
  })

  it('leaves nothing when it is cancelled, waiting or running', async () => {
    const { steward, dataset, batch } = await givenUpload([row(FIRST)])
    const files = await snapshots()
    await confirm(steward, batch)

    await ingest.cancelBatch(steward, batch.id)
    await world.settle()

    expect(await ingest.batch(steward, batch.id)).to.include({ status: 'cancelled', publishedVersion: null })
    expect(await snapshots()).to.deep.equal(files)
    expect(await catalog.currentVersion(steward, dataset.id)).to.equal(null)
    expect((await refusal(ingest.cancelBatch(steward, batch.id))).code).to.equal('INGEST_BATCH_STATUS_UNFIT')
  })

  it('leaves nothing when it is cancelled in the middle of its load', async () => {
    const many = Array.from({ length: 60_000 }, (_, line) => row(FIRST, `企业${line}`))
    const { steward, batch } = await givenUpload(many)
    const files = await snapshots()
    await confirm(steward, batch)

    const loading = world.settle()
    await until(async () => (await ingest.batch(steward, batch.id)).status === 'running')
    await ingest.cancelBatch(steward, batch.id)
    await loading

    expect(await ingest.batch(steward, batch.id)).to.include({
      status: 'cancelled',
      staged: null,
      outcome: null,
    })
    expect(await snapshots()).to.deep.equal(files)
  })

  it('publishes once when its job runs twice', async () => {
    const { steward, dataset, batch } = await givenUpload([row(FIRST)])
    const { attempt } = await confirm(steward, batch)
    await world.settle()
    const load = world.kernel.manifests.flatMap(({ jobs }) => jobs?.['ingest.load'] ?? [])[0]
    const control = { signal: new AbortController().signal, progress: () => Promise.resolve() }

    await load?.run(world.platform(), { batchId: batch.id, attempt }, control)

    const versions = await world.eventsNamed('catalog.version.published')
    expect(
      versions.filter(({ payload }) => 'datasetId' in payload && payload.datasetId === dataset.id),
    ).to.have.length(1)
  })

  it('goes on after a crash where it stopped', async () => {
    const { steward, batch } = await givenUpload([row(FIRST), row(SECOND)])
    const { attempt } = await confirm(steward, batch)
    const load = world.kernel.manifests.flatMap(({ jobs }) => jobs?.['ingest.load'] ?? [])[0]
    const stopping = new AbortController()
    stopping.abort()
    await load
      ?.run(
        world.platform(),
        { batchId: batch.id, attempt },
        { signal: stopping.signal, progress: () => Promise.resolve() },
      )
      .catch((error: unknown) => error)
    expect(await ingest.batch(steward, batch.id)).to.include({ status: 'running' })

    await world.settle()

    expect(await ingest.batch(steward, batch.id)).to.include({ status: 'published', publishedVersion: 1 })
  })

  it('is failed, and can be tried again, once its job gives up', async () => {
    const { steward, batch } = await givenUpload([row(FIRST)])
    const { mapping } = await confirm(steward, batch)
    const write = (given: unknown) =>
      world.db
        .updateTable('ingest.batch')
        .set({ mapping: JSON.stringify(given) })
        .where('id', '=', batch.id)
        .execute()
    // What nobody foresaw.
    await write({})
    for (let attempt = 0; attempt < 5; attempt++) {
      await world.settle()
      expect((await ingest.batch(steward, batch.id)).status).to.equal(attempt < 4 ? 'running' : 'failed')
      world.now = new Date(world.now.getTime() + 600_000)
    }

    expect((await ingest.batch(steward, batch.id)).refusal?.code).to.equal('JOB_GAVE_UP')
    await write(mapping)
    await ingest.retryBatch(steward, batch.id)
    await world.settle()
    expect(await ingest.batch(steward, batch.id)).to.include({ status: 'published', refusal: null })
  })

  it('shows progress while it runs', async () => {
    const { steward, batch } = await givenUpload([row(FIRST)])
    await confirm(steward, batch)
    const loading = world.settle()
    let progress = null as ingest.Batch['progress']
    await until(async () => {
      const now = await ingest.batch(steward, batch.id)
      if (now.status !== 'published') progress = now.progress
      return progress !== null || now.status === 'published'
    })
    await loading

    expect(progress).to.include.keys('phase', 'rows', 'bytes', 'elapsedMs')
  })

  it('remembers the confirmed encoding and refuses bytes that contradict it', async () => {
    const { steward, dataset, batch } = await givenUpload([row(FIRST)])
    await confirm(steward, batch)
    const foreign = encode([HEADER, ...Array.from({ length: 20 }, () => row(SECOND))].join('\n'), 'gb18030')

    const { code } = await refusal(
      ingest.receive(steward, { datasetId: dataset.id, fileName: 'r.csv', content: foreign }),
    )

    expect(code).to.equal('INGEST_FILE_ENCODING_MISMATCH')
  })

  it('finds GB18030 by itself and reads it', async () => {
    const steward = world.as('data-steward', 'market-bureau')
    const dataset = await givenDataset(steward)
    const content = encode([HEADER, ...Array.from({ length: 20 }, () => row(SECOND))].join('\n'), 'gb18030')
    const batch = await ingest.receive(steward, { datasetId: dataset.id, fileName: 'r.csv', content })
    expect(batch.encoding).to.equal('gb18030')

    await confirm(steward, batch)
    await world.settle()

    expect(await ingest.batch(steward, batch.id)).to.include({ status: 'published' })
  })

  it('refuses what cannot be read: no clear encoding, no header, no rows, too many bytes', async () => {
    const steward = world.as('data-steward', 'market-bureau')
    const { id: datasetId } = await givenDataset(steward)
    const attempt = async (content: Buffer, maxBytes?: number) => {
      const limit = maxBytes === undefined ? {} : { maxBytes }
      return (await refusal(ingest.receive(steward, { datasetId, fileName: 'r.csv', content, ...limit })))
        .code
    }

    expect(await attempt(Buffer.from([0x80, 0x81, 0xff, 0xfe, 0x99, 0x2c, 0x90]))).to.equal(
      'INGEST_FILE_ENCODING_UNCLEAR',
    )
    expect(await attempt(Buffer.from('名称,名称\n甲,乙\n'))).to.equal('INGEST_HEADER_UNCLEAR')
    expect(await attempt(Buffer.from('\n'))).to.equal('INGEST_FILE_EMPTY')
    expect(await attempt(Buffer.from([HEADER, row(FIRST)].join('\n')), 100)).to.equal('INGEST_FILE_TOO_LARGE')
  })

  it('refuses a mapping that leaves a required column open, naming it, or fills one twice', async () => {
    const { steward, batch } = await givenUpload([row(FIRST)])
    const attempt = (columns: ingest.ColumnMapping[]) =>
      refusal(ingest.confirmMapping(steward, { batchId: batch.id, encoding: 'utf-8', columns }))

    const open = await attempt([{ index: 1, target: 'name' }])
    const twice = await attempt([
      { index: 0, target: 'uscc' },
      { index: 1, target: 'uscc' },
    ])

    expect(open).to.include({ code: 'INGEST_MAPPING_MISSING' })
    expect(open.messages.zh).to.include('统一社会信用代码')
    expect(twice.code).to.equal('INGEST_MAPPING_INVALID')
  })

  it('refuses a dataset whose standard is not published', async () => {
    const drafter = world.as('standards-drafter', 'market-bureau')
    const shipped = await standards.recordSchema(drafter, 'business-registration')
    await standards.draftSchema(drafter, 'only-a-draft', { ...content(shipped), maxRejectedRate: 0.05 })

    const steward = world.kernel.contextFor({
      id: 'steward@market-bureau',
      organisationId: 'market-bureau',
      roles: ['data-steward', 'standards-drafter'],
    })

    const error = await refusal(
      catalog.registerDataset(steward, { title: '未发布', schemaCode: 'only-a-draft' }),
    )

    expect(error.code).to.equal('STANDARDS_SCHEMA_UNPUBLISHED')
  })

  it('is nobody’s business in another organisation', async () => {
    const { steward, dataset, batch } = await givenUpload([row(FIRST)])
    await confirm(steward, batch)
    await world.settle()
    const other = world.as('data-steward', 'tax-bureau')
    const clerk = world.as('clerk', 'market-bureau')
    const published = await ingest.batch(steward, batch.id)

    for (const attempt of [
      ingest.batch(other, batch.id),
      ingest.confirmMapping(other, { batchId: batch.id, encoding: 'utf-8', columns: [] }),
      ingest.cancelBatch(other, batch.id),
      ingest.retryBatch(other, batch.id),
      ingest.batch(clerk, batch.id),
    ])
      expect((await refusal(attempt)).code).to.equal('INGEST_BATCH_NOT_FOUND')
    const upload = { datasetId: dataset.id, fileName: 'r.csv', content: Buffer.from('a') }
    expect((await refusal(ingest.receive(other, upload))).code).to.equal('POLICY_FORBIDDEN')
    expect((await refusal(ingest.batches(other, { datasetId: dataset.id, first: 10 }))).code).to.equal(
      'POLICY_FORBIDDEN',
    )
    const stopped = {
      ...published,
      outcome: { ...published.outcome!, quarantine: published.outcome!.snapshot },
    }
    expect((await refusal(ingest.quarantine(other, stopped, { first: 10 }))).code).to.equal(
      'INGEST_BATCH_NOT_FOUND',
    )
  })

  async function snapshots(): Promise<string[]> {
    return (await readdir(join(world.planeFolder, 'snapshots'))).sort()
  }

  function givenDataset(steward: Context, schemaCode = 'business-registration') {
    return catalog.registerDataset(steward, { title: `登记簿 ${randomUUID()}`, schemaCode })
  }

  async function givenUpload(rows: readonly string[], schemaCode?: string) {
    const steward = world.as('data-steward', 'market-bureau')
    const dataset = await givenDataset(steward, schemaCode)
    return { steward, dataset, batch: await upload(steward, dataset.id, rows) }
  }

  function upload(steward: Context, datasetId: string, rows: readonly string[]) {
    const content = Buffer.from([HEADER, ...rows].join('\n'))
    return ingest.receive(steward, { datasetId, fileName: 'register.csv', content })
  }

  async function confirm(steward: Context, batch: ingest.Batch) {
    const columns = ingest.automaticMapping(await ingest.suggestedColumns(steward, batch))
    return ingest.confirmMapping(steward, { batchId: batch.id, encoding: batch.encoding ?? 'utf-8', columns })
  }

  const content = ({ name, columns, primaryKey }: standards.RecordSchema) => ({ name, columns, primaryKey })

  /** Publishes the business register under another code, or its next version. */
  async function givenSchema(
    maxRejectedRate: number,
    code = `register-${randomUUID()}`,
    severity?: 'warn',
  ): Promise<string> {
    const drafter = world.as('standards-drafter', 'standards-bureau', 'drafter')
    const shipped = await standards.recordSchema(drafter, 'business-registration')
    const columns = shipped.columns.map((column) => ({ ...column, ...(severity && { severity }) }))
    const draft = await standards.draftSchema(drafter, code, {
      ...content(shipped),
      columns,
      maxRejectedRate,
    })
    await submit(drafter, 'schema', code, draft.version)
    const approver = world.as('standards-approver', 'standards-bureau', 'approver')
    await approve(approver, 'schema', code, draft.version)
    return code
  }
})

import { expect } from 'chai'
import { randomBytes, randomUUID } from 'node:crypto'
import { graphql } from 'graphql'
import pg from 'pg'
import type { Context } from '../../core/context.ts'
import { composeSchema } from '../../gateway/graphql/schema.ts'
import { manifests } from '../../gateway/platform.ts'
import { selectAll } from '../../core/plane/plane.ts'
import * as catalog from '../../modules/catalog/index.ts'
import * as ingest from '../../modules/ingest/index.ts'
import { refusal } from '../support/refusal.ts'
import { addressOf, connectionTo, skipWithoutServer } from '../support/sources.ts'
import { openWorld, type World } from '../support/world.ts'
import { until } from '../support/until.ts'

const [FIRST, SECOND, THIRD] = ['91350100M000100Y43', '9144030071526726XG', '91330100799655058B'] as const
const DATABASE = `gdbos_pull_${randomBytes(4).toString('hex')}`
const SECRET = 'pull-Pa55word'
const schema = composeSchema(manifests)

describe('pulling a source into a dataset', () => {
  let world: World
  let admin: pg.Client
  let department: pg.Client

  before(skipWithoutServer('postgres'))
  before(async () => {
    world = await openWorld()
    admin = new pg.Client({ connectionString: addressOf('postgres').href })
    await admin.connect()
    await admin.query(`create database ${DATABASE}`)
    const address = addressOf('postgres')
    address.pathname = `/${DATABASE}`
    department = new pg.Client({ connectionString: address.href })
    await department.connect()
  })
  beforeEach(async () => {
    await department.query('drop table if exists firms cascade')
    await department.query(`create table firms (
      "统一社会信用代码" text primary key, "企业名称" text not null, "法定代表人" text, "住所" text,
      "成立日期" date, "注册资本" text, "登记状态" text, "经营范围" text, changed timestamptz not null, seen timestamptz)`)
    await firm(FIRST, '好味来餐饮', 1)
    await firm(SECOND, '带,逗号"和引号"的店', 2)
  })
  after(async () => {
    await world?.close()
    await department?.end()
    await admin?.query(`drop database ${DATABASE} with (force)`)
    await admin?.end()
  })

  it('takes the rows through mapping, validation and publication as an uploaded file would go', async () => {
    const { steward, source, dataset } = await givenSource({ cursorColumn: 'changed' })

    const batch = await pulled(steward, source)
    expect(batch).to.include({ status: 'received', encoding: 'utf-8' })
    await confirm(steward, batch)

    expect(await catalog.currentVersion(steward, dataset.id)).to.include({ version: 1, rows: 2 })
    expect(await namesOf(steward, dataset.id)).to.have.members(['好味来餐饮', '带,逗号"和引号"的店'])
  })

  it('reads only what changed, keeps the rest, and loads by itself once the mapping is known', async () => {
    const { steward, source, dataset } = await givenSource({ cursorColumn: 'changed', overlap: 3600 })
    await confirm(steward, await pulled(steward, source))
    await department.query(
      `update firms set "企业名称" = '换了名', changed = now() where "统一社会信用代码" = $1`,
      [SECOND],
    )
    await firm(THIRD, '新来的', 3)

    await department.query(`update firms set "企业名称" = '改了却没动时间' where "统一社会信用代码" = $1`, [
      FIRST,
    ])
    const batch = await pulled(steward, source)

    expect(batch).to.include({ status: 'published', publishedVersion: 2 })
    expect(await namesOf(steward, dataset.id)).to.have.members(['好味来餐饮', '换了名', '新来的'])
  })

  it('moves the watermark only with the version, never for a batch that is stopped', async () => {
    const { steward, source } = await givenSource({ cursorColumn: 'changed' })
    const watermark = async () => (await catalog.source(steward, source.id)).watermark?.value ?? null

    const batch = await pulled(steward, source)
    expect(await watermark()).to.equal(null)
    await confirm(steward, batch)
    const first = await watermark()
    expect(first).to.equal('2026-01-02 00:00:00+00')

    await department.query(`update firms set "统一社会信用代码" = 'bad' || changed, changed = '2026-02-01'`)
    const stopped = await pulled(steward, source)
    expect(stopped.status).to.equal('stopped')
    expect(await watermark()).to.equal(first)
  })

  it('refuses a cursor column that may be null or has no order, and leaves the source as it was', async () => {
    const { steward, source, reading } = await givenSource({ cursorColumn: null })

    for (const cursorColumn of ['seen', 'nowhere']) {
      const { code, kind } = await refusal(
        catalog.configureSource(steward, source.id, { ...reading, cursorColumn }),
      )
      expect([code, kind]).to.deep.equal(['CATALOG_SOURCE_CURSOR_UNSTABLE', 'invalid'])
    }
    expect((await catalog.source(steward, source.id)).reading?.cursorColumn).to.equal(null)
  })

  it('refuses to go on when the cursor fell behind its watermark', async () => {
    const { steward, source, dataset } = await givenSource({ cursorColumn: 'changed' })
    await confirm(steward, await pulled(steward, source))
    await department.query(`update firms set changed = '2020-01-01'`)

    const { id } = await ingest.pullSource(steward, source.id)
    await world.settle()

    const failed = await ingest.pull(steward, id)
    expect(failed).to.include({ status: 'failed' })
    expect(failed.refusal?.code).to.equal('CATALOG_SOURCE_CURSOR_UNSTABLE')
    expect(await catalog.currentVersion(steward, dataset.id)).to.include({ version: 1 })
  })

  it('is read by one pull at a time, which can be cancelled at any moment and leaves nothing', async () => {
    await department.query(`insert into firms select 'x' || n, '企业', null, null, null, null, null, repeat('a', 400),
      '2026-03-01' from generate_series(1, 60000) n`)
    const { steward, source, dataset } = await givenSource({ cursorColumn: null })

    const { id } = await ingest.pullSource(steward, source.id)
    expect((await refusal(ingest.pullSource(steward, source.id))).code).to.equal('INGEST_PULL_RUNNING')
    const reading = world.settle()
    await until(async () => (await ingest.pull(steward, id)).status !== 'queued')
    await ingest.cancelPull(steward, id)
    await reading

    expect(await ingest.pull(steward, id)).to.include({ status: 'cancelled', batchId: null })
    expect((await ingest.batches(steward, { datasetId: dataset.id, first: 10 })).edges).to.be.empty
    expect((await refusal(ingest.cancelPull(steward, id))).code).to.equal('INGEST_PULL_ENDED')
    await ingest.pullSource(steward, source.id)
    await world.settle()
  })

  it('is failed, and another may begin, once its job gives up', async () => {
    const { steward, source, reading } = await givenSource({ cursorColumn: null })
    const read = (given: object) =>
      world.db
        .updateTable('catalog.source')
        .set({ reading: JSON.stringify(given) })
        .where('id', '=', source.id)
        .execute()
    const { id } = await ingest.pullSource(steward, source.id)
    // What nobody foresaw.
    await read({ ...source.reading, columns: null })
    for (let attempt = 0; attempt < 5; attempt++) {
      await world.settle()
      expect((await ingest.pull(steward, id)).status).to.equal(attempt < 4 ? 'running' : 'failed')
      world.now = new Date(world.now.getTime() + 600_000)
    }

    expect((await ingest.pull(steward, id)).refusal?.code).to.equal('JOB_GAVE_UP')
    await catalog.configureSource(steward, source.id, reading)
    expect((await pulled(steward, source)).status).to.equal('received')
  })

  it('begins again after a crash and hands over once', async () => {
    const { steward, source, dataset } = await givenSource({ cursorColumn: null })
    const { id } = await ingest.pullSource(steward, source.id)
    const job = world.kernel.manifests.flatMap(({ jobs }) => jobs?.['ingest.pull'] ?? [])[0]
    const stopping = new AbortController()
    stopping.abort()
    const progress = () => Promise.resolve()
    await job
      ?.run(world.platform(), { pullId: id }, { signal: stopping.signal, progress })
      .catch((error: unknown) => error)
    expect(await ingest.pull(steward, id)).to.include({ status: 'running' })

    await world.settle()
    await job?.run(world.platform(), { pullId: id }, { signal: new AbortController().signal, progress })

    expect(await ingest.pull(steward, id)).to.include({ status: 'handed' })
    expect((await ingest.batches(steward, { datasetId: dataset.id, first: 10 })).edges).to.have.length(1)
  })

  it('goes the whole way by GraphQL, and never shows the secret', async () => {
    const steward = world.as('data-steward', 'market-bureau')
    const { id: datasetId } = await catalog.registerDataset(steward, {
      title: `登记簿 ${randomUUID()}`,
      schemaCode: 'business-registration',
    })
    const answers: unknown[] = []
    async function ask<T>(ctx: Context, source: string, variables: Record<string, unknown>): Promise<T> {
      const variableValues = { commandId: randomUUID(), ...variables }
      const { data, errors } = await graphql({ schema, source, variableValues, contextValue: ctx })
      expect(errors?.map(({ message }) => message) ?? []).to.deep.equal([])
      answers.push(data)
      return data as T
    }
    const { registerSource } = await ask<{ registerSource: { id: string } }>(
      steward,
      `mutation ($commandId: UUID!, $input: SourceInput!) { registerSource(commandId: $commandId, input: $input) {
        id kind connection hosts hasSecret secretKeyId reading { collection } mayManage mayPermitNetworks } }`,
      {
        input: {
          title: `库 ${randomUUID()}`,
          connection: connectionTo('postgres', DATABASE),
          secret: SECRET,
        },
      },
    )
    const { id } = registerSource
    expect(registerSource).to.include({ kind: 'POSTGRES', hasSecret: true, mayPermitNetworks: false })
    await ask(
      world.as('system-admin', 'data-bureau'),
      `mutation ($commandId: UUID!, $id: UUID!) {
        permitSourceNetworks(commandId: $commandId, id: $id, networks: ["127.0.0.0/8"]) { permittedNetworks pulls { id } } }`,
      { id },
    )
    const { sourceTest } = await ask<{ sourceTest: { steps: { step: string; passed: boolean }[] } }>(
      steward,
      `query ($id: UUID!) { sourceTest(id: $id) { steps { step passed refusal { code } } collections }
        sourceDiscovery(id: $id, collection: "public.firms") { sampledRows columns { name samples observedType } } }`,
      { id },
    )
    expect(sourceTest.steps.map(({ step, passed }) => [step, passed])).to.deep.equal([
      ['RESOLVE', true],
      ['CONNECT', true],
      ['LOGIN', true],
      ['READ', true],
    ])
    await ask(
      steward,
      `mutation ($id: UUID!, $input: SourceReadingInput!) { configureSource(id: $id, input: $input) {
        reading { dataset { id } columns keyColumns cursorColumn overlap } } }`,
      { id, input: { collection: 'public.firms', datasetId } },
    )
    await ask(
      steward,
      `mutation ($commandId: UUID!, $id: UUID!) { pullSource(commandId: $commandId, sourceId: $id) { id status } }`,
      { id },
    )
    await world.settle()
    const { source } = await ask<{ source: { pulls: { status: string; batch: { status: string } }[] } }>(
      steward,
      `query ($id: UUID!) { source(id: $id) { watermark pulls { status mayCancel progress { rows } batch { status } } }
        sources(first: 50) { edges { node { id title } } } }`,
      { id },
    )

    expect(source.pulls[0]).to.deep.include({ status: 'HANDED', batch: { status: 'RECEIVED' } })
    expect(JSON.stringify(answers)).not.to.include(SECRET)
  })

  it('is nobody’s business in another organisation', async () => {
    const { steward, source } = await givenSource({ cursorColumn: null })
    const { id } = await ingest.pullSource(steward, source.id)
    await world.settle()
    const other = world.as('data-steward', 'tax-bureau')

    for (const attempt of [ingest.pullSource(other, source.id), catalog.tryConnection(other, source.id)])
      expect((await refusal(attempt)).code).to.equal('CATALOG_SOURCE_NOT_FOUND')
    for (const attempt of [ingest.pull(other, id), ingest.cancelPull(other, id)])
      expect((await refusal(attempt)).code).to.equal('INGEST_PULL_NOT_FOUND')
  })

  function firm(code: string, name: string, day: number) {
    return department.query(
      `insert into firms values ($1, $2, '林晓梅', '人民路28号', '2019-06-18', '100万元', '存续', '餐饮服务', $3)`,
      [code, name, `2026-01-0${day}T00:00:00Z`],
    )
  }

  async function givenSource(changes: { cursorColumn: string | null; overlap?: number }) {
    const steward = world.as('data-steward', 'market-bureau')
    const dataset = await catalog.registerDataset(steward, {
      title: `登记簿 ${randomUUID()}`,
      schemaCode: 'business-registration',
    })
    const { id } = await catalog.registerSource(steward, {
      title: `登记库 ${randomUUID()}`,
      connection: connectionTo('postgres', DATABASE),
      hosts: [],
      secret: SECRET,
    })
    await catalog.permitNetworks(world.as('system-admin', 'data-bureau'), id, ['127.0.0.0/8'])
    const reading = {
      collection: 'public.firms',
      datasetId: dataset.id,
      keyColumns: ['统一社会信用代码'],
      overlap: 0,
      ...changes,
    }
    return { steward, dataset, reading, source: await catalog.configureSource(steward, id, reading) }
  }

  async function pulled(steward: Context, source: catalog.Source): Promise<ingest.Batch> {
    const { id } = await ingest.pullSource(steward, source.id)
    await world.settle()
    const { status, batchId, refusal } = await ingest.pull(steward, id)
    expect([status, refusal]).to.deep.equal(['handed', null])
    return ingest.batch(steward, batchId ?? '')
  }

  async function confirm(steward: Context, batch: ingest.Batch) {
    const columns = ingest.automaticMapping(await ingest.suggestedColumns(steward, batch))
    await ingest.confirmMapping(steward, { batchId: batch.id, encoding: 'utf-8', columns })
    await world.settle()
    expect((await ingest.batch(steward, batch.id)).status).to.equal('published')
  }

  async function namesOf(steward: Context, datasetId: string): Promise<unknown[]> {
    const version = await catalog.currentVersion(steward, datasetId)
    const files = version?.files.map(({ sha256 }) => sha256) ?? []
    const rows = await selectAll(world.kernel.plane, { sources: [{ files, columns: { name: 'name' } }] })
    return rows.map(({ name }) => name)
  }
})

import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { type Context, transaction } from '../../core/context.ts'
import {
  asOf,
  currentVersion,
  type Dataset,
  type NewVersion,
  publishVersion,
  registerDataset,
} from '../../modules/catalog/index.ts'
import { givenDataset, givenSchema, load } from '../golden/registers.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'

describe('publishing a dataset version', () => {
  let world: World

  before(async () => {
    world = await openWorld({ now: '2026-01-05T09:00:00+08:00' })
    await givenSchema(world, 'companies', ['code', 'name', 'address'])
  })
  after(() => world.close())

  it('makes the files of the batch the current version and tells once', async () => {
    const dataset = await givenDataset(world, 'market-bureau', 'companies')

    const first = await load(world, dataset, ['91350100M000100Y43,福州榕城餐饮有限公司,东街口1号'])

    expect(first).to.include({ version: 1, parent: null, rows: 1, schemaVersion: '1.0.0' })
    expect(await currentVersion(world.platform(), dataset.id)).to.deep.equal(first)
    const events = await published(dataset)
    expect(events).to.deep.equal([{ datasetId: dataset.id, version: 1, organisationId: 'market-bureau' }])
  })

  it('lets the first of two batches on one parent win (section 13, row 34)', async () => {
    const dataset = await givenDataset(world, 'market-bureau', 'companies')
    const attempts = [batch(dataset, null), batch(dataset, null)]

    const outcomes = await Promise.allSettled(attempts.map((each) => publish(world.platform(), each)))

    expect(outcomes.map(({ status }) => status)).to.have.members(['fulfilled', 'rejected'])
    const error = await refusal(publish(world.platform(), batch(dataset, null)))
    expect(error.code).to.equal('INGEST_VERSION_PARENT_MOVED')
    expect(error.params).to.deep.equal({ parent: 0, current: 1 })
    expect(await published(dataset)).to.have.length(1)
  })

  it('publishes a batch once, however often its job runs', async () => {
    const dataset = await givenDataset(world, 'market-bureau', 'companies')
    const input = batch(dataset, 0)

    const first = await publish(world.platform(), input)
    const again = await publish(world.platform(), input)

    expect(again).to.deep.equal(first)
    expect(await published(dataset)).to.have.length(1)
  })

  it('answers what was current at an instant', async () => {
    const dataset = await givenDataset(world, 'market-bureau', 'companies')
    const steward = world.as('data-steward', 'market-bureau')
    await publish(world.platform(), batch(dataset, null))
    world.now = new Date('2026-01-06T09:00:00+08:00')
    await publish(world.platform(), batch(dataset, 1))

    const versionAt = async (instant: string) => (await asOf(steward, dataset.id, new Date(instant)))?.version
    expect(await versionAt('2026-01-05T08:59:59+08:00')).to.equal(undefined)
    expect(await versionAt('2026-01-05T12:00:00+08:00')).to.equal(1)
    expect(await versionAt('2026-01-06T09:00:00+08:00')).to.equal(2)
  })

  it('is for the dataset’s own steward and the platform alone', async () => {
    const dataset = await givenDataset(world, 'market-bureau', 'companies')

    for (const [role, organisation] of [
      ['data-steward', 'tax-bureau'],
      ['clerk', 'market-bureau'],
      ['directory-admin', 'market-bureau'],
    ] as const) {
      const error = await refusal(publish(world.as(role, organisation), batch(dataset, null)))
      expect(error.code).to.equal('POLICY_FORBIDDEN')
    }
    expect(await currentVersion(world.platform(), dataset.id)).to.equal(null)
    const own = await publish(world.as('data-steward', 'market-bureau'), batch(dataset, null))
    expect(own.version).to.equal(1)
  })

  it('refuses a dataset that is not there', async () => {
    const error = await refusal(publish(world.platform(), batch({ id: randomUUID() }, null)))
    expect(error.code).to.equal('CATALOG_DATASET_NOT_FOUND')
  })

  it('never changes a manifest: the application role may not', async () => {
    const dataset = await registerDataset(world.as('data-steward', 'market-bureau'), {
      title: '不可更改',
      schemaCode: 'companies',
    })
    await publish(world.platform(), batch(dataset, null))

    for (const change of [
      world.db.updateTable('catalog.datasetVersion').set({ rowCount: 9 }).where('datasetId', '=', dataset.id),
      world.db.deleteFrom('catalog.datasetVersion').where('datasetId', '=', dataset.id),
    ]) {
      const failure = await change.execute().then(
        () => 'changed',
        (error: unknown) => String(error),
      )
      expect(failure).to.match(/permission denied/)
    }
  })

  function publish(ctx: Context, input: NewVersion) {
    return transaction(ctx, (ctx) => publishVersion(ctx, input))
  }

  function batch({ id }: Pick<Dataset, 'id'>, parent: number | null): NewVersion {
    return {
      datasetId: id,
      parent,
      files: [{ sha256: randomUUID().replaceAll('-', '').repeat(2), rows: 2, bytes: 100 }],
      schemaVersion: '1.0.0',
      batchId: randomUUID(),
      counts: { read: 3, accepted: 2, rejected: 1, duplicate: 0, filtered: 0 },
    }
  }

  async function published({ id }: Dataset) {
    const events = await world.eventsNamed('catalog.version.published')
    return events
      .map(({ payload }) => payload)
      .filter((payload) => (payload as { datasetId: string }).datasetId === id)
  }
})

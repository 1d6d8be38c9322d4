import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { graphql } from 'graphql'
import type { Context } from '../../core/context.ts'
import { composeSchema } from '../../gateway/graphql/schema.ts'
import { manifests } from '../../gateway/platform.ts'
import * as catalog from '../../modules/catalog/index.ts'
import { impact } from '../../standards/index.ts'
import { creditCode, givenDataset, givenSchema, load } from '../golden/registers.ts'
import { refusal } from '../support/refusal.ts'
import { connectionTo, type Server, skipWithoutServer } from '../support/sources.ts'
import { openWorld, type World } from '../support/world.ts'
import { until } from '../support/until.ts'
import { openTarget, type TargetDatabase } from './targets.ts'

const SECRET = 'target-Pa55word'
const schema = composeSchema(manifests)
const line = (n: number, name = `企业${n}`, address = `东街口${n}号`) => `${creditCode(n)},${name},${address}`
const row = (n: number, name = `企业${n}`, address = `东街口${n}号`) => [creditCode(n), name, address]

for (const server of ['postgres', 'mysql', 'mongo'] as const)
  describe(`delivering a dataset into a ${server} table`, function () {
    this.timeout(300_000)
    let world: World
    let target: TargetDatabase

    before(skipWithoutServer(server))
    before(async () => {
      target = await openTarget[server]()
      world = await openWorld()
      await givenSchema(world, 'companies', ['code', 'name', 'address'])
    })
    after(async () => {
      await world?.close()
      await target?.remove()
    })

    it('brings the version whole, then each later one by what differs', async () => {
      const steward = world.as('data-steward', 'market-bureau')
      const dataset = await givenDataset(world, 'market-bureau', 'companies')
      await load(world, dataset, [line(1), line(2, "a'b\\"), line(3)])
      await world.settle()
      const { id } = await given(world, server, target, dataset.id)
      await world.settle()
      expect(await target.rows()).to.be.empty

      await catalog.runDelivery(steward, id)
      await world.settle()
      expect(await target.rows()).to.deep.equal([row(1), row(2, "a'b\\"), row(3)])
      expect(await target.batch()).to.deep.equal([1, null, null, 3])

      await load(world, dataset, [line(1), line(2, '换了名'), line(4)])
      await world.settle()
      expect(await target.rows()).to.deep.equal([row(1), row(2, '换了名'), row(4)])
      expect(await target.batch()).to.deep.equal([2, null, null, 6])
      expect((await runs(steward, id)).map(({ status, version }) => [status, version])).to.have.deep.members([
        ['done', 1],
        ['done', 2],
      ])
    })
  })

describe('a delivery', function () {
  // Each asks several processes of the data plane.
  this.timeout(300_000)
  let world: World
  let target: TargetDatabase
  const steward = () => world.as('data-steward', 'market-bureau')

  before(skipWithoutServer('postgres'))
  before(async () => {
    world = await openWorld()
    await givenSchema(world, 'companies', ['code', 'name', 'address'])
  })
  beforeEach(async () => {
    target = await openTarget.postgres()
  })
  afterEach(() => target?.remove())
  after(() => world?.close())

  it('goes on behind its last whole transaction when the server died, and sends no row twice', async () => {
    const rows = Array.from({ length: 22_000 }, (_, n) => n + 1)
    const dataset = await givenDataset(world, 'market-bureau', 'companies')
    await load(
      world,
      dataset,
      rows.map((n) => line(n)),
    )
    await world.settle()
    const { id } = await given(world, 'postgres', target, dataset.id)
    // Each transaction is seen by the database itself.
    await target.query('create table seen (rows int)')
    await target.query(`create function see() returns trigger language plpgsql as
      $$ begin insert into seen values (new.rows_written - old.rows_written); return null; end $$`)
    await target.query(
      'create trigger see after update on gdbos_delivery for each row execute function see()',
    )
    const { id: runId } = await catalog.runDelivery(steward(), id)
    const job = catalog.catalog.jobs['catalog.deliver']
    const dying = new AbortController()
    const progress = () => Promise.resolve()

    const died = job
      ?.run(world.platform(), { runId }, { signal: dying.signal, progress })
      .catch((error: Error) => error)
    await until(async () => (await target.query('select 1 from seen')).length >= 2)
    dying.abort()
    expect(await died).to.have.property('name', 'AbortError')

    const [version, next, cursor, written] = await target.batch()
    const count = async () => Number((await target.query('select count(*) from firms'))[0]?.[0])
    expect([version, next, Number(written) % 5000]).to.deep.equal([0, 1, 0])
    expect(written).to.be.greaterThan(0).and.lessThan(rows.length)
    expect(await count()).to.equal(written)
    expect(cursor).to.equal(JSON.stringify([creditCode(Number(written))]))
    expect((await runs(steward(), id))[0]?.status).to.equal('running')
    // A version comes meanwhile, without a row that went already.
    await load(
      world,
      dataset,
      rows.slice(1).map((n) => line(n)),
    )

    await world.settle()

    expect(await count()).to.equal(rows.length - 1)
    expect(await target.batch()).to.deep.equal([2, null, null, rows.length + 1])
    const seen = (await target.query('select rows from seen')).map(([each]) => Number(each))
    expect(seen).to.deep.equal([...Array.from({ length: 4 }, () => 5000), 2000, 1])
    expect((await runs(steward(), id))[0]).to.include({ status: 'done', version: 2 })
  })

  it('leaves the data plane to others while the department’s database makes it wait', async () => {
    const rows = Array.from({ length: 5_001 }, (_, n) => n + 1)
    const dataset = await givenDataset(world, 'market-bureau', 'companies')
    await load(
      world,
      dataset,
      rows.map((n) => line(n)),
    )
    await world.settle()
    const { id } = await given(world, 'postgres', target, dataset.id)
    await catalog.runDelivery(steward(), id)
    await target.query('begin')
    await target.query('lock table firms')

    const running = world.settle()
    const waits = `select 1 from pg_locks where not granted and relation = 'firms'::regclass`
    await until(async () => (await target.query(waits)).length > 0)
    const files = (await catalog.currentVersion(steward(), dataset.id))?.files.map(({ sha256 }) => sha256)
    const counted = { before: [], after: files ?? [], key: ['uscc'], columns: [], counted: true, limit: 0 }
    const found: unknown[] = []
    for await (const row of world.kernel.plane.changes(counted, {
      signal: AbortSignal.timeout(60_000),
      asLoad: true,
    }))
      found.push(row)
    await target.query('commit')
    await running

    expect(found).to.deep.equal([{ operation: 'insert', rows: rows.length }])
    expect(await target.batch()).to.deep.equal([1, null, null, rows.length])
  })

  it('names what broke a run without the values, and the next run goes on', async () => {
    const { id, dataset } = await delivered([line(1), line(2)])
    await target.query(`alter table firms add check (address <> '东街口3号')`)

    await load(world, dataset, [line(1), line(3)])
    await attempts(5)

    const failed = (await runs(steward(), id)).find(({ status }) => status === 'failed')
    expect(failed).to.include({ status: 'failed', version: null })
    expect(failed?.refusal).to.deep.include({
      code: 'CATALOG_SOURCE_WRITE_FAILED',
      params: { collection: 'public.firms', reason: '23514' },
    })
    expect(JSON.stringify(failed)).not.to.contain('东街口')
    expect(await target.rows()).to.deep.equal([row(1), row(2)])
    expect(await target.batch()).to.deep.equal([1, null, null, 2])
    await target.query('alter table firms drop constraint firms_address_check')
    await catalog.runDelivery(steward(), id)
    await world.settle()
    expect(await target.rows()).to.deep.equal([row(1), row(3)])
  })

  it('is tried again in a while when the department’s database fails it', async () => {
    const { id, dataset } = await delivered([line(1)])
    await target.query(`alter table firms add check (address <> '东街口2号')`)
    await load(world, dataset, [line(1), line(2)])
    await world.settle()
    expect((await runs(steward(), id)).map(({ status }) => status)).to.have.members(['done', 'running'])

    await target.query('alter table firms drop constraint firms_address_check')
    await attempts(1)

    expect(await target.rows()).to.deep.equal([row(1), row(2)])
    expect((await runs(steward(), id)).map(({ status }) => status)).to.have.members(['done', 'done'])
  })

  it('goes on to a version that was published while a run was open, when that is cancelled', async () => {
    const { id, run } = await outrun()

    await catalog.cancelDeliveryRun(steward(), run.id)
    await world.settle()

    expect(await target.rows()).to.deep.equal([row(1), row(3)])
    expect((await runs(steward(), id)).map(({ status, version }) => [status, version])).to.have.deep.members([
      ['done', 1],
      ['cancelled', null],
      ['done', 3],
    ])
  })

  it('goes on to a version that was published while a run was open, once, when that fails', async () => {
    const { id, sourceId } = await outrun()
    await catalog.permitNetworks(world.as('system-admin', 'data-bureau'), sourceId, [])

    await attempts(1)

    const ended = (await runs(steward(), id)).map((each) => [each.status, each.wantedVersion])
    expect(ended).to.have.deep.members([
      ['done', 1],
      ['failed', 2],
      ['failed', 3],
    ])
  })

  it('refuses a table whose columns no longer fit, before the first row', async () => {
    const { id, dataset } = await delivered([line(1)])
    await target.query('alter table firms alter column uscc type varchar(17) using left(uscc, 17)')

    await load(world, dataset, [line(2)])
    await world.settle()

    const failed = (await runs(steward(), id)).find(({ status }) => status === 'failed')
    expect([failed?.status, failed?.refusal?.code, failed?.refusal?.params['columns']]).to.deep.equal([
      'failed',
      'CATALOG_TARGET_MISMATCHED',
      'uscc: length (character varying(17))',
    ])
  })

  it('is cancelled between two transactions, and begins once at a time', async () => {
    const { id } = await delivered([line(1)])
    const run = await catalog.runDelivery(steward(), id)

    expect((await refusal(catalog.runDelivery(steward(), id))).code).to.equal('CATALOG_DELIVERY_RUNNING')
    expect(await catalog.cancelDeliveryRun(steward(), run.id)).to.include({ status: 'cancelled' })
    const late = await refusal(catalog.cancelDeliveryRun(steward(), run.id))
    expect(late.code).to.equal('CATALOG_DELIVERY_RUN_ENDED')
    expect(late.messages.zh).to.equal('该次回流已结束，不能取消')
    await world.settle()
    expect((await runs(steward(), id)).map(({ status }) => status)).to.have.members(['cancelled', 'done'])
  })

  it('ends for good; set anew it goes on where the target stands', async () => {
    const { id, dataset, sourceId } = await delivered([line(1), line(2)])
    expect(await grantsSeenBy(steward())).to.include(`delivery:${id}`)
    expect(await grantsSeenBy(world.as('data-steward', 'other'))).not.to.include(`delivery:${id}`)
    await catalog.endDelivery(steward(), id)
    expect(await grantsSeenBy(steward())).not.to.include(`delivery:${id}`)
    await load(world, dataset, [line(2)])
    await world.settle()
    expect(await target.rows()).to.deep.equal([row(1), row(2)])
    expect((await refusal(catalog.runDelivery(steward(), id))).code).to.equal('CATALOG_DELIVERY_NOT_FOUND')

    const anew = await catalog.setDelivery(steward(), {
      sourceId,
      datasetId: dataset.id,
      collection: target.collection,
    })
    await catalog.runDelivery(steward(), anew.id)
    await world.settle()

    expect(await target.rows()).to.deep.equal([row(2)])
    expect(await target.batch()).to.deep.equal([2, null, null, 3])
  })

  /** Rights to receive data of the schema, as its impact tells them. */
  async function grantsSeenBy(reader: Context): Promise<string[]> {
    const { dependencies } = await impact(reader, { kind: 'schema', code: 'companies' })
    return dependencies.filter(({ user }) => user.kind === 'grant').map(({ user }) => user.code)
  }

  it('refuses a target that says it holds a version the dataset does not have', async () => {
    const { id } = await delivered([line(1)])
    await target.query('update gdbos_delivery set version = 7')

    await catalog.runDelivery(steward(), id)
    await world.settle()

    const failed = (await runs(steward(), id)).find(({ status }) => status === 'failed')
    expect(failed?.refusal?.code).to.equal('CATALOG_DELIVERY_POSITION_UNKNOWN')
  })

  it('leaves a record of what was read for it, and events of its course', async () => {
    const { id, dataset } = await delivered([line(1)])

    const access = await world.db
      .selectFrom('core.access')
      .select(['kind', 'subject', 'purpose', 'fields', 'organisationId'])
      .where('subject', 'like', `catalog.delivery:${id}:%`)
      .execute()
    expect(access).to.deep.equal([
      {
        kind: 'read',
        subject: `catalog.delivery:${id}:0-1`,
        purpose: 'catalog.delivery',
        fields: ['uscc', 'organisation_name', 'address'],
        organisationId: 'market-bureau',
      },
    ])
    const [set] = (await world.eventsNamed('catalog.delivery.set')).slice(-1)
    expect(set?.payload).to.include({ deliveryId: id, datasetId: dataset.id, collection: 'public.firms' })
    const [done] = (await world.eventsNamed('catalog.delivery.done')).slice(-1)
    expect(done?.payload).to.include({ deliveryId: id, version: 1, rows: 1 })
  })

  it('is refused where it cannot be, and nothing is set', async () => {
    const { sourceId, dataset } = await delivered([line(1)])
    const empty = await givenDataset(world, 'market-bureau', 'companies')
    const foreign = await givenDataset(world, 'tax-bureau', 'companies')
    await load(world, foreign, [line(1)])
    const rest = await catalog.registerSource(steward(), {
      title: `接口 ${randomUUID()}`,
      connection: catalog.readConnection({ kind: 'rest', url: 'http://127.0.0.1/' }),
      hosts: [],
      secret: '',
    })
    await target.query('create table other (uscc varchar(18) primary key, organisation_name text)')
    await target.query('create table loose (uscc varchar(18), organisation_name text, address text)')
    const input = { sourceId, datasetId: dataset.id, collection: 'public.other' }
    const cases: [Partial<typeof input>, string][] = [
      [{}, 'CATALOG_TARGET_MISMATCHED'],
      [{ collection: 'public.loose' }, 'CATALOG_TARGET_MISMATCHED'],
      [{ collection: 'public.nowhere' }, 'CATALOG_SOURCE_COLLECTION_UNKNOWN'],
      [{ collection: target.collection, datasetId: empty.id }, 'CATALOG_DELIVERY_TARGET_TAKEN'],
      [{ datasetId: foreign.id }, 'CATALOG_DELIVERY_DATASET_FOREIGN'],
      [{ sourceId: rest.id }, 'CATALOG_SOURCE_READ_ONLY'],
    ]

    for (const [changes, code] of cases)
      expect((await refusal(catalog.setDelivery(steward(), { ...input, ...changes }))).code).to.equal(code)
    const source = await catalog.source(steward(), sourceId)
    const again = await catalog.setDelivery(steward(), { ...input, collection: target.collection })
    expect(await catalog.deliveriesOf(steward(), source)).to.deep.equal([again])
    const waiting = await given(world, 'postgres', await another(), empty.id)
    expect((await refusal(catalog.runDelivery(steward(), waiting.id))).code).to.equal(
      'CATALOG_DELIVERY_VERSION_MISSING',
    )
  })

  it('does not go into the table that the source is read from', async () => {
    const { sourceId, dataset } = await delivered([line(1)])
    const input = { collection: 'public.books', datasetId: dataset.id, keyColumns: [], overlap: 0 }
    await target.query(
      'create table books (uscc varchar(18) primary key, organisation_name text, address text)',
    )
    await catalog.configureSource(steward(), sourceId, { ...input, cursorColumn: null })

    const { code } = await refusal(
      catalog.setDelivery(steward(), { sourceId, datasetId: dataset.id, collection: 'public.books' }),
    )

    expect(code).to.equal('CATALOG_DELIVERY_TARGET_READ')
  })

  it('is nobody’s business in another organisation, nor a clerk’s', async () => {
    const { id, dataset, sourceId } = await delivered([line(1)])
    const [run] = await runs(steward(), id)
    const other = world.as('data-steward', 'tax-bureau')
    const input = { sourceId, datasetId: dataset.id, collection: 'public.mine' }

    expect((await refusal(catalog.setDelivery(other, input))).code).to.equal('CATALOG_SOURCE_NOT_FOUND')
    for (const attempt of [
      catalog.delivery(other, id),
      catalog.runDelivery(other, id),
      catalog.endDelivery(other, id),
      catalog.cancelDeliveryRun(other, run?.id ?? ''),
    ])
      expect((await refusal(attempt)).code).to.equal('CATALOG_DELIVERY_NOT_FOUND')
    const admin = world.as('system-admin', 'data-bureau')
    expect(await catalog.deliveriesOf(admin, await catalog.source(admin, sourceId))).to.be.empty
    const reader = world.as('directory-admin', 'market-bureau')
    for (const attempt of [
      catalog.setDelivery(reader, input),
      catalog.runDelivery(reader, id),
      catalog.endDelivery(reader, id),
    ])
      expect((await refusal(attempt)).code).to.equal('POLICY_FORBIDDEN')
  })

  it('goes the whole way by GraphQL', async () => {
    const dataset = await givenDataset(world, 'market-bureau', 'companies')
    await load(world, dataset, [line(1)])
    const sourceId = await givenSource(world, 'postgres', target)
    const answers: unknown[] = []
    async function ask<T>(source: string, variables: Record<string, unknown>): Promise<T> {
      const variableValues = { commandId: randomUUID(), ...variables }
      const { data, errors } = await graphql({ schema, source, variableValues, contextValue: steward() })
      expect(errors?.map(({ message }) => message) ?? []).to.deep.equal([])
      answers.push(data)
      return JSON.parse(JSON.stringify(data)) as T
    }
    const { setDelivery } = await ask<{ setDelivery: { id: string } }>(
      `mutation ($input: DeliveryInput!) { setDelivery(input: $input) {
        id collection keyColumns dataset { id } setAt endedAt mayManage } }`,
      { input: { sourceId, datasetId: dataset.id, collection: target.collection } },
    )
    const { id } = setDelivery
    expect(setDelivery).to.deep.include({
      keyColumns: ['uscc'],
      dataset: { id: dataset.id },
      mayManage: true,
    })
    await ask(
      `mutation ($commandId: UUID!, $id: UUID!) { runDelivery(commandId: $commandId, id: $id) { id status } }`,
      { id },
    )
    await world.settle()
    const { source } = await ask<{ source: { mayDeliver: boolean; deliveries: { runs: object[] }[] } }>(
      `query ($id: UUID!) { source(id: $id) { mayDeliver deliveries { id runs {
        status version mayCancel refusal { code } progress { version rows } } } } }`,
      { id: sourceId },
    )
    expect(source.mayDeliver).to.equal(true)
    expect(source.deliveries.map((each) => each.runs)).to.deep.equal([
      [{ status: 'DONE', version: 1, mayCancel: false, refusal: null, progress: { version: 1, rows: 1 } }],
    ])
    await ask(
      `mutation ($commandId: UUID!, $id: UUID!) { endDelivery(commandId: $commandId, id: $id) { endedAt mayManage } }`,
      { id },
    )
    expect(JSON.stringify(answers)).not.to.include(SECRET)
  })

  /** Lets a job that failed be due, as often as that. */
  async function attempts(times: number) {
    await world.settle()
    for (let attempt = 0; attempt < times; attempt++) {
      world.now = new Date(world.now.getTime() + 600_000)
      await world.settle()
    }
  }

  /** Version 2 cannot be delivered; 3, which could, was published while the run of 2 waits to be tried again. */
  async function outrun() {
    const given = await delivered([line(1)])
    await target.query(`alter table firms add check (address <> '东街口2号')`)
    await load(world, given.dataset, [line(1), line(2)])
    await world.settle()
    await load(world, given.dataset, [line(1), line(3)])
    await world.settle()
    const run = (await runs(steward(), given.id)).find(({ status }) => status === 'running')
    if (!run) throw new Error('no run is open')
    return { ...given, run }
  }

  async function delivered(lines: readonly string[]) {
    const dataset = await givenDataset(world, 'market-bureau', 'companies')
    await load(world, dataset, lines)
    await world.settle()
    const { id, sourceId } = await given(world, 'postgres', target, dataset.id)
    await catalog.runDelivery(steward(), id)
    await world.settle()
    return { id, dataset, sourceId }
  }

  /** A second table of the same database. */
  async function another(): Promise<TargetDatabase> {
    await target.query(
      'create table second (uscc varchar(18) primary key, organisation_name text, address text)',
    )
    return { ...target, collection: 'public.second' }
  }
})

async function givenSource(world: World, server: Server, { database }: TargetDatabase): Promise<string> {
  const { id } = await catalog.registerSource(world.as('data-steward', 'market-bureau'), {
    title: `库 ${randomUUID()}`,
    connection: connectionTo(server, database),
    hosts: [],
    secret: server === 'postgres' ? SECRET : '',
  })
  await catalog.permitNetworks(world.as('system-admin', 'data-bureau'), id, ['127.0.0.0/8'])
  return id
}

async function given(world: World, server: Server, target: TargetDatabase, datasetId: string) {
  const sourceId = await givenSource(world, server, target)
  const { collection } = target
  return catalog.setDelivery(world.as('data-steward', 'market-bureau'), { sourceId, datasetId, collection })
}

async function runs(ctx: Context, id: string): Promise<catalog.DeliveryRun[]> {
  // Another reader each time: a loader answers what it read before.
  return catalog.runsOf({ ...ctx }, await catalog.delivery(ctx, id))
}

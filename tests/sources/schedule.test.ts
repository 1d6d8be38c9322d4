import { expect } from 'chai'
import { randomBytes, randomUUID } from 'node:crypto'
import { graphql } from 'graphql'
import pg from 'pg'
import type { Context } from '../../core/context.ts'
import { composeSchema } from '../../gateway/graphql/schema.ts'
import { manifests } from '../../gateway/platform.ts'
import * as catalog from '../../modules/catalog/index.ts'
import * as ingest from '../../modules/ingest/index.ts'
import { refusal } from '../support/refusal.ts'
import { addressOf, connectionTo, skipWithoutServer } from '../support/sources.ts'
import { openWorld, type World } from '../support/world.ts'

const DATABASE = `gdbos_due_${randomBytes(4).toString('hex')}`
const schema = composeSchema(manifests)

describe('when a source falls due', () => {
  const due = (input: catalog.ScheduleInput, after: string) => {
    const schedule = catalog.readSchedule(input)
    return schedule && catalog.nextDue(schedule, new Date(after)).toISOString()
  }

  it('is the next full hour, day, weekday or day of the month in the region’s time, never the moment itself', () => {
    // 2026-01-05 is a Monday.
    const cases: [catalog.ScheduleInput, string, string | null][] = [
      [{ every: 'hand' }, '2026-01-05T09:00:00+08:00', null],
      [{ every: 'hour' }, '2026-01-05T09:00:00+08:00', '2026-01-05T10:00:00+08:00'],
      [{ every: 'hour' }, '2026-01-05T23:59:59.999+08:00', '2026-01-06T00:00:00+08:00'],
      [{ every: 'day', at: '09:01' }, '2026-01-05T09:00:00+08:00', '2026-01-05T09:01:00+08:00'],
      [{ every: 'day', at: '09:00' }, '2026-01-05T09:00:00+08:00', '2026-01-06T09:00:00+08:00'],
      [{ every: 'day', at: '00:30' }, '2026-12-31T23:00:00+08:00', '2027-01-01T00:30:00+08:00'],
      [{ every: 'week', weekday: 1, at: '08:00' }, '2026-01-05T09:00:00+08:00', '2026-01-12T08:00:00+08:00'],
      [{ every: 'week', weekday: 1, at: '10:00' }, '2026-01-05T09:00:00+08:00', '2026-01-05T10:00:00+08:00'],
      [{ every: 'week', weekday: 0, at: '08:00' }, '2026-01-05T09:00:00+08:00', '2026-01-11T08:00:00+08:00'],
      [{ every: 'month', day: 28, at: '02:00' }, '2026-01-28T02:00:00+08:00', '2026-02-28T02:00:00+08:00'],
      [{ every: 'month', day: 1, at: '02:00' }, '2026-12-31T12:00:00+08:00', '2027-01-01T02:00:00+08:00'],
    ]
    for (const [input, after, expected] of cases)
      expect(due(input, after), JSON.stringify([input, after])).to.equal(
        expected && new Date(expected).toISOString(),
      )
  })

  it('refuses what is not on the closed list, by its name', async () => {
    const cases: [catalog.ScheduleInput, string][] = [
      [{ every: 'day' }, 'at'],
      [{ every: 'day', at: '24:00' }, 'at'],
      [{ every: 'week', at: '08:00', weekday: 7 }, 'weekday'],
      [{ every: 'week', at: '08:00' }, 'weekday'],
      [{ every: 'month', at: '08:00', day: 29 }, 'day'],
      [{ every: 'month', at: '08:00', day: 0 }, 'day'],
    ]
    for (const [input, reason] of cases) {
      const { code, params } = await refusal(Promise.resolve().then(() => catalog.readSchedule(input)))
      expect([code, params['reason']]).to.deep.equal(['CATALOG_SOURCE_SCHEDULE_INVALID', reason])
    }
  })
})

describe('reading a source by its schedule', () => {
  let world: World
  let admin: pg.Client
  const steward = () => world.as('data-steward', 'market-bureau')

  before(skipWithoutServer('postgres'))
  before(async () => {
    admin = new pg.Client({ connectionString: addressOf('postgres').href })
    await admin.connect()
    await admin.query(`create database ${DATABASE}`)
    const address = addressOf('postgres')
    address.pathname = `/${DATABASE}`
    const department = new pg.Client({ connectionString: address.href })
    await department.connect()
    await department.query(
      `create table firms ("统一社会信用代码" text primary key, "企业名称" text not null)`,
    )
    await department.query(`insert into firms values ('91350100M000100Y43', '好味来餐饮')`)
    await department.end()
  })
  beforeEach(async () => {
    world = await openWorld()
  })
  afterEach(() => world?.close())
  after(async () => {
    await admin?.query(`drop database ${DATABASE} with (force)`)
    await admin?.end()
  })

  it('begins a pull when its time has come and shows the next', async () => {
    const { id } = await givenSource()
    await catalog.scheduleSource(steward(), id, { every: 'day', at: '10:00' })

    world.now = new Date('2026-01-05T09:59:59+08:00')
    await world.settle()
    expect(await pulls(id)).to.be.empty
    world.now = new Date('2026-01-05T10:00:00+08:00')
    await world.settle()

    expect((await pulls(id)).map(({ status }) => status)).to.deep.equal(['handed'])
    expect((await catalog.source(steward(), id)).dueAt).to.deep.equal(new Date('2026-01-06T10:00:00+08:00'))
    await world.settle()
    expect(await pulls(id)).to.have.length(1)
  })

  it('reads once after an outage, not once for each time it missed', async () => {
    const { id } = await givenSource()
    await catalog.scheduleSource(steward(), id, { every: 'hour' })

    world.now = new Date('2026-01-09T17:20:00+08:00')
    await world.settle()

    expect(await pulls(id)).to.have.length(1)
    expect((await catalog.source(steward(), id)).dueAt).to.deep.equal(new Date('2026-01-09T18:00:00+08:00'))
  })

  it('is taken by one of several nodes, and passed over while it is still being read', async () => {
    const { id } = await givenSource()
    await catalog.scheduleSource(steward(), id, { every: 'hour' })
    const [poller] = ingest.ingest.pollers
    const look = () => poller?.poll(world.platform(), new AbortController().signal)

    world.now = new Date('2026-01-05T10:00:00+08:00')
    const taken = await Promise.all([look(), look(), look()])
    expect(taken.filter((each) => each === 1)).to.have.length(1)
    expect(await pulls(id)).to.have.length(1)

    world.now = new Date('2026-01-05T11:00:00+08:00')
    expect(await look()).to.equal(1)
    expect(await pulls(id)).to.have.length(1)
    expect((await catalog.source(steward(), id)).dueAt).to.deep.equal(new Date('2026-01-05T12:00:00+08:00'))
  })

  it('is set and taken back by GraphQL, and counts from when it was set', async () => {
    const { id } = await givenSource()
    const set = async (input: object) => {
      const { data, errors } = await graphql({
        schema,
        contextValue: steward(),
        source: `mutation ($commandId: UUID!, $id: UUID!, $input: SourceScheduleInput!) {
          scheduleSource(commandId: $commandId, id: $id, input: $input) { schedule { every at weekday day } dueAt } }`,
        variableValues: { commandId: randomUUID(), id, input },
      })
      expect(errors ?? []).to.deep.equal([])
      return JSON.parse(JSON.stringify(data?.['scheduleSource'])) as unknown
    }

    expect(await set({ every: 'WEEK', at: '06:30', weekday: 3 })).to.deep.equal({
      schedule: { every: 'WEEK', at: '06:30', weekday: 3, day: null },
      dueAt: '2026-01-06T22:30:00.000Z',
    })
    expect(await set({ every: 'HAND' })).to.deep.equal({ schedule: null, dueAt: null })
    world.now = new Date('2026-02-05T10:00:00+08:00')
    await world.settle()
    expect(await pulls(id)).to.be.empty
  })

  it('is refused before a reading is set, and to another organisation', async () => {
    const { id } = await givenSource()
    const bare = await registered()
    const daily = { every: 'day', at: '10:00' } as const
    const attempt = (ctx: Context, source: string) => refusal(catalog.scheduleSource(ctx, source, daily))

    expect((await attempt(steward(), bare.id)).code).to.equal('CATALOG_SOURCE_READING_MISSING')
    expect((await attempt(world.as('data-steward', 'tax-bureau'), id)).code).to.equal(
      'CATALOG_SOURCE_NOT_FOUND',
    )
    expect((await attempt(world.as('directory-admin', 'market-bureau'), id)).code).to.equal(
      'POLICY_FORBIDDEN',
    )
    expect((await catalog.source(steward(), id)).schedule).to.equal(null)
  })

  async function registered() {
    const { id } = await catalog.registerSource(steward(), {
      title: `登记库 ${randomUUID()}`,
      connection: connectionTo('postgres', DATABASE),
      hosts: [],
      secret: '',
    })
    return catalog.permitNetworks(world.as('system-admin', 'data-bureau'), id, ['127.0.0.0/8'])
  }

  async function givenSource() {
    const { id: datasetId } = await catalog.registerDataset(steward(), {
      title: `登记簿 ${randomUUID()}`,
      schemaCode: 'business-registration',
    })
    const { id } = await registered()
    return catalog.configureSource(steward(), id, {
      collection: 'public.firms',
      datasetId,
      keyColumns: ['统一社会信用代码'],
      cursorColumn: null,
      overlap: 0,
    })
  }

  async function pulls(sourceId: string) {
    const { data } = await graphql({
      schema,
      contextValue: steward(),
      source: `query ($id: UUID!) { source(id: $id) { pulls { id } } }`,
      variableValues: { id: sourceId },
    })
    const { source } = data as unknown as { source: { pulls: { id: string }[] } }
    return Promise.all(source.pulls.map(({ id }) => ingest.pull(steward(), id)))
  }
})

import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { transaction } from '../../core/context.ts'
import { emit } from '../../core/events.ts'
import type { Kernel } from '../../core/kernel.ts'
import {
  deploy,
  executeNow,
  migrationCounts,
  migrationInstances,
  migrations,
  sendMessage,
} from '../../workflows/index.ts'
import * as due from '../../workflows/runtime/due.repository.ts'
import { createDatabase, dropDatabase } from '../support/database.ts'
import { addressOf, skipWithoutServer } from '../support/sources.ts'
import { until } from '../support/until.ts'
import { BODY, offers, openNode, type Place, platformOn, ROUTES } from './crash-node.ts'
import { chain, message, model, serviceTask, userTask } from './models.ts'

const CHILD = fileURLToPath(new URL('./migration-child.ts', import.meta.url))
/** More than a batch holds, and fewer than two. */
const INSTANCES = 230
const REASON = '新规施行'
const CLERK = 'gdbos:candidateRole="clerk"'
const CALM = { signal: new AbortController().signal, progress: () => Promise.resolve() }

describe('a migration on several nodes', function () {
  this.timeout(400_000)

  /** Of the database, where there is a server. */
  let name: string | undefined
  let place: Place
  let kernel: Kernel
  const server = () => addressOf('postgres').href
  const platform = () => platformOn(kernel)

  before(skipWithoutServer('postgres'))

  before(async () => {
    name = await createDatabase(server())
    const url = new URL(server())
    url.pathname = `/${name}`
    const dataFolder = await mkdtemp(join(tmpdir(), 'gdbos-migration-'))
    place = { databaseUrl: url.href, dataFolder, epoch: Date.now() }
    kernel = await openNode(place)
    await put('p', userTask('a', CLERK))
    for (let from = 0; from < INSTANCES; from += 115)
      await transaction(platform(), async (ctx) => {
        for (let count = 0; count < 115; count++)
          await emit(ctx, 'trial.opened', {
            ...{ caseId: randomUUID(), organisationId: BODY, processPack: 'p', variables: {} },
          })
      })
    await kernel.settle()
    await put('p', userTask('x', CLERK))
  })

  after(async () => {
    if (name === undefined) return
    await kernel.close()
    await dropDatabase(server(), name)
    await rm(place.dataFolder, { recursive: true, force: true })
  })

  /** The next version: from its start by the one element to the end, `more` beside it. */
  const put = (key: string, element: string, more = '') => {
    const [, node] = / id="(\w+)"/.exec(element) ?? []
    return deploy(
      platform(),
      {
        key,
        xml: model(
          `<startEvent id="s">${message('m_open')}</startEvent>${element}<endEvent id="e"/>${chain(`s ${node} e`)}${more}`,
          { key, before: '<message id="m_open" name="opened"/>' },
        ),
        pack: { messages: ROUTES },
      },
      offers.known,
    )
  }
  /** Polls everything but the service tasks. */
  const settle = async () => {
    const { signal } = CALM
    for (let done = 1; done > 0;) {
      done = 0
      for (const poller of kernel.pollers)
        if (poller.name !== 'workflow.jobs') done += await poller.poll(platform(), signal)
    }
  }
  const open = async (key: string) => {
    const caseId = randomUUID()
    await transaction(platform(), (ctx) =>
      emit(ctx, 'trial.opened', { caseId, organisationId: BODY, processPack: key, variables: {} }),
    )
    await settle()
    return caseId
  }
  /** A plan from the first version to the second that is told to be executed, and no job at it yet. */
  const begun = async (key: string) => {
    const { id } = await migrations.propose(platform(), {
      ...{ key, from: 1, to: 2, mapping: {}, reason: REASON },
    })
    await migrations.rehearse(platform(), id)
    await settle()
    await migrations.execute(platform(), id, REASON)
    return id
  }
  const untilOneWaits = async () => {
    const waiting = sql<{
      one: boolean
    }>`select exists (select from pg_locks join pg_stat_activity using (pid)
      where datname = current_database() and not granted) as one`
    await until(async () => (await waiting.execute(platform().db)).rows[0]?.one === true)
  }

  it('goes on where a killed node was, on two nodes at once, with one instance held by somebody: each is moved once', async () => {
    const { id } = await migrations.propose(platform(), {
      ...{ key: 'p', from: 1, to: 2, mapping: { a: 'x' }, reason: REASON },
    })
    await migrations.rehearse(platform(), id)
    await kernel.settle()
    expect(await migrationCounts(platform(), id)).to.include({ total: INSTANCES, movable: INSTANCES })
    await migrations.execute(platform(), id, REASON)

    const node = spawn(process.execPath, [
      ...['--import', 'tsx', CHILD, JSON.stringify({ place, migrationId: id })],
    ])
    await once(node.stdout, 'data')
    node.kill('SIGKILL')
    await once(node, 'close')
    expect(await migrationCounts(platform(), id)).to.include({ total: INSTANCES, moved: 200, done: 200 })

    const other = await openNode(place)
    try {
      const both = transaction(platform(), async (ctx) => {
        // Somebody is at one of those that are left.
        await sql`select id from workflow.instance
          where id in (select instance_id from workflow.migration_instance where waiting limit 1)
          for update`.execute(ctx.db)
        const nodes = [executeNow(platform(), id, CALM), executeNow(platformOn(other), id, CALM)]
        await until(async () => (await migrationCounts(platform(), id)).stale > 0)
        return { nodes }
      })
      await Promise.all((await both).nodes)
    } finally {
      await other.close()
    }

    expect((await migrations.migration(platform(), id)).status).to.equal('done')
    expect(await migrationCounts(platform(), id)).to.include({ moved: INSTANCES, stale: 0, failed: 0 })
    const { rows } = await sql<{ times: number; instances: number }>`
      select times, count(*)::int as instances from (
        select count(*)::int as times from core.event
        where name = 'workflow.instance.operated' and payload ->> 'operation' = 'migrate'
        group by payload ->> 'instanceId') as told
      group by times`.execute(platform().db)
    expect(rows).to.deep.equal([{ times: 1, instances: INSTANCES }])
    const left = await platform()
      .db.selectFrom('workflow.task')
      .select('id')
      .where('node', '<>', 'x')
      .execute()
    expect(left).to.be.empty
  })

  it('leaves moved what somebody is at while it is taken back, until it is told again', async () => {
    const [plan] = await migrations.migrations(platform(), 'p', false)
    const id = plan?.id ?? ''
    await migrations.undo(platform(), id, REASON)
    await transaction(platform(), async (ctx) => {
      await sql`select id from workflow.instance
        where id in (select instance_id from workflow.migration_instance where migration_id = ${id} limit 1)
        for update`.execute(ctx.db)
      await executeNow(platform(), id, CALM)
    })
    expect(await migrationCounts(platform(), id)).to.include({ moved: 1, undone: INSTANCES - 1, kept: 0 })

    await migrations.undo(platform(), id, REASON)
    await executeNow(platform(), id, CALM)

    expect(await migrationCounts(platform(), id)).to.include({ moved: 0, undone: INSTANCES })
  })

  it('sees a job that a worker takes at this moment', async () => {
    await put('q', serviceTask('w', 'trial.work'))
    await open('q')
    await put('q', serviceTask('w', 'trial.check'))
    const id = await begun('q')

    const { moving } = await transaction(platform(), async (ctx) => {
      expect(await due.claimJobs(ctx, ['trial.work'], 1, 3_600_000)).to.have.length(1)
      const moving = executeNow(platform(), id, CALM)
      await untilOneWaits()
      return { moving }
    })
    await moving

    const [left] = await migrationInstances(platform(), id, { first: 1 })
    expect([left?.outcome, left?.obstacles.map(({ code }) => code)]).to.deep.equal([
      'blocked',
      ['job-running'],
    ])
  })

  it('ends what a message was waited for by, also for a message that is being delivered', async () => {
    const hears = (event: string) =>
      `<boundaryEvent id="m" attachedToRef="a" cancelActivity="false">${event}</boundaryEvent><endEvent id="m_e"/>${chain('m m_e')}`
    await put('r', userTask('a', CLERK), hears(message()))
    const key = await open('r')
    await put('r', userTask('a', CLERK), hears(message('m_stop')))
    const id = await begun('r')
    await sendMessage(platform(), { message: 'go', key, payload: {}, dedupKey: key })
    const deliverer = kernel.pollers.find(({ name }) => name === 'workflow.messages')

    const { delivering } = await transaction(platform(), async (ctx) => {
      await executeNow(ctx, id, CALM)
      const delivering = deliverer?.poll(platform(), CALM.signal)
      await untilOneWaits()
      return { delivering }
    })
    await delivering

    const instances = platform().db.selectFrom('workflow.instance').select('visited')
    const { visited } = await instances.where('businessKey', '=', key).executeTakeFirstOrThrow()
    expect(visited).to.deep.equal(['s', 'a'])
    const messages = platform().db.selectFrom('workflow.message').select('status')
    expect(
      await messages.where('correlationKey', '=', key).where('message', '=', 'go').execute(),
    ).to.deep.equal([{ status: 'new' }])
  })
})

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
import { deploy, executeNow, migrationCounts, migrations } from '../../workflows/index.ts'
import { createDatabase, dropDatabase } from '../support/database.ts'
import { addressOf, skipWithoutServer } from '../support/sources.ts'
import { BODY, offers, openNode, type Place, platformOn, ROUTES } from './crash-node.ts'
import { chain, message, model, userTask } from './models.ts'

const CHILD = fileURLToPath(new URL('./migration-child.ts', import.meta.url))
/** More than a batch holds, and fewer than two. */
const INSTANCES = 230
const REASON = '新规施行'
const CALM = { signal: new AbortController().signal, progress: () => Promise.resolve() }

describe('a migration whose node is killed between two batches', function () {
  this.timeout(400_000)

  let name: string
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
    await put('a')
    for (let from = 0; from < INSTANCES; from += 115)
      await transaction(platform(), async (ctx) => {
        for (let count = 0; count < 115; count++)
          await emit(ctx, 'trial.opened', {
            ...{ caseId: randomUUID(), organisationId: BODY, processPack: 'p', variables: {} },
          })
      })
    await kernel.settle()
    await put('x')
  })

  after(async () => {
    await kernel.close()
    await dropDatabase(server(), name)
    await rm(place.dataFolder, { recursive: true, force: true })
  })

  const put = (node: string) =>
    deploy(
      platform(),
      {
        key: 'p',
        xml: model(
          `<startEvent id="s">${message('m_open')}</startEvent>${userTask(node, 'gdbos:candidateRole="clerk"')}<endEvent id="e"/>${chain(`s ${node} e`)}`,
          { before: '<message id="m_open" name="opened"/>' },
        ),
        pack: { messages: ROUTES },
      },
      offers.known,
    )

  it('goes on where it was, on two nodes at once, with one instance held by somebody: each is moved once', async () => {
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
        while ((await migrationCounts(platform(), id)).stale === 0) await new Promise(setImmediate)
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
})

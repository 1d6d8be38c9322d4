import { expect } from 'chai'
import { sql } from 'kysely'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, readConfig } from '../../core/config.ts'
import { startEmbedded } from '../../core/database/pglite.ts'
import { APPLICATION_ROLE, openPostgres } from '../../core/database/postgres.ts'
import { type Kernel, openKernel, PLATFORM } from '../../core/kernel.ts'

describe('opening the platform on its folder', () => {
  let folder: string
  let config: Config

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gdbos-opening-'))
    config = readConfig({ dataFolder: folder, logLevel: 'silent' }, {})
    await (await openKernel(config, [])).close()
  })
  after(() => rm(folder, { recursive: true, force: true }))

  it('lets go of folder and database when a later part does not open', async () => {
    const keys = join(folder, 'keys.json')
    const good = await readFile(keys, 'utf8')
    await writeFile(keys, 'no keys')
    const outcome = await openKernel(config, []).catch((error: unknown) => error)
    expect(outcome).to.be.instanceOf(Error)
    await writeFile(keys, good)

    const kernel = await openKernel(config, [])

    expect(await countEvents(kernel)).to.equal(0)
    await kernel.close()
  })

  it('gives the application role its privileges again, should a node have died before it could', async () => {
    const server = await startEmbedded(folder)
    const owner = openPostgres({ socketFolder: server.socketFolder, poolSize: 1, embedded: true })
    await sql`revoke all on all tables in schema core from ${sql.id(APPLICATION_ROLE)}`.execute(owner)
    await owner.destroy()
    await server.close()

    const kernel = await openKernel(config, [])

    expect(await countEvents(kernel)).to.equal(0)
    const erase = sql`delete from core.event`.execute(kernel.contextFor(PLATFORM).db)
    expect(await erase.catch((error: unknown) => String(error))).to.match(/permission denied/)
    await kernel.close()
  })

  async function countEvents(kernel: Kernel): Promise<number> {
    const { count } = await kernel
      .contextFor(PLATFORM)
      .db.selectFrom('core.event')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    return Number(count)
  }
})

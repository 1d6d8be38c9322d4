import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import pg from 'pg'
import { startEmbedded, type EmbeddedServer } from '../../core/database/pglite.ts'

describe('several clients of the embedded database', () => {
  let folder: string
  let server: EmbeddedServer

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gdbos-embedded-'))
    server = await startEmbedded(folder)
  })
  after(async () => {
    await server.close()
    await rm(folder, { recursive: true })
  })

  it('never get the answer of another one’s query', async () => {
    const clients = await Promise.all(Array.from({ length: 6 }, connected))

    await Promise.all(
      clients.map(async (client, who) => {
        for (let round = 0; round < 100; round++) {
          // Of the same shape but for what it selects, so that a mix-up would not be noticed by the database.
          const { rows } = await client.query(`select $1::text || ' of ${who}' as said`, [`${round}`])
          expect(rows).to.deep.equal([{ said: `${round} of ${who}` }])
        }
      }),
    )

    await Promise.all(clients.map((client) => client.end()))
  })

  it('go on when one goes away in the middle of a query', async () => {
    const [leaving, staying] = await Promise.all([connected(), connected()])
    leaving.on('error', () => undefined)
    await leaving.query('begin')
    leaving.query('select $1::text', ['x']).catch(() => undefined)
    ;(leaving as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()

    const { rows } = await staying.query('select $1::int + 1 as sum', [1])

    expect(rows).to.deep.equal([{ sum: 2 }])
    await staying.end()
  })

  async function connected() {
    const client = new pg.Client({ host: server.socketFolder, user: 'postgres', database: 'postgres' })
    await client.connect()
    return client
  }
})

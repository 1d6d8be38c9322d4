import { expect } from 'chai'
import { type Kysely, sql } from 'kysely'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '../../core/database.ts'
import { type EmbeddedServer, startEmbedded } from '../../core/database/pglite.ts'
import { openPostgres } from '../../core/database/postgres.ts'

describe('several clients of the embedded database', () => {
  let folder: string
  let server: EmbeddedServer
  let clients: Kysely<Database>[]

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gdbos-embedded-'))
    server = await startEmbedded(folder)
    clients = [1, 2, 3].map(() =>
      openPostgres({ socketFolder: server.socketFolder, poolSize: 4, embedded: true }),
    )
    await sql`create table counted (client integer not null, n integer not null)`.execute(client(0))
  })
  after(async () => {
    await Promise.all(clients.map((client) => client.destroy()))
    await server.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('each get the answers to their own questions, however they interleave', async () => {
    const answers = await Promise.all(
      Array.from({ length: 300 }, async (_, n) => {
        const { rows } = await sql<{ answer: number }>`select ${n}::integer as answer`.execute(client(n))
        return rows[0]?.answer
      }),
    )

    expect(answers).to.deep.equal(Array.from({ length: 300 }, (_, n) => n))
  })

  it('never write into one another’s transaction', async () => {
    const attempts = Array.from({ length: 60 }, (_, n) =>
      client(n)
        .transaction()
        .execute(async (db) => {
          await sql`insert into counted values (${n % 3}, ${n})`.execute(db)
          await sql`select pg_sleep(0)`.execute(db)
          if (n % 2 === 1) throw new Error('rolled back on purpose')
        }),
    )

    await Promise.allSettled(attempts)

    const { rows } = await sql<{ n: number }>`select n from counted order by n`.execute(client(0))
    expect(rows.map(({ n }) => n)).to.deep.equal(Array.from({ length: 30 }, (_, n) => n * 2))
  })

  it('go on when one of them breaks off in the middle of a request', async () => {
    for (let round = 0; round < 5; round++) await breakOff(server.socketFolder)

    const { rows } = await sql<{ answer: number }>`select ${7}::integer as answer`.execute(client(1))

    expect(rows).to.deep.equal([{ answer: 7 }])
  })

  const client = (n: number) => clients[n % 3] as Kysely<Database>

  /** Sends a Parse without its Sync and hangs up. */
  function breakOff(socketFolder: string): Promise<void> {
    const startup = Buffer.from('\0\0\0\0\0\x03\0\0user\0postgres\0database\0postgres\0\0', 'latin1')
    startup.writeInt32BE(startup.length, 0)
    const statement = Buffer.from('\0select 1\0\0\0', 'latin1')
    const parse = Buffer.concat([Buffer.from('P'), Buffer.alloc(4), statement])
    parse.writeInt32BE(statement.length + 4, 1)
    return new Promise((resolve, reject) => {
      const socket = connect(join(socketFolder, '.s.PGSQL.5432'))
      socket.once('data', () => {
        socket.write(parse, () => setImmediate(() => socket.destroy()))
      })
      socket.once('error', reject)
      socket.once('close', () => resolve())
      socket.write(startup)
    })
  }
})

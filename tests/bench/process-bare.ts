import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { addressOf, createDatabase, dropDatabase } from '../support/database.ts'
import { together } from './process-desk.ts'
import { SESSIONS } from './processor.ts'

const INSTANCES = 1_000
/** As many as a node commits at the same time. */
export const GROUPS = 4
const STATE = JSON.stringify({ tokens: [{ id: 1, node: 'u1' }] })

export interface Bare {
  /** Transactions a second at so many connections. */
  singly(count: number, connections: number): Promise<number>
  /** Rows a second, `size` of them in a statement and commit: what a group commit can come to. */
  batched(count: number, size: number): Promise<number>
  /** The server's sessions it runs on. */
  sessions(): Promise<readonly { readonly pid: number }[]>
  close(): Promise<void>
}

/** The least a database can do for a completion, an UPDATE and two INSERTs in one statement: the reference. */
export async function openBare(server: string): Promise<Bare> {
  const name = await createDatabase(server)
  const pool = new pg.Pool({ connectionString: addressOf(server, name), max: 16 })
  // The database is dropped under the last closing connections.
  pool.on('error', () => undefined)
  await pool.query('create table instance (id int primary key, version int not null, state jsonb not null)')
  await pool.query('create table task (id uuid primary key, instance_id int not null)')
  await pool.query('create table event (id bigserial primary key, payload jsonb not null)')
  await pool.query("insert into instance select n, 0, '{}' from generate_series(1, $1::int) n", [INSTANCES])
  const ids = (count: number) => Array.from({ length: count }, (_, index) => (index % INSTANCES) + 1)
  return {
    async singly(count, connections) {
      const seconds = await together(ids(count), connections, (id) =>
        pool.query(
          `with moved as (update instance set version = version + 1, state = $2 where id = $1 returning id),
                tasks as (insert into task select $3, id from moved)
           insert into event (payload) select $2 from moved`,
          [id, STATE, randomUUID()],
        ),
      )
      return count / seconds
    },
    async batched(count, size) {
      const batches = Array.from({ length: Math.ceil(count / size) }, (_, batch) =>
        ids(count).slice(batch * size, batch * size + size),
      )
      const seconds = await together(batches, GROUPS, (batch) =>
        pool.query(
          `with moved as (update instance set version = version + 1, state = $2
                where id = any($1::int[]) returning id),
                tasks as (insert into task select gen_random_uuid(), id from moved)
           insert into event (payload) select $2 from moved`,
          [batch, STATE],
        ),
      )
      return count / seconds
    },
    sessions: async () => (await pool.query<{ pid: number }>(SESSIONS)).rows,
    async close() {
      await pool.end()
      await dropDatabase(server, name)
    },
  }
}

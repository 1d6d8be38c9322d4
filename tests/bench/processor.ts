import { readFile } from 'node:fs/promises'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../core/database.ts'
import { SERVER } from '../support/database.ts'

/** Processor seconds, user and system. */
export interface Processor {
  /** Of this process. */
  readonly ours: number
  /** Of the server's sessions in one database; 0 where the server runs elsewhere or there is none. */
  readonly servers: number
}

/** The process ids of the server's sessions in the database that is asked. */
export const SESSIONS = 'select pid from pg_stat_activity where datname = current_database()'

/** The sessions of the server that is asked; none of the embedded database. */
export const sessionsOf = async (db: Kysely<Database>): Promise<readonly { readonly pid: number }[]> =>
  SERVER === undefined ? [] : (await sql<{ pid: number }>`${sql.raw(SESSIONS)}`.execute(db)).rows

/** What this process and the sessions have used since they began. */
export async function processor(sessions: readonly { readonly pid: number }[]): Promise<Processor> {
  const { user, system } = process.cpuUsage()
  const used = await Promise.all(sessions.map(({ pid }) => secondsOf(pid)))
  return { ours: (user + system) / 1e6, servers: used.reduce((sum, each) => sum + each, 0) }
}

/** The first number is the time on a processor in nanoseconds (Linux, Documentation/scheduler/sched-stats.rst). */
async function secondsOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/schedstat`, 'utf8').catch(() => '0')
  return Number(text.split(' ')[0]) / 1e9
}

export const sum = (...all: readonly Processor[]): Processor => ({
  ours: all.reduce((sum, { ours }) => sum + ours, 0),
  servers: all.reduce((sum, { servers }) => sum + servers, 0),
})

/** What `work` used. */
export async function used(
  sessions: () => Promise<readonly { readonly pid: number }[]>,
  work: () => Promise<unknown>,
): Promise<Processor> {
  const before = await processor(await sessions())
  await work()
  const after = await processor(await sessions())
  return { ours: after.ours - before.ours, servers: after.servers - before.servers }
}

/** Of each of `count`. */
export const microseconds = ({ ours, servers }: Processor, count: number): number =>
  Math.round(((ours + servers) / count) * 1e6)

import { readFile } from 'node:fs/promises'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../core/database.ts'

/** Processor seconds, user and system. */
export interface Processor {
  /** Of this process. */
  readonly ours: number
  /** Of the server's sessions in one database; 0 where the server runs elsewhere or there is none. */
  readonly servers: number
}

/** What this process and the sessions of `db`'s database have used since they began. */
export async function processor(db: Kysely<Database>): Promise<Processor> {
  const { user, system } = process.cpuUsage()
  const { rows } = await sql<{ pid: number }>`
    select pid from pg_stat_activity where datname = current_database()`.execute(db)
  const used = await Promise.all(rows.map(({ pid }) => secondsOf(pid)))
  return { ours: (user + system) / 1e6, servers: used.reduce((sum, each) => sum + each, 0) }
}

/** The first number is the time on a processor in nanoseconds (Documentation/scheduler/sched-stats.rst). */
async function secondsOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/schedstat`, 'utf8').catch(() => '0')
  return Number(text.split(' ')[0]) / 1e9
}

export const since = (before: Processor, after: Processor): Processor => ({
  ours: after.ours - before.ours,
  servers: after.servers - before.servers,
})

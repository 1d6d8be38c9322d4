import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { Log } from '../telemetry/log.ts'
import { APPLICATION_ROLE } from './postgres.ts'

const CHANNEL = 'gdbos_work'
const RECONNECT_MS = 1_000
/** The first word goes out at once; under load the others of this time are one, since each makes idle nodes look. */
const TOGETHER_MS = 100

/** How nodes that share a PostgreSQL server tell each other that there is work. */
export interface Notifications {
  /** Tells the other nodes. What cannot be told is not kept: their poll finds the work within a second. */
  notify(): void
  close(): Promise<void>
}

export type OpenNotifications = (heard: () => void, log: Log) => Notifications

/**
 * LISTEN and NOTIFY of PostgreSQL on a session beside the pool, taken up again when the server returns. `heard`
 * is called for what other nodes tell, and after each gap in which one may have told something. Behind a
 * pooler that gives sessions by the transaction nothing is heard, and the poll does it all.
 */
export function openNotifications(connectionString: string): OpenNotifications {
  return (heard, log) => {
    const self = randomUUID()
    const closing = new AbortController()
    let session: pg.Client | undefined
    let wanted = false
    let telling: Promise<void> | undefined

    async function listen(): Promise<void> {
      const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000, keepAlive: true })
      const ended = new Promise<void>((resolve) => client.once('end', resolve))
      // The end follows, and with it the next attempt.
      client.on('error', () => undefined)
      client.on('notification', ({ payload }) => {
        if (payload !== self) heard()
      })
      const end = () => void client.end().catch(() => undefined)
      closing.signal.addEventListener('abort', end)
      try {
        await client.connect()
        await client.query(`set role ${APPLICATION_ROLE}`)
        // Nothing is lost with a word that a power cut swallows, so it waits for no disk.
        await client.query('set synchronous_commit = off')
        await client.query(`listen ${CHANNEL}`)
        session = client
        heard()
        await ended
      } finally {
        session = undefined
        closing.signal.removeEventListener('abort', end)
        end()
      }
    }

    async function stayConnected(): Promise<void> {
      while (!closing.signal.aborted) {
        await listen().catch((error: unknown) => {
          if (!closing.signal.aborted) log.warn({ err: error }, 'no notifications; the poll goes on')
        })
        await rest(RECONNECT_MS)
      }
    }

    async function tell(): Promise<void> {
      while (wanted && session && !closing.signal.aborted) {
        wanted = false
        await session.query('select pg_notify($1, $2)', [CHANNEL, self]).catch(() => undefined)
        await rest(TOGETHER_MS)
      }
      telling = undefined
    }

    const rest = (ms: number) => pause(ms, undefined, { signal: closing.signal }).catch(() => undefined)
    const connected = stayConnected()
    return {
      notify() {
        wanted = true
        telling ??= tell()
      },
      async close() {
        closing.abort()
        await Promise.all([connected, telling])
      },
    }
  }
}

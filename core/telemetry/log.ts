import { type Logger, pino } from 'pino'

export type Log = Logger

/** One JSON line per entry on stderr, so that stdout stays for data. Secrets are never logged: call sites pass ids, not bodies. */
export function openLog(level: string): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2))
}

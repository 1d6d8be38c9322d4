import { type Logger, pino } from 'pino'

export type Log = Logger

/** One JSON line per entry on stderr, so that stdout stays for data. Secrets are never logged: call sites pass ids, not bodies. */
export function openLog(level: string): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: failure } },
    pino.destination(2),
  )
}

/** A driver's error carries its query's parameters and the rows it met; only what names the fault is kept. */
function failure(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) }
  const { name, message, stack, cause } = error
  return {
    name,
    message,
    stack,
    ...('code' in error && { code: error.code }),
    ...(cause instanceof Error && { cause: failure(cause) }),
  }
}

import { DomainError } from '../../core/errors.ts'

/**
 * PostgreSQL's SQLSTATE (Appendix A, "PostgreSQL Error Codes") of a transaction that may go well when it is run again:
 * serialization failure, deadlock, lock not available, too many connections, a server that goes down or comes up.
 */
const STATES = new Set(['40001', '40P01', '55P03', '53300', '57P01', '57P02', '57P03'])
const SOCKET = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT'])

/** Whether what failed may go well a moment later: a deadlock, a lost connection, a system that is unavailable. */
export function isPassing(error: unknown): boolean {
  if (error instanceof DomainError) return error.kind === 'unavailable'
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  // The driver gives a connection that ends under a statement no code.
  if (code === undefined)
    return /^Connection terminated|^timeout exceeded when trying to connect/.test(error.message)
  return STATES.has(code) || SOCKET.has(code) || /^08...$/.test(code)
}

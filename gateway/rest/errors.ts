import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import { recordAccess } from '../../core/events.ts'
import { errors as identity } from '../../core/identity/index.ts'
import type { Log } from '../../core/telemetry/log.ts'
import { type ContextOf, isAnonymous } from '../context.ts'
import { answerOf, errors, refusalOf, retryAfterSeconds } from '../refusals.ts'

/** Express keeps what a request was given in `res.locals`; this names ours. */
export const requestIdOf = (res: Response): string => String(res.locals['requestId'])

/**
 * Answers a refusal: a problem document (RFC 9457), or for `/graphql` the form its clients read.
 * Anything that is no refusal is logged and answered as INTERNAL.
 */
export function refuse(log: Log, req: Request, res: Response, error: unknown): void {
  const refusal = refusalOf(error)
  const requestId = requestIdOf(res)
  if (!refusal) log.error({ err: error, requestId, method: req.method, path: req.path }, 'request failed')
  if (res.headersSent) {
    // Half an answer is cut, so that no client takes it for a whole one.
    if (!res.writableEnded) res.destroy()
    return
  }
  // What is still being sent is not read: the next request cannot come over this connection.
  if (!req.complete) res.setHeader('Connection', 'close')
  const status = refusal?.status ?? 500
  const seconds = refusal && retryAfterSeconds(refusal)
  if (seconds !== undefined) res.setHeader('Retry-After', String(seconds))
  const answer = answerOf(refusal, requestId)
  res.status(status).setHeader('Cache-Control', 'no-store')
  if (/^\/graphql(\?|$)/.test(req.originalUrl)) {
    res
      .type('application/json')
      .send(JSON.stringify({ errors: [{ message: answer.messages.en, extensions: answer }] }))
    return
  }
  const problem = { type: 'about:blank', title: answer.messages.en, status, ...answer }
  res.type('application/problem+json').send(JSON.stringify(problem))
}

/** Mounted last: what nobody else answered. */
export const notFound: RequestHandler = () => {
  throw errors.PATH_NOT_FOUND()
}

/**
 * Mounted after everything: Express's own handler would answer HTML with a stack. A refusal of somebody
 * known is recorded first; before sign-in nobody stands behind it, and the log line is all there is (7).
 */
export function errorHandler(log: Log, contextOf: ContextOf): ErrorRequestHandler {
  // Express tells an error handler by its four parameters.
  return async (thrown: unknown, req, res, _next) => {
    let error = translated(thrown)
    const refusal = refusalOf(error)
    if (refusal && refusal.kind !== 'unavailable') {
      const { code, kind } = refusal
      const subject = `rest:${req.method} ${req.path}`
      log.info({ requestId: requestIdOf(res), code, subject }, 'refused')
      try {
        const ctx = await contextOf(req)
        if (!isAnonymous(ctx)) await recordAccess(ctx, { kind: 'refusal', subject, code })
        // To somebody who has not signed in, "you may not" means "sign in first".
        else if (kind === 'forbidden' && code.startsWith('POLICY_')) error = identity.TOKEN_INVALID()
      } catch (cause) {
        // No session, or no database: the refusal is answered all the same.
        if (!refusalOf(cause)) log.error({ err: cause }, 'a refusal was not recorded')
      }
    }
    refuse(log, req, res, error)
  }
}

/** Express's own errors (a path that is no URI, an aborted body) in our words. */
function translated(error: unknown): unknown {
  if (error instanceof URIError) return errors.PATH_NOT_FOUND()
  if (error instanceof Error && 'status' in error && error.status === 400 && 'type' in error)
    return errors.REQUEST_MALFORMED()
  return error
}

/** Answers 405 with the methods an address does offer. */
export function onlyMethods(...offered: readonly string[]): RequestHandler {
  return (req, res, next) => {
    if (offered.includes(req.method)) return next()
    res.setHeader('Allow', offered.join(', '))
    throw errors.METHOD_UNSUPPORTED({ offered: offered.join(', ') })
  }
}

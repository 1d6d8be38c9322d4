import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'
import type { Config } from '../core/config.ts'
import type { RateLimiter } from './limits.ts'
import { errors } from './refusals.ts'
import { contentPolicy } from './rest/portal.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])
const isWork = (path: string) => path === '/graphql' || path.startsWith('/api/')

/** Gives each request its id and each answer the headers that hold everywhere (WEB3). */
export function headers({ publicUrl }: Pick<Config, 'publicUrl'>): RequestHandler {
  const policy = contentPolicy()
  return (_req, res, next) => {
    const requestId = randomUUID()
    res.locals['requestId'] = requestId
    res.setHeader('X-Request-Id', requestId)
    res.setHeader('Content-Security-Policy', policy)
    res.setHeader('X-Content-Type-Options', 'nosniff')
    res.setHeader('Referrer-Policy', 'same-origin')
    res.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
    res.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
    res.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=()')
    if (publicUrl.startsWith('https:')) res.setHeader('Strict-Transport-Security', 'max-age=31536000')
    next()
  }
}

/** Answers under /graphql and /api are somebody's own until they say otherwise. */
export const keepNothing: RequestHandler = (req, res, next) => {
  if (isWork(req.path)) res.setHeader('Cache-Control', 'no-store')
  next()
}

/**
 * Refuses what another site's page sends (WEB4). Programs send no Origin, and browsers always do with what
 * can change something; the cookie is SameSite=Lax besides.
 */
export function sameOrigin(origins: readonly string[]): RequestHandler {
  return (req, _res, next) => {
    const { origin } = req.headers
    const site = req.headers['sec-fetch-site']
    const foreign = (origin !== undefined && !origins.includes(origin)) || site === 'cross-site'
    if (foreign && (!SAFE.has(req.method) || isWork(req.path))) throw errors.ORIGIN_FOREIGN()
    next()
  }
}

/** The connection's address: a forwarded one is a claim that anybody can make. */
export function perAddress(limiter: RateLimiter): RequestHandler {
  return (req, _res, next) => {
    if (isWork(req.path)) limiter.take(req.socket.remoteAddress ?? '')
    next()
  }
}

/** At most `limit` calls in work; one more is told at once rather than queued. */
export function bounded(limit: number): RequestHandler {
  let inWork = 0
  return (req, res, next) => {
    if (!isWork(req.path)) return next()
    if (inWork >= limit) throw errors.SERVER_BUSY()
    inWork += 1
    res.once('close', () => {
      inWork -= 1
    })
    next()
  }
}

const SLOW_WINDOW_MS = 10_000
const MIN_BYTES = 80_000
const BODY_MS = 30_000

/**
 * Cuts senders that only hold a connection: an upload must bring 8 kB a second, any other body must be
 * whole within 30 s (K16). Node's own limit is one for all and is set for uploads.
 */
export const steadySender: RequestHandler = (req, _res, next) => {
  const isUpload = req.method === 'POST' && /^\/api\/(?!session)/.test(req.path)
  let before = req.socket.bytesRead
  const timer = isUpload
    ? setInterval(() => {
        const { bytesRead } = req.socket
        // A paused reader is our own store being slow, not the sender.
        if (!req.isPaused() && bytesRead - before < MIN_BYTES) req.destroy()
        before = bytesRead
      }, SLOW_WINDOW_MS)
    : setTimeout(() => req.destroy(), BODY_MS)
  timer.unref()
  const stop = () => clearInterval(timer)
  req.once('end', stop)
  req.once('close', stop)
  next()
}

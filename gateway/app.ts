import { expressMiddleware } from '@as-integrations/express5'
import type { ApolloServer } from '@apollo/server'
import express, { type Express, type Request, type RequestHandler, Router } from 'express'
import type { Config } from '../core/config.ts'
import type { Context } from '../core/context.ts'
import type { Kernel } from '../core/kernel.ts'
import { contexts, type ContextOf, cookieName } from './context.ts'
import { errors as graphql } from './graphql/refusals.ts'
import { composeSchema } from './graphql/schema.ts'
import { graphqlServer } from './graphql/server.ts'
import { bounded, headers, keepNothing, perAddress, sameOrigin, steadySender } from './guards.ts'
import { rateLimiter } from './limits.ts'
import { errors } from './refusals.ts'
import { errorHandler, notFound, onlyMethods, refuse } from './rest/errors.ts'
import { health, type Readiness } from './rest/health.ts'
import { readJson } from './rest/json.ts'
import { portal, portalFolder } from './rest/portal.ts'
import { session } from './rest/session.ts'

/** More would only queue (4.4). */
const MAX_IN_WORK = 200
const GRAPHQL_MS = 10_000

/** Makes a router of one module's uploads or downloads. */
export type RouterFactory = (contextOf: ContextOf, config: Config) => Router

export interface AppOptions {
  readonly readiness: Readiness
  /** The origins whose pages may send commands. */
  readonly origins: readonly string[]
  readonly routers: readonly RouterFactory[]
}

/** Express with everything in its order: guards, health, GraphQL, REST, pages, and the last word on errors. */
export async function composeApp(
  kernel: Kernel,
  { readiness, origins, routers }: AppOptions,
): Promise<{ app: Express; apollo: ApolloServer<Context> }> {
  const { config, log } = kernel
  const cookie = cookieName(config.publicUrl)
  const contextOf = contexts(kernel, cookie)
  const mutations = rateLimiter(config.mutationsPerMinute)
  const apollo = graphqlServer(composeSchema(kernel.manifests, mutations), config)
  await apollo.start()

  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  app.use(headers(config), keepNothing)
  app.use(health(kernel, readiness))
  app.use(
    steadySender,
    sameOrigin(origins),
    bounded(MAX_IN_WORK),
    perAddress(rateLimiter(config.requestsPerMinute)),
  )

  app.all(
    '/graphql',
    oneOperation(contextOf),
    deadline(kernel),
    expressMiddleware(apollo, { context: ({ req }) => contextOf(req) }),
  )

  app.use(session(kernel, cookie))
  app.use('/api', async (req, _res, next) => {
    if (!['GET', 'HEAD'].includes(req.method)) mutations.take((await contextOf(req)).actor.id)
    next()
  })
  for (const router of routers) app.use(router(contextOf, kernel.config))
  app.use(portal(portalFolder()))
  app.use(notFound)
  app.use(forgetSession(cookie), errorHandler(log, contextOf))
  return { app, apollo }
}

/** Reads the body and knows who asks before Apollo sees the request, so that each refusal is ours. */
function oneOperation(contextOf: ContextOf): RequestHandler {
  const posted = onlyMethods('POST')
  return async (req, res, next) => {
    if (req.method === 'GET' && req.query['query'] !== undefined) throw graphql.OPERATION_REFUSED()
    if (req.method !== 'POST') return posted(req, res, next)
    const body = await readJson(req)
    if (Array.isArray(body)) throw graphql.OPERATION_REFUSED()
    if (typeof body !== 'object' || body === null) throw errors.BODY_MALFORMED()
    if (!('query' in body) || typeof body.query !== 'string') throw graphql.DOCUMENT_INVALID()
    await contextOf(req)
    req.body = body
    next()
  }
}

/** An answer that does not come in time is given up; what was asked may still be done, and its id tells. */
function deadline({ log }: Kernel): RequestHandler {
  return (req, res, next) => {
    const timer = setTimeout(() => {
      if (!res.headersSent) refuse(log, req, res, errors.SERVER_BUSY())
    }, GRAPHQL_MS)
    timer.unref()
    res.once('close', () => clearTimeout(timer))
    next()
  }
}

/** A browser whose session is over forgets its cookie, so that public pages work again. */
function forgetSession(cookie: string): express.ErrorRequestHandler {
  return (error: unknown, req: Request, res, next) => {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
    const ended = code === 'IDENTITY_SESSION_ENDED' || code === 'IDENTITY_TOKEN_INVALID'
    if (ended && !res.headersSent && req.headers.cookie !== undefined)
      res.clearCookie(cookie, {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: cookie.startsWith('__Host-'),
      })
    next(error)
  }
}

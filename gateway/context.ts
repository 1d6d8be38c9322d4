import type { Request } from 'express'
import type { Actor, Context } from '../core/context.ts'
import { errors, resume } from '../core/identity/index.ts'
import type { Kernel } from '../core/kernel.ts'
import { actorFor } from '../modules/organisation/index.ts'
import { requestIdOf } from './rest/errors.ts'

/** Whoever has not signed in; sees what is public. */
export const ANONYMOUS: Actor = { id: 'anonymous', organisationId: 'public', roles: ['anonymous'] }

export const isAnonymous = (ctx: Context) => ctx.actor.id === ANONYMOUS.id

/** The context of a request, made once however often it is asked for. */
export type ContextOf = (req: Request) => Promise<Context>

/**
 * Token -> session -> person -> actor -> context. Rights are read anew for each request, so that a role
 * taken away counts at the next call.
 *
 * The returned function throws IDENTITY_TOKEN_INVALID, IDENTITY_SESSION_ENDED, ORGANISATION_MEMBERSHIP_MISSING.
 */
export function contexts(kernel: Kernel, cookie: string): ContextOf {
  const made = new WeakMap<Request, Promise<Context>>()

  async function make(req: Request): Promise<Context> {
    const visitor = kernel.contextFor(ANONYMOUS, req.res && requestIdOf(req.res))
    const token = tokenOf(req, cookie)
    if (token === undefined) return visitor
    const { session, account } = await resume(visitor, token)
    const actor = await actorFor(visitor, account.personId, session.organisationId ?? undefined)
    return kernel.contextFor(actor, visitor.requestId)
  }

  return (req) => {
    const known = made.get(req)
    if (known) return known
    const fresh = make(req)
    made.set(req, fresh)
    return fresh
  }
}

/** The session token of a request's cookie. Two cookies of the name are nobody's. @throws IDENTITY_TOKEN_INVALID */
export function tokenOf(req: Request, cookie: string): string | undefined {
  const values = (req.headers.cookie ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${cookie}=`))
    .map((part) => part.slice(cookie.length + 1))
  if (values.length > 1) throw errors.TOKEN_INVALID()
  return values[0]
}

/** `__Host-` binds a cookie to this host and to TLS; plain http, which only a loopback trial uses, cannot have it. */
export function cookieName(publicUrl: string): string {
  return publicUrl.startsWith('https:') ? '__Host-gdbos' : 'gdbos'
}

import { type CookieOptions, Router } from 'express'
import { z } from 'zod'
import { DomainError } from '../../core/errors.ts'
import { signIn, signOut } from '../../core/identity/index.ts'
import type { Kernel } from '../../core/kernel.ts'
import { actorFor } from '../../modules/organisation/index.ts'
import { ANONYMOUS, tokenOf } from '../context.ts'
import { rateLimiter } from '../limits.ts'
import { errors } from '../refusals.ts'
import { onlyMethods, requestIdOf } from './errors.ts'
import { readJson } from './json.ts'

const credentials = z.strictObject({
  login: z.string().min(1).max(100),
  password: z.string().min(1).max(1000),
  organisationId: z.string().max(100).optional(),
})

/** Failed sign-ins a minute that one address may make before it has to wait (AUT2). */
const FAILURES_PER_MINUTE = 20

/** `POST /api/session` signs in, `DELETE` signs out; the token travels in a cookie that no script can read. */
export function session(kernel: Kernel, cookie: string): Router {
  const failures = rateLimiter(FAILURES_PER_MINUTE)
  const options: CookieOptions = {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure: cookie.startsWith('__Host-'),
  }
  const router = Router()
  router.all('/api/session', onlyMethods('POST', 'DELETE'))

  router.post('/api/session', async (req, res) => {
    const parsed = credentials.safeParse(await readJson(req))
    if (!parsed.success) throw errors.BODY_MALFORMED()
    const visitor = kernel.contextFor(ANONYMOUS, requestIdOf(res))
    const address = req.socket.remoteAddress ?? ''
    // Before the password is looked at: a spent share must not go on guessing.
    failures.check(address)
    try {
      const { token, account } = await signIn(
        visitor,
        { ...parsed.data, replaces: tokenOf(req, cookie) },
        async ({ personId }, organisationId) => void (await actorFor(visitor, personId, organisationId)),
      )
      res.cookie(cookie, token, options)
      res.status(201).json({ personId: account.personId, login: account.login })
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'unauthenticated') failures.take(address)
      throw error
    }
  })

  router.delete('/api/session', async (req, res) => {
    const token = tokenOf(req, cookie)
    if (token !== undefined) await signOut(kernel.contextFor(ANONYMOUS, requestIdOf(res)), token)
    res.clearCookie(cookie, options)
    // Back after signing out must show nothing (DAT2).
    res.setHeader('Clear-Site-Data', '"cache", "storage"')
    res.status(204).end()
  })
  return router
}

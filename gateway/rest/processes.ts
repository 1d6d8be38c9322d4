import { Readable } from 'node:stream'
import { Router } from 'express'
import { z } from 'zod'
import { exportLog, LOG_FORMATS } from '../../workflows/index.ts'
import type { ContextOf } from '../context.ts'
import { errors } from '../refusals.ts'
import { sendFile } from './downloads.ts'
import { onlyMethods } from './errors.ts'

const query = z.strictObject({
  format: z.enum(LOG_FORMATS),
  version: z.coerce.number().int().min(1).max(1_000_000).optional(),
  purpose: z.string().max(500).default(''),
})

/**
 * `GET /api/processes/{key}/log?format=xes|ocel&purpose=&version=`: the cases of a process for process mining, in
 * XES (IEEE 1849-2016) or OCEL 2.0; persons by pseudonyms, the read in the access log.
 */
export function processes(contextOf: ContextOf): Router {
  const router = Router()
  router.all('/api/processes/:key/log', onlyMethods('GET'), async (req, res) => {
    const wish = query.safeParse(req.query)
    if (!wish.success) throw errors.REQUEST_MALFORMED()
    const { format, version, purpose } = wish.data
    const key = String(req.params.key)
    const file = await exportLog(await contextOf(req), { key, format, version: version ?? null, purpose })
    await sendFile(res, { ...file, content: Readable.from(file.content) })
  })
  return router
}

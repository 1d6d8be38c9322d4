import { Readable } from 'node:stream'
import { Router } from 'express'
import { z } from 'zod'
import { exportDirectory } from '../../modules/catalog/index.ts'
import type { ContextOf } from '../context.ts'
import { errors } from '../refusals.ts'
import { sendFile } from './downloads.ts'

const exportQuery = z.strictObject({ open: z.enum(['true', 'false']).default('false') })

/** `GET /api/catalog.jsonld?open=`: the published directory in DCAT-AP 3; if `true`, and to visitors, what is open of it. */
export function directory(contextOf: ContextOf): Router {
  const router = Router()
  router.get('/api/catalog.jsonld', async (req, res) => {
    const query = exportQuery.safeParse(req.query)
    if (!query.success) throw errors.REQUEST_MALFORMED()
    const openOnly = query.data.open === 'true'
    const content = Readable.from(exportDirectory(await contextOf(req), { openOnly }))
    await sendFile(res, { content, fileName: 'catalog.jsonld', mediaType: 'application/ld+json' })
  })
  return router
}

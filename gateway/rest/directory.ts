import { Readable } from 'node:stream'
import { Router } from 'express'
import { exportDirectory } from '../../modules/catalog/index.ts'
import type { ContextOf } from '../context.ts'
import { sendFile } from './downloads.ts'

/** `GET /api/catalog.jsonld`: the published directory in DCAT-AP 3; to visitors what is open of it. */
export function directory(contextOf: ContextOf): Router {
  const router = Router()
  router.get('/api/catalog.jsonld', async (req, res) => {
    const content = Readable.from(exportDirectory(await contextOf(req)))
    await sendFile(res, { content, fileName: 'catalog.jsonld', mediaType: 'application/ld+json' })
  })
  return router
}

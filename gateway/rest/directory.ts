import { Readable } from 'node:stream'
import { Router } from 'express'
import { z } from 'zod'
import { entryTemplate, exportDirectory, importEntries } from '../../modules/catalog/index.ts'
import type { ContextOf } from '../context.ts'
import { errors } from '../refusals.ts'
import { tableOf } from './body.ts'
import { sendFile } from './downloads.ts'
import { onlyMethods } from './errors.ts'

const exportQuery = z.strictObject({ open: z.enum(['true', 'false']).default('false') })

/**
 * `GET /api/catalog.jsonld?open=`: the published directory in DCAT-AP 3; if `true`, and to visitors, what is open of it.
 *
 * `GET /api/catalog/entries/template`: the empty table by which entries are registered, for everybody.
 *
 * `POST /api/catalog/entries/import` with that table filled, XLSX or CSV, as raw body: registers all its entries, or none
 * where a cell is wrong, and answers `{ read, registered, findings, findingCount }`.
 */
export function directory(contextOf: ContextOf): Router {
  const router = Router()
  router.get('/api/catalog.jsonld', async (req, res) => {
    const query = exportQuery.safeParse(req.query)
    if (!query.success) throw errors.REQUEST_MALFORMED()
    const openOnly = query.data.open === 'true'
    const content = Readable.from(exportDirectory(await contextOf(req), { openOnly }))
    await sendFile(res, { content, fileName: 'catalog.jsonld', mediaType: 'application/ld+json' })
  })
  router.all('/api/catalog/entries/template', onlyMethods('GET', 'HEAD'), async (_req, res) => {
    await sendFile(res, { content: entryTemplate(), fileName: 'entries.xlsx', mediaType: XLSX })
  })
  router.all('/api/catalog/entries/import', onlyMethods('POST'), async (req, res) => {
    res.json(await importEntries(await contextOf(req), () => tableOf(req)))
  })
  return router
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

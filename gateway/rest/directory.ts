import { Readable } from 'node:stream'
import { Router } from 'express'
import { entryTemplate, exportDirectory, importEntries } from '../../modules/catalog/index.ts'
import type { ContextOf } from '../context.ts'
import { tableOf } from './body.ts'
import { sendFile } from './downloads.ts'
import { onlyMethods } from './errors.ts'

/**
 * `GET /api/catalog.jsonld`: the published directory in DCAT-AP 3; to visitors what is open of it.
 *
 * `GET /api/catalog/entries/template`: the empty table by which entries are registered, for everybody.
 *
 * `POST /api/catalog/entries/import` with that table filled, XLSX or CSV, as raw body: registers all its entries, or none
 * where a cell is wrong, and answers `{ read, registered, findings, findingCount }`.
 */
export function directory(contextOf: ContextOf): Router {
  const router = Router()
  router.get('/api/catalog.jsonld', async (req, res) => {
    const content = Readable.from(exportDirectory(await contextOf(req)))
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

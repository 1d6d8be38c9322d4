import { type Request, Router } from 'express'
import { z } from 'zod'
import {
  EXPORTABLE,
  exportStandard,
  importTooLarge,
  importTable,
  MAX_IMPORT_BYTES,
} from '../../standards/index.ts'
import type { ContextOf } from '../context.ts'
import { errors } from '../refusals.ts'
import { sendFile } from './downloads.ts'
import { onlyMethods } from './errors.ts'

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((word) => word === 'true')

const exportQuery = z.strictObject({
  kind: z.enum(EXPORTABLE),
  code: z.string().min(1).max(200).optional(),
  version: z.string().max(50).optional(),
  format: z.string().max(50),
  bom: flag,
})

const importQuery = z.strictObject({ dryRun: flag })

/**
 * `GET /api/standards/export?kind=&code=&version=&format=&bom=`: a published standard as a file, for everybody.
 *
 * `POST /api/standards/import?dryRun=` with a CSV or XLSX of codes or of data elements as raw body: drafts what differs
 * from what is published, and answers `{ read, unchanged, drafts, findings, findingCount }`.
 */
export function standards(contextOf: ContextOf): Router {
  const router = Router()
  router.all('/api/standards/export', onlyMethods('GET', 'HEAD'), async (req, res) => {
    const query = exportQuery.safeParse(req.query)
    if (!query.success) throw errors.REQUEST_MALFORMED()
    await sendFile(res, await exportStandard(await contextOf(req), query.data))
  })
  router.all('/api/standards/import', onlyMethods('POST'), async (req, res) => {
    const query = importQuery.safeParse(req.query)
    if (!query.success) throw errors.REQUEST_MALFORMED()
    res.json(await importTable(await contextOf(req), { read: () => bodyOf(req), ...query.data }))
  })
  return router
}

/** @throws STANDARDS_IMPORT_TOO_LARGE */
async function bodyOf(req: Request): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_IMPORT_BYTES) throw importTooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

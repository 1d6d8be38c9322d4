import { Router } from 'express'
import { z } from 'zod'
import { isUuid } from '../../core/text/uuid.ts'
import { EXPORTABLE, exportStandard, failingKeys, importTable, readListHead } from '../../standards/index.ts'
import type { ContextOf } from '../context.ts'
import { errors } from '../refusals.ts'
import { tableOf } from './body.ts'
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

/** A list's head is short; its values are the body. */
const MAX_HEAD = 8_000

const importQuery = z.strictObject({
  dryRun: flag,
  list: z
    .string()
    .max(MAX_HEAD)
    .optional()
    .transform((json, ctx) => {
      try {
        return json === undefined ? undefined : readListHead(JSON.parse(json))
      } catch (error) {
        if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error
        ctx.addIssue({ code: 'custom', message: 'no head of a code list' })
        return z.NEVER
      }
    }),
})

/**
 * `GET /api/standards/export?kind=&code=&version=&format=&bom=`: a published standard as a file, for everybody.
 *
 * `GET /api/standards/dry-runs/{run}/datasets/{dataset}/failing.parquet?purpose=`: the rows of one's own dataset that a
 * draft would refuse, with their keys.
 *
 * `POST /api/standards/import?dryRun=&list=` with a CSV or XLSX of codes or of data elements as raw body: drafts what
 * differs from what is published, and answers `{ read, unchanged, drafts, findings, findingCount }`. `list` is the head of
 * a code list in JSON, as an exported edition has it; that of its published version unless said.
 */
export function standards(contextOf: ContextOf): Router {
  const router = Router()
  router.all('/api/standards/export', onlyMethods('GET', 'HEAD'), async (req, res) => {
    const query = exportQuery.safeParse(req.query)
    if (!query.success) throw errors.REQUEST_MALFORMED()
    await sendFile(res, await exportStandard(await contextOf(req), query.data))
  })
  router.all(
    '/api/standards/dry-runs/:runId/datasets/:datasetId/failing.parquet',
    onlyMethods('GET'),
    async (req, res) => {
      const [runId, datasetId] = [String(req.params.runId), String(req.params.datasetId)]
      const { purpose } = req.query
      if (!isUuid(runId) || !isUuid(datasetId)) throw errors.REQUEST_MALFORMED()
      const wanted = { runId, datasetId, purpose: typeof purpose === 'string' ? purpose : '' }
      await sendFile(res, await failingKeys(await contextOf(req), wanted))
    },
  )
  router.all('/api/standards/import', onlyMethods('POST'), async (req, res) => {
    const query = importQuery.safeParse(req.query)
    if (!query.success) throw errors.REQUEST_MALFORMED()
    res.json(await importTable(await contextOf(req), { read: () => tableOf(req), ...query.data }))
  })
  return router
}

import { Router } from 'express'
import { isUuid } from '../../core/text/uuid.ts'
import { lineageEvents } from '../../modules/golden/index.ts'
import type { ContextOf } from '../context.ts'
import { errors } from '../refusals.ts'
import { onlyMethods } from './errors.ts'

/** `GET /api/datasets/{id}/lineage`: OpenLineage run events, one a line, for whoever sees the dataset. */
export function lineage(contextOf: ContextOf): Router {
  const router = Router()
  router.all('/api/datasets/:id/lineage', onlyMethods('GET'), async (req, res) => {
    const id = String(req.params.id)
    if (!isUuid(id)) throw errors.REQUEST_MALFORMED()
    const events = await lineageEvents(await contextOf(req), id)
    res.type('application/x-ndjson').send(linesOf(events))
  })
  return router
}

export const linesOf = (events: readonly object[]) =>
  events.map((event) => `${JSON.stringify(event)}\n`).join('')

import { Router } from 'express'
import type { Config } from '../../core/config.ts'
import { isUuid } from '../../core/text/uuid.ts'
import { knownEncoding, receive } from '../../modules/ingest/index.ts'
import type { ContextOf } from '../context.ts'
import { errors } from '../refusals.ts'
import { onlyMethods } from './errors.ts'

/**
 * `POST /api/datasets/{id}/batches?name=&encoding=&table=&header=confirmed` with the register as raw body: keeps it as
 * a batch that waits for its mapping and answers 201 with its id.
 */
export function batches(contextOf: ContextOf, { maxUploadBytes: maxBytes }: Config): Router {
  const router = Router()
  router.all('/api/datasets/:id/batches', onlyMethods('POST'), async (req, res) => {
    const ctx = await contextOf(req)
    const { name, encoding, table, header } = req.query
    const datasetId = String(req.params.id)
    if (!isUuid(datasetId)) throw errors.REQUEST_MALFORMED()
    const { id } = await receive(ctx, {
      datasetId,
      fileName: fileNameOf(name),
      content: req,
      maxBytes,
      headerConfirmed: header === 'confirmed',
      ...(typeof encoding === 'string' && { encoding: knownEncoding(encoding) }),
      ...(typeof table === 'string' && { table }),
    })
    res.status(201).json({ id })
  })
  return router
}

const LONGEST_NAME = 200

/** Only ever shown: the last part of a path, without controls. */
function fileNameOf(name: unknown): string {
  const last = typeof name === 'string' ? name.split(/[\\/]/).at(-1) : undefined
  const clean = last?.replace(/[\p{Cc}\p{Cf}]/gu, '').trim() ?? ''
  return clean === '' ? 'register.csv' : [...clean].slice(0, LONGEST_NAME).join('')
}

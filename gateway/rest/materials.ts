import { type Request, Router } from 'express'
import { z } from 'zod'
import { isUuid } from '../../core/text/uuid.ts'
import { errors as identity } from '../../core/identity/index.ts'
import { addMaterial, definitionFor, downloadMaterial, materialErrors } from '../../modules/service/index.ts'
import { type ContextOf, isAnonymous } from '../context.ts'
import { errors } from '../refusals.ts'
import { sendFile } from './downloads.ts'
import { onlyMethods } from './errors.ts'

const query = z.object({
  name: z.string().min(1).max(500),
  version: z.coerce.number().int().positive(),
  commandId: z.uuid(),
})

/**
 * `POST /api/applications/{id}/materials/{code}?name=&version=&commandId=` takes a file as the raw body and
 * answers `{ id, version }`; `GET /api/materials/{id}` gives it back to those who see its application.
 */
export function materials(contextOf: ContextOf): Router {
  const router = Router()
  const uploads = '/api/applications/:applicationId/materials/:code'
  const downloads = '/api/materials/:id'

  router.all(uploads, onlyMethods('POST'))
  router.post(uploads, async (req, res) => {
    const ctx = await contextOf(req)
    if (isAnonymous(ctx)) throw identity.TOKEN_INVALID()
    const { applicationId, code } = req.params
    const parsed = query.safeParse(req.query)
    if (!parsed.success || !isUuid(applicationId)) throw errors.REQUEST_MALFORMED()
    const { maxBytes } = await definitionFor(ctx, applicationId, code)
    const content = await readBody(req, maxBytes)
    const { name, version, commandId } = parsed.data
    const added = await addMaterial(ctx, {
      applicationId: applicationId.toLowerCase(),
      code,
      expectedVersion: version,
      commandId,
      fileName: name,
      declaredType: req.headers['content-type'],
      content,
    })
    res.status(201).json(added)
  })

  router.all(downloads, onlyMethods('GET', 'HEAD'))
  router.get(downloads, async (req, res) => {
    const ctx = await contextOf(req)
    const { id } = req.params
    if (!isUuid(id)) throw materialErrors.MATERIAL_NOT_FOUND({ id: id.slice(0, 100) })
    const { material, content } = await downloadMaterial(ctx, id)
    const { fileName, mediaType, sizeBytes } = material
    await sendFile(res, { content, fileName, mediaType, sizeBytes })
  })
  return router
}

/** The whole body; one that is longer is cut off where that shows. @throws SERVICE_MATERIAL_FILE_REFUSED */
async function readBody(req: Request, maxBytes: number): Promise<Buffer> {
  const tooLarge = () =>
    materialErrors.MATERIAL_FILE_REFUSED({ reason: '文件过大 / the file is too large', limit: maxBytes })
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) throw tooLarge()
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

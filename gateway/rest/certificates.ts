import { Router } from 'express'
import { download } from '../../modules/certificate/index.ts'
import type { ContextOf } from '../context.ts'
import { sendFile } from './downloads.ts'

/** `GET /api/certificates/{id}.pdf`, for the holder party and the issuing body; 404 for everybody else. */
export function certificates(contextOf: ContextOf): Router {
  const router = Router()
  router.get('/api/certificates/:name', async (req, res, next) => {
    const id = /^([0-9a-f-]{36})\.pdf$/i.exec(req.params.name)?.[1]
    if (id === undefined) return next()
    const { certificate, content } = await download(await contextOf(req), id)
    const fileName = `${certificate.title.zh} ${certificate.number}.pdf`
    await sendFile(res, { content, fileName, mediaType: 'application/pdf' })
  })
  return router
}

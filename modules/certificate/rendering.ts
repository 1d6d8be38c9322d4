import type { Readable } from 'node:stream'
import { type Context, transaction } from '../../core/context.ts'
import { emit, recordAccess } from '../../core/events.ts'
import { defineJob } from '../../core/jobs.ts'
import { type Certificate, errors } from './certificate.ts'
import * as repository from './certificate.repository.ts'
import { type CertificateFact, fact, maySee, verifyUrl } from './certificate.service.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'certificate.rendered': CertificateFact & { sha256: string }
    /** A download by the holder is proof of handing over (T23). */
    'certificate.downloaded': CertificateFact & { byHolder: boolean }
  }
}

/** Makes the PDF once; the same certificate gives the same bytes, so a repeat after a crash stores nothing new. */
export async function render(ctx: Context, certificateId: string): Promise<void> {
  const certificate = await repository.find(ctx, certificateId)
  if (!certificate) throw errors.NOT_FOUND()
  if (certificate.pdfSha256 !== null) return
  // With its fonts the largest part of what a command loads, and few of them render.
  const { renderPdf } = await import('./pdf.ts')
  const { sha256 } = await ctx.objects.put(await renderPdf(certificate, verifyUrl(ctx, certificate)))
  await transaction(ctx, async (ctx) => {
    const held = await repository.lock(ctx, certificateId)
    if (!held || held.pdfSha256 !== null) return
    await repository.savePdf(ctx, certificateId, sha256)
    await emit(ctx, 'certificate.rendered', { ...fact(held), sha256 })
  })
}

export const jobs = {
  'certificate.render': defineJob<{ certificateId: string }>({
    run: (ctx, { certificateId }) => render(ctx, certificateId),
  }),
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * The PDF for the holder party or the issuing body; for anybody else there is no such certificate.
 *
 * @throws CERTIFICATE_NOT_FOUND, CERTIFICATE_NOT_READY, OBJECTS_STORE_UNAVAILABLE
 */
export async function download(
  ctx: Context,
  id: string,
): Promise<{ readonly certificate: Certificate; readonly content: Readable }> {
  const certificate = UUID.test(id) ? await repository.find(ctx, id) : undefined
  if (!certificate || !(await maySee(ctx, certificate))) throw errors.NOT_FOUND()
  if (certificate.pdfSha256 === null) throw errors.NOT_READY()
  const content = await ctx.objects.get(certificate.pdfSha256)
  const byHolder = certificate.holderOrganisationId === ctx.actor.organisationId
  await transaction(ctx, async (ctx) => {
    await recordAccess(ctx, { kind: 'read', subject: `certificate ${certificate.id}`, purpose: 'download' })
    await emit(ctx, 'certificate.downloaded', { ...fact(certificate), byHolder })
  })
  return { certificate, content }
}

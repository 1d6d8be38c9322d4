import { createHash } from 'node:crypto'
import { z } from 'zod'
import { once } from '../../core/commands.ts'
import type { Context, TransactionContext } from '../../core/context.ts'
import { defineTask } from '../../core/module.ts'
import * as decisions from './decision.service.ts'
import * as intake from './intake.service.ts'
import * as review from './review.service.ts'

const ofCase = z.object({ caseId: z.uuid() })

/**
 * A task of a process. It runs at least once; the job's id makes it take effect once: a repeat after a crash
 * gets the first answer (4, idempotency).
 */
function task<Input extends z.ZodType<{ caseId: string }>, Output>(
  name: string,
  input: Input,
  run: (ctx: TransactionContext, input: z.output<Input>) => Promise<Output>,
) {
  return defineTask({
    input,
    run: (ctx: Context, input: z.output<Input>) =>
      once(ctx, { commandId: uuidOf(`${name} ${ctx.requestId}`), name, input }, (ctx) => run(ctx, input)),
  })
}

/** The job's id as a UUID (RFC 9562, version 8). */
function uuidOf(key: string): string {
  const hex = createHash('sha256').update(key).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

const reasoned = ofCase.extend({ suspensionReason: z.string().min(1) })

/** What the one window offers to processes. */
export const tasks = {
  'service.resolve-materials': task('service.resolve-materials', ofCase, async (ctx, { caseId }) => ({
    missingMaterials: await intake.resolveMaterials(ctx, caseId),
  })),
  'service.request-correction': task('service.request-correction', ofCase, async (ctx, { caseId }) => {
    await intake.requestCorrection(ctx, caseId)
    return {}
  }),
  'service.accept': task('service.accept', ofCase, async (ctx, { caseId }) => {
    const { acceptedOn } = await intake.accept(ctx, caseId)
    return { acceptedOn }
  }),
  'service.refuse-intake': task('service.refuse-intake', ofCase, async (ctx, { caseId }) => {
    await intake.refuseIntake(ctx, caseId)
    return {}
  }),
  'service.start-review': task('service.start-review', ofCase, async (ctx, { caseId }) => {
    await review.startReview(ctx, caseId)
    return {}
  }),
  'service.suspend': task('service.suspend', reasoned, async (ctx, { caseId, suspensionReason }) => {
    await review.suspend(ctx, caseId, { reason: suspensionReason })
    return {}
  }),
  'service.resume': task('service.resume', reasoned, async (ctx, { caseId, suspensionReason }) => {
    await review.resume(ctx, caseId, suspensionReason)
    return {}
  }),
  'service.book-visit': task('service.book-visit', ofCase, async (ctx, { caseId }) => {
    const { at } = await review.bookVisit(ctx, caseId)
    return { visitAt: at.toISOString() }
  }),
  'certificate.issue': task('certificate.issue', ofCase, async (ctx, { caseId }) => {
    const certificate = await decisions.issueCertificate(ctx, caseId)
    return { certificateId: certificate?.id ?? null, certificateNumber: certificate?.number ?? null }
  }),
  'service.refuse': task('service.refuse', ofCase, async (ctx, { caseId }) => {
    await decisions.writeRefusal(ctx, caseId)
    return {}
  }),
  'notice.serve': task('notice.serve', ofCase, async (ctx, { caseId }) => ({
    servedNotices: await decisions.serveNotices(ctx, caseId),
  })),
  'service.hand-over': task('service.hand-over', ofCase, async (ctx, { caseId }) => {
    await decisions.handOver(ctx, caseId, 'electronic-notice')
    return {}
  }),
}

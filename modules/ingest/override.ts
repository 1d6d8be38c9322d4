import { defineErrors } from '../../core/errors.ts'
import type { Batch } from './batch.ts'

export const errors = defineErrors('INGEST', {
  OVERRIDE_BY_SAME_PERSON: {
    kind: 'forbidden',
    zh: '确认装载的人不能自己放行，须由第二人放行',
    en: 'Who confirmed the load may not override its stop; a second person must',
  },
  OVERRIDE_REASON_MISSING: {
    kind: 'invalid',
    zh: '放行须写明理由（1至500个字）',
    en: 'An override needs a reason of 1 to 500 characters',
  },
  OVERRIDE_UNFIT: {
    kind: 'conflict',
    zh: '该批次停止的原因（{code}）不能放行',
    en: 'What stopped the batch ({code}) cannot be overridden',
  },
})

const OVERRIDABLE = ['INGEST_BATCH_REJECTIONS_EXCEEDED', 'INGEST_BATCH_ROWS_COLLAPSED']
const LONGEST_REASON = 500

/** Whether a threshold stopped the batch and somebody other than who confirmed it may let it pass. */
export function isOverridableBy({ status, refusal, outcome, confirmedBy }: Batch, by: string): boolean {
  if (status !== 'stopped' || !OVERRIDABLE.includes(refusal?.code ?? '')) return false
  return (outcome?.counts.accepted ?? 0) > 0 && confirmedBy !== null && confirmedBy !== by
}

/**
 * The stopped batch with its thresholds waived by a second person.
 *
 * @throws INGEST_OVERRIDE_UNFIT, INGEST_OVERRIDE_BY_SAME_PERSON, INGEST_OVERRIDE_REASON_MISSING
 */
export function overridden(batch: Batch, by: string, reason: string, at: Date): Batch {
  const code = batch.refusal?.code ?? batch.status
  const { outcome } = batch
  if (batch.status !== 'stopped' || !OVERRIDABLE.includes(code) || !outcome || outcome.counts.accepted === 0)
    throw errors.OVERRIDE_UNFIT({ code })
  if (batch.confirmedBy === null || batch.confirmedBy === by) throw errors.OVERRIDE_BY_SAME_PERSON()
  const words = reason.trim()
  if (words === '' || [...words].length > LONGEST_REASON) throw errors.OVERRIDE_REASON_MISSING()
  return {
    ...batch,
    status: 'mapped',
    attempt: batch.attempt + 1,
    override: { by, reason: words, at: at.toISOString(), basis: outcome.basis },
    refusal: null,
    progress: null,
  }
}

import type { TransactionContext } from '../core/context.ts'
import type { Texts } from '../core/errors.ts'
import { emit } from '../core/events.ts'
import { errors, requireRevision, type Standard } from './standard.ts'

declare module '../core/events.ts' {
  interface EventMap {
    /** Starts the process `standards-review`; `variables` are those it begins with. */
    'standards.review.asked': ReviewFact & { readonly variables: Readonly<Record<string, unknown>> }
    /** The standard was published or sent back, by the task or elsewhere. */
    'standards.review.ended': ReviewFact
  }
}

interface ReviewFact {
  readonly reviewId: string
  readonly organisationId: string
}

/** What a reviewer had before him; a revision that is absent is not looked at. */
export interface Reviewed {
  readonly reviewId: string
  readonly expectedRevision?: number
}

/** A submission cannot change, so its id stands for its content. @throws STANDARDS_DRAFT_STALE */
export function requireReviewed(standard: Standard, { reviewId, expectedRevision }: Reviewed): void {
  const { code, reviewId: found } = standard
  requireRevision(standard, expectedRevision)
  if (reviewId !== found) throw errors.DRAFT_STALE({ code, found: found ?? '', expected: reviewId })
}

/** Tells the process runtime that a submission waits for its reviewers. */
export async function askReview(
  ctx: TransactionContext,
  { reviewId, organisationId, kind, code, version, name }: Standard & { readonly name: Texts },
): Promise<void> {
  if (reviewId === null) return
  const standard = { standardKind: kind, standardCode: code, standardVersion: version, standardName: name }
  await emit(ctx, 'standards.review.asked', {
    reviewId,
    organisationId,
    variables: { organisationId, ...standard },
  })
}

export async function endReview(
  ctx: TransactionContext,
  { reviewId, organisationId }: Standard,
): Promise<void> {
  if (reviewId !== null) await emit(ctx, 'standards.review.ended', { reviewId, organisationId })
}

import { randomUUID } from 'node:crypto'
import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { dayOf } from '../../core/day.ts'
import type { Texts } from '../../core/errors.ts'
import { emit } from '../../core/events.ts'
import { enqueue } from '../../core/jobs.ts'
import { authorize } from '../../core/policy.ts'
import { check } from '../../core/text/check.ts'
import { organisationById } from '../organisation/index.ts'
import {
  type Certificate,
  checkContent,
  type Claim,
  errors,
  type Issue,
  lastDay,
  numberOf,
  reinstated,
  revoked,
  type Status,
  statusOn,
  suspended,
} from './certificate.ts'
import * as repository from './certificate.repository.ts'
import { can } from './policy.ts'
import { readToken, tokenOf } from './token.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'certificate.issued': CertificateFact & { number: string; type: string }
    'certificate.revoked': CertificateFact & { reason: string }
    'certificate.suspended': CertificateFact & { reason: string }
    'certificate.reinstated': CertificateFact
  }
}

export interface CertificateFact {
  readonly certificateId: string
  readonly caseId: string
  readonly organisationId: string
}

/** For issuers whose own division is not known. */
const NO_REGION = '000000'

/**
 * Issues the certificate of a case; asked again for the same case and type it answers the first one. The number
 * belongs to the transaction: when it fails the number stays unused. The PDF follows in a job.
 *
 * @throws POLICY_FORBIDDEN, ORGANISATION_NOT_FOUND, CERTIFICATE_CONTENT_INVALID, CERTIFICATE_CLAIMS_TOO_LARGE,
 * CERTIFICATE_NUMBERS_EXHAUSTED
 */
export async function issue(ctx: Context, input: Issue): Promise<Certificate> {
  return transaction(ctx, async (ctx) => {
    const { caseId, organisationId, type, numberPrefix } = input
    const issuer = await organisationById(ctx, organisationId)
    const holder = await organisationById(ctx, input.holderOrganisationId)
    if (!(await ctx.policy.allows(ctx, can.issueForBodies)))
      await authorize(ctx, can.issue, { organisationId })

    const today = dayOf(ctx.now())
    checkContent(input, holder.kind === 'person', (code) => check('gb32100', code, { today }) === 'ok')
    const before = await repository.findOfCase(ctx, caseId, type)
    if (before) return before
    const region = (issuer.regionCode ?? NO_REGION).slice(0, 6)
    const series = await repository.takeNumber(ctx, { organisationId, prefix: numberPrefix, region })
    const meanwhile = await repository.findOfCase(ctx, caseId, type)
    if (meanwhile) return meanwhile

    const certificate = drawnUp(ctx, input, issuer.name, numberOf(series))
    await repository.insert(ctx, certificate)
    await enqueue(ctx, 'certificate.render', certificate.id, { certificateId: certificate.id })
    await emit(ctx, 'certificate.issued', { ...fact(certificate), number: certificate.number, type })
    return certificate
  })
}

function drawnUp(ctx: Context, input: Issue, issuer: Texts, number: string): Certificate {
  const { validMonths, numberPrefix: _, ...content } = input
  const unsigned = {
    ...content,
    id: randomUUID(),
    number,
    issuer,
    validUntil: lastDay(input.issuedOn, validMonths),
    stateReason: null,
    stateOn: null,
    pdfSha256: null,
  }
  return { ...unsigned, state: 'active', token: tokenOf(ctx.crypto, unsigned) }
}

/** The certificates of each case in its place, for loaders; null where there is none. */
export const certificatesByCases = repository.certificatesByCases

/** The certificate of a case, read by those who may read the case. */
export async function certificateOf(ctx: Context, caseId: string): Promise<Certificate | null> {
  const [certificate = null] = await repository.certificatesByCases(ctx, [caseId])
  return certificate
}

/** What the QR code leads to. */
export const verifyUrl = (ctx: Context, { token }: Pick<Certificate, 'token'>) =>
  `${ctx.publicUrl}/verify?c=${token}`

/** How the certificate stands today. */
export const statusNow = (ctx: Context, certificate: Certificate) => statusOn(certificate, dayOf(ctx.now()))

/**
 * Ends a certificate for good, for the reason given to its holder.
 *
 * @throws CERTIFICATE_NOT_FOUND, POLICY_FORBIDDEN, CERTIFICATE_REVOCATION_REPEATED, CERTIFICATE_REASON_MISSING
 */
export async function revoke(ctx: Context, id: string, reason: string): Promise<Certificate> {
  return change(ctx, id, async (ctx, certificate) => {
    const result = revoked(certificate, reason, dayOf(ctx.now()))
    await repository.saveState(ctx, result)
    await emit(ctx, 'certificate.revoked', { ...fact(certificate), reason })
    return result
  })
}

/** @throws CERTIFICATE_NOT_FOUND, POLICY_FORBIDDEN, CERTIFICATE_STATE_UNFIT, CERTIFICATE_REASON_MISSING */
export async function suspend(ctx: Context, id: string, reason: string): Promise<Certificate> {
  return change(ctx, id, async (ctx, certificate) => {
    const result = suspended(certificate, reason, dayOf(ctx.now()))
    await repository.saveState(ctx, result)
    await emit(ctx, 'certificate.suspended', { ...fact(certificate), reason })
    return result
  })
}

/** @throws CERTIFICATE_NOT_FOUND, POLICY_FORBIDDEN, CERTIFICATE_STATE_UNFIT */
export async function reinstate(ctx: Context, id: string): Promise<Certificate> {
  return change(ctx, id, async (ctx, certificate) => {
    const result = reinstated(certificate)
    await repository.saveState(ctx, result)
    await emit(ctx, 'certificate.reinstated', fact(certificate))
    return result
  })
}

async function change(
  ctx: Context,
  id: string,
  work: (ctx: TransactionContext, certificate: Certificate) => Promise<Certificate>,
): Promise<Certificate> {
  return transaction(ctx, async (ctx) => {
    const certificate = await repository.lock(ctx, id)
    if (!certificate || !(await maySee(ctx, certificate))) throw errors.NOT_FOUND()
    await authorize(ctx, can.revoke, certificate)
    return work(ctx, certificate)
  })
}

/** The holder party and the issuing body; everybody else learns nothing but by a token. */
export async function maySee(ctx: Context, certificate: Certificate): Promise<boolean> {
  if (certificate.holderOrganisationId === ctx.actor.organisationId) return true
  return ctx.policy.allows(ctx, can.readIssued, certificate)
}

export interface Verification {
  readonly result: Status | 'altered' | 'unknown-issuer'
  readonly number: string | null
  readonly holder: string | null
  readonly issuer: Texts | null
  readonly issuedOn: string | null
  readonly validUntil: string | null
  readonly claims: readonly Claim[] | null
}

const NOTHING = { number: null, holder: null, issuer: null, issuedOn: null, validUntil: null, claims: null }

/**
 * What a token is worth today; open to everybody. What was altered or signed by strangers shows no data.
 * A foreign key id on a certificate of ours means that the key id itself was altered.
 */
export async function verify(ctx: Context, token: string): Promise<Verification> {
  const reading = readToken(ctx.crypto, token)
  if (reading.verdict === 'altered') return { result: 'altered', ...NOTHING }
  const certificate = await repository.find(ctx, reading.claims.id)
  if (reading.verdict === 'unknown-key')
    return { result: certificate ? 'altered' : 'unknown-issuer', ...NOTHING }
  if (!certificate) return { result: 'unknown-issuer', ...NOTHING }
  const { number, holder, issuer, issuedOn, validUntil, claims } = certificate
  return { result: statusNow(ctx, certificate), number, holder, issuer, issuedOn, validUntil, claims }
}

export const fact = ({ id, caseId, organisationId }: Certificate): CertificateFact => ({
  certificateId: id,
  caseId,
  organisationId,
})

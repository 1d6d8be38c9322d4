import type { Context, TransactionContext } from '../../core/context.ts'
import { dayOf } from '../../core/day.ts'
import { type Certificate, errors, type SeriesNumber } from './certificate.ts'
import './certificate.table.ts'

const COLUMNS = [
  'id',
  'caseId',
  'organisationId',
  'holderOrganisationId',
  'type',
  'title',
  'number',
  'issuer',
  'holder',
  'holderCode',
  'claims',
  'issuedOn',
  'validUntil',
  'token',
  'state',
  'stateReason',
  'stateOn',
  'pdfSha256',
] as const

export async function find(ctx: Context, id: string): Promise<Certificate | undefined> {
  return ctx.db.selectFrom('certificate.certificate').select(COLUMNS).where('id', '=', id).executeTakeFirst()
}

export async function lock(ctx: TransactionContext, id: string): Promise<Certificate | undefined> {
  return ctx.db
    .selectFrom('certificate.certificate')
    .select(COLUMNS)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

export async function findOfCase(
  ctx: Context,
  caseId: string,
  type: string,
): Promise<Certificate | undefined> {
  return ctx.db
    .selectFrom('certificate.certificate')
    .select(COLUMNS)
    .where('caseId', '=', caseId)
    .where('type', '=', type)
    .executeTakeFirst()
}

/** The latest certificate of each case in its place, for loaders; null where there is none. */
export async function certificatesByCases(
  ctx: Context,
  caseIds: readonly string[],
): Promise<(Certificate | null)[]> {
  const rows = await ctx.db
    .selectFrom('certificate.certificate')
    .distinctOn('caseId')
    .select(COLUMNS)
    .where('caseId', 'in', [...new Set(caseIds)])
    .orderBy('caseId')
    .orderBy('createdAt', 'desc')
    .execute()
  const byCase = new Map(rows.map((row) => [row.caseId, row]))
  return caseIds.map((caseId) => byCase.get(caseId) ?? null)
}

/** Whether whoever bears the credit code holds a certificate that is neither revoked nor past its last day. */
export async function holdsCertificate(ctx: Context, holderCode: string): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('certificate.certificate')
    .select('id')
    .where('holderCode', '=', holderCode)
    .where('state', '<>', 'revoked')
    .where((where) =>
      where.or([where('validUntil', 'is', null), where('validUntil', '>=', dayOf(ctx.now()))]),
    )
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export async function insert(ctx: TransactionContext, certificate: Certificate): Promise<void> {
  const { title, issuer, claims } = certificate
  await ctx.db
    .insertInto('certificate.certificate')
    .values({
      ...certificate,
      title: JSON.stringify(title),
      issuer: JSON.stringify(issuer),
      claims: JSON.stringify(claims),
      createdAt: ctx.now(),
    })
    .execute()
}

export async function saveState(ctx: TransactionContext, certificate: Certificate): Promise<void> {
  const { id, state, stateReason, stateOn } = certificate
  await ctx.db
    .updateTable('certificate.certificate')
    .set({ state, stateReason, stateOn })
    .where('id', '=', id)
    .execute()
}

export async function savePdf(ctx: TransactionContext, id: string, pdfSha256: string): Promise<void> {
  await ctx.db.updateTable('certificate.certificate').set({ pdfSha256 }).where('id', '=', id).execute()
}

/**
 * The next number of a body's series, held until the transaction ends: a failure gives it back, and two
 * issuers of one body take turns.
 *
 * @throws CERTIFICATE_NUMBERS_EXHAUSTED
 */
export async function takeNumber(
  ctx: TransactionContext,
  { organisationId, prefix, region }: { organisationId: string; prefix: string; region: string },
): Promise<SeriesNumber> {
  for (let series = 1; series <= 9; series++) {
    const taken = await ctx.db
      .updateTable('certificate.series')
      .set((row) => ({ lastNumber: row('lastNumber', '+', 1) }))
      .where('organisationId', '=', organisationId)
      .where('prefix', '=', prefix)
      .where('lastNumber', '<', 999_999)
      .returning(['prefix', 'region', 'series', 'lastNumber'])
      .executeTakeFirst()
    if (taken) return taken
    // First certificate of this body: the lowest series that no other body of the division has.
    await ctx.db
      .insertInto('certificate.series')
      .values({ organisationId, prefix, region, series, lastNumber: 0 })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  throw errors.NUMBERS_EXHAUSTED({ prefix })
}

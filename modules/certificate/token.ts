import { z } from 'zod'
import type { Crypto } from '../../core/crypto.ts'
import { type Certificate, errors } from './certificate.ts'

/** What fits a QR code that a phone reads from paper (specs/one-window.md 8.8). */
export const MAX_TOKEN_BYTES = 1200

/** The signed claim set under short names, since every byte is a dot on paper. */
const claimSet = z.object({
  /** Certificate id. */
  id: z.uuid(),
  /** Number. */
  n: z.string(),
  /** Type. */
  t: z.string(),
  /** Issuer: id and both names. */
  i: z.tuple([z.string(), z.string(), z.string()]),
  /** Holder, and the credit code of an enterprise. */
  h: z.string(),
  c: z.string().optional(),
  /** First and last day. */
  f: z.string(),
  u: z.string().optional(),
})

export type ClaimSet = z.output<typeof claimSet>

/**
 * `1.<key id>.<claim set>.<signature>`, all base64url. No identity number is in it; what the certificate says
 * besides is read from the register by its id.
 *
 * @throws CERTIFICATE_CLAIMS_TOO_LARGE
 */
export function tokenOf(crypto: Crypto, certificate: Omit<Certificate, 'token' | 'state'>): string {
  const { id, number, type, organisationId, issuer, holder, holderCode, issuedOn, validUntil } = certificate
  const claims: ClaimSet = {
    id,
    n: number,
    t: type,
    i: [organisationId, issuer.zh, issuer.en],
    h: holder,
    f: issuedOn,
    ...(holderCode !== null && { c: holderCode }),
    ...(validUntil !== null && { u: validUntil }),
  }
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
  const { keyId } = crypto.sign('')
  const signed = `1.${keyId}.${payload}`
  const token = `${signed}.${crypto.sign(signed).value.toString('base64url')}`
  if (token.length > MAX_TOKEN_BYTES) throw errors.CLAIMS_TOO_LARGE({ most: MAX_TOKEN_BYTES })
  return token
}

export type Reading =
  | { readonly verdict: 'genuine'; readonly claims: ClaimSet }
  | { readonly verdict: 'altered' }
  /** Signed by a key that is not ours; the claims are hearsay. */
  | { readonly verdict: 'unknown-key'; readonly claims: ClaimSet }

/** Reads what somebody says is one of our tokens. */
export function readToken(crypto: Crypto, token: string): Reading {
  const [version, keyId = '', payload = '', signature = '', ...more] = token.split('.')
  const claims = parseClaims(payload)
  const value = Buffer.from(signature, 'base64url')
  // Base64 has spare bits at its end: only one spelling of a signature counts, so that no letter can be changed.
  const spelled = value.toString('base64url') === signature
  if (version !== '1' || more.length > 0 || !claims || !spelled) return { verdict: 'altered' }
  const verdict = crypto.verify(`${version}.${keyId}.${payload}`, { keyId, value })
  return verdict === 'altered' ? { verdict } : { verdict, claims }
}

function parseClaims(payload: string): ClaimSet | undefined {
  try {
    const parsed = claimSet.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')))
    return parsed.data
  } catch {
    // Anybody may type anything; what is no JSON was not written by us.
    return undefined
  }
}

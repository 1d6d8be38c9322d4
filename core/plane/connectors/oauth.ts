import { DomainError } from '../../errors.ts'
import type { OauthClient } from './connector.ts'
import { type Limits, postForm } from './http.ts'
import { errors } from './refusals.ts'

export type Headers = Readonly<Record<string, string>>

export interface TokenKeeper {
  /** Asks for a token when there is none, or it is about to expire. */
  headers(): Promise<Headers>
  /** The service no longer takes the token. */
  forget(): void
}

/** How long before its end a token is no longer used, for the time a request takes. */
const MARGIN_MS = 30_000
const MAX_TOKEN_BYTES = 65_536
/** What a server may name its refusal (RFC 6749, section 5.2); no other text of it is repeated. */
const REFUSALS = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
]

/** Keeps the token of a client in the memory of one session. */
export function tokenKeeper(client: OauthClient, secret: string, limits: Limits): TokenKeeper {
  let kept: { readonly token: string; readonly usableUntil: number } | undefined
  return {
    async headers() {
      if (kept === undefined || performance.now() >= kept.usableUntil)
        kept = await askedFor(client, secret, limits)
      return { authorization: `Bearer ${kept.token}` }
    },
    forget() {
      kept = undefined
    },
  }
}

/**
 * Asks for a token as a client (RFC 6749, section 4.4), showing the secret as section 2.3.1 says.
 *
 * @throws CATALOG_SOURCE_ADDRESS_REFUSED, CATALOG_SOURCE_NAME_UNRESOLVED, CATALOG_SOURCE_UNREACHABLE,
 * CATALOG_SOURCE_LOGIN_REFUSED
 */
async function askedFor({ tokenUrl, clientId, scope }: OauthClient, secret: string, limits: Limits) {
  const url = new URL(tokenUrl)
  const refused = (reason: string) => errors.SOURCE_LOGIN_REFUSED({ host: url.hostname, reason })
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...(scope !== '' && { scope }) })
  const shown = Buffer.from(`${formEncoded(clientId)}:${formEncoded(secret)}`).toString('base64')
  const askedAt = performance.now()
  const { status, text } = await postForm(
    url,
    form,
    { authorization: `Basic ${shown}` },
    { ...limits, maxBytes: MAX_TOKEN_BYTES },
  ).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === 'CATALOG_SOURCE_RESPONSE_EXCEEDED')
      throw refused(String(error.params['limit']))
    throw error
  })
  const answer = membersOf(text)
  if (status !== 200) throw refused(REFUSALS.find((each) => each === answer['error']) ?? String(status))
  const { access_token: token, token_type: type, expires_in: seconds } = answer
  if (typeof token !== 'string' || !/^[\x21-\x7e]{1,16384}$/.test(token)) throw refused('access_token')
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer') throw refused('token_type')
  // Without an end the token serves this session, until the service refuses it.
  const lifeMs = seconds === undefined ? Infinity : Number(seconds) * 1000
  return { token, usableUntil: askedAt + lifeMs - MARGIN_MS }
}

const formEncoded = (text: string) => new URLSearchParams({ _: text }).toString().slice(2)

function membersOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

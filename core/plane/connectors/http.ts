import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import type { Address, Network } from './connector.ts'
import { pinned, resolveAddress } from './network.ts'
import { codeOf, errors } from './refusals.ts'

const MAX_REDIRECTS = 3

export interface JsonRequest extends Limits {
  readonly url: URL
  /** Sent to the first host only: a redirect elsewhere must not learn the secret. */
  readonly secretHeaders: Readonly<Record<string, string>>
}

export interface Limits {
  readonly network: Network
  readonly maxBytes: number
  readonly timeoutSeconds: number
  readonly signal: AbortSignal
  /** Addresses of hosts already checked; each is resolved once. */
  readonly addresses: Map<string, Address>
}

export interface JsonAnswer {
  readonly body: unknown
  readonly headers: IncomingMessage['headers']
  /** Where the answer came from, after redirects. */
  readonly url: URL
}

/**
 * Asks for JSON at an address that was checked, as is that of each redirect.
 *
 * @throws CATALOG_SOURCE_ADDRESS_REFUSED, CATALOG_SOURCE_NAME_UNRESOLVED, CATALOG_SOURCE_UNREACHABLE,
 * CATALOG_SOURCE_LOGIN_REFUSED, CATALOG_SOURCE_READ_FAILED, CATALOG_SOURCE_RESPONSE_EXCEEDED
 */
export async function getJson(asked: JsonRequest): Promise<JsonAnswer> {
  const started = asked.url
  let url = started
  for (let redirects = 0; ; redirects++) {
    const headers = url.origin === started.origin ? asked.secretHeaders : {}
    const answer = await exchange(url, headers, asked)
    const location = answer.headers.location
    if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined)
      return { body: parsed(answer, url), headers: answer.headers, url }
    if (redirects === MAX_REDIRECTS)
      throw errors.SOURCE_RESPONSE_EXCEEDED({ limit: `${MAX_REDIRECTS} redirects` })
    const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined
    const isDowngrade = url.protocol === 'https:' && next?.protocol !== 'https:'
    if (!next || isDowngrade || !['http:', 'https:'].includes(next.protocol))
      throw errors.SOURCE_ADDRESS_REFUSED({ host: next?.hostname ?? location.slice(0, 100) })
    url = next
  }
}

/**
 * Sends a form and takes the answer as it is, whatever its status; a redirect is not followed, because the form
 * may hold a secret.
 *
 * @throws CATALOG_SOURCE_ADDRESS_REFUSED, CATALOG_SOURCE_NAME_UNRESOLVED, CATALOG_SOURCE_UNREACHABLE,
 * CATALOG_SOURCE_LOGIN_REFUSED, CATALOG_SOURCE_RESPONSE_EXCEEDED
 */
export function postForm(
  url: URL,
  form: URLSearchParams,
  headers: Readonly<Record<string, string>>,
  limits: Limits,
): Promise<Answer> {
  return exchange(url, headers, limits, form.toString())
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
}

/** @param form sent by POST; absent asks by GET */
async function exchange(
  url: URL,
  headers: Readonly<Record<string, string>>,
  { network, maxBytes, timeoutSeconds, signal, addresses }: Limits,
  form?: string,
): Promise<Answer> {
  const port = portOf(url)
  const key = `${url.hostname}:${port}`
  const address = addresses.get(key) ?? (await resolveAddress(url.hostname, port, network))
  addresses.set(key, address)
  const limit = AbortSignal.timeout(timeoutSeconds * 1000)
  try {
    const response = await send(url, address, headers, AbortSignal.any([signal, limit]), form)
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of response) {
      bytes += (chunk as Buffer).length
      if (bytes > maxBytes) {
        response.destroy()
        throw errors.SOURCE_RESPONSE_EXCEEDED({ limit: `${maxBytes} bytes` })
      }
      chunks.push(chunk as Buffer)
    }
    const text = Buffer.concat(chunks).toString('utf8')
    return { status: response.statusCode ?? 0, headers: response.headers, text }
  } catch (error) {
    signal.throwIfAborted()
    if (limit.aborted) throw errors.SOURCE_RESPONSE_EXCEEDED({ limit: `${timeoutSeconds} s` })
    if (error instanceof Error && 'kind' in error) throw error
    const reason = codeOf(error)
    if (/^(DEPTH_ZERO|SELF_SIGNED|CERT_|UNABLE_TO|ERR_TLS|ERR_SSL)/.test(reason))
      throw errors.SOURCE_LOGIN_REFUSED({ host: url.hostname, reason })
    throw errors.SOURCE_UNREACHABLE({ host: url.hostname, port, reason })
  }
}

function send(
  url: URL,
  address: Address,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  form: string | undefined,
): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? tlsRequest : plainRequest
  return new Promise((resolve, reject) => {
    request(url, {
      lookup: pinned(address),
      signal,
      ...(form !== undefined && { method: 'POST' }),
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
        ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
    })
      .once('response', resolve)
      .once('error', reject)
      .end(form)
  })
}

export const portOf = (url: URL) => Number(url.port) || (url.protocol === 'https:' ? 443 : 80)

function parsed({ status, text }: Answer, url: URL): unknown {
  if (status === 401 || status === 403)
    throw errors.SOURCE_LOGIN_REFUSED({ host: url.hostname, reason: String(status) })
  if (status < 200 || status > 299)
    throw errors.SOURCE_READ_FAILED({ collection: url.pathname, reason: String(status) })
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw errors.SOURCE_READ_FAILED({ collection: url.pathname, reason: 'JSON' })
  }
}

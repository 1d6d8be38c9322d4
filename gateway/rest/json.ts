import type { Request } from 'express'
import { errors } from '../refusals.ts'

/** For everything but uploads (K15). */
export const MAX_JSON_BYTES = 200_000

/**
 * Reads a JSON body ourselves: Express's parser takes the last of doubled members, so that what was
 * checked and what is used may differ between two readers.
 *
 * @throws GATEWAY_TYPE_UNSUPPORTED, GATEWAY_BODY_TOO_LARGE, GATEWAY_BODY_MALFORMED
 */
export async function readJson(req: Request): Promise<unknown> {
  const [type, ...parameters] = (req.headers['content-type'] ?? '').toLowerCase().split(';')
  if (type?.trim() !== 'application/json') throw errors.TYPE_UNSUPPORTED({ offered: 'application/json' })
  if (
    parameters.some((parameter) => /^\s*charset\s*=/.test(parameter) && !/=\s*"?utf-?8"?\s*$/.test(parameter))
  )
    throw errors.BODY_MALFORMED()
  return parseJson(await readText(req))
}

async function readText(req: Request): Promise<string> {
  const tooLarge = () => errors.BODY_TOO_LARGE({ limit: MAX_JSON_BYTES })
  if (Number(req.headers['content-length'] ?? 0) > MAX_JSON_BYTES) throw tooLarge()
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_JSON_BYTES) throw tooLarge()
    chunks.push(chunk)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch {
    throw errors.BODY_MALFORMED()
  }
}

/** @throws GATEWAY_BODY_MALFORMED also for doubled members and for names that reach a prototype (COD2) */
export function parseJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw errors.BODY_MALFORMED()
  }
  if (!hasOnlyPlainMembers(text)) throw errors.BODY_MALFORMED()
  return value
}

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype'])

/** `text` is valid JSON, so strings, braces and colons are all there is to look at. */
function hasOnlyPlainMembers(text: string): boolean {
  const open: Set<string>[] = []
  const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/gs
  for (const [token, colon] of text.matchAll(tokens)) {
    if (token === '{') open.push(new Set())
    else if (token === '}') open.pop()
    else if (colon !== undefined) {
      const name = JSON.parse(token.slice(0, -colon.length)) as string
      const members = open.at(-1)
      if (!members || members.has(name) || FORBIDDEN.has(name)) return false
      members.add(name)
    }
  }
  return true
}

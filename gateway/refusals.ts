import { DomainError, defineErrors } from '../core/errors.ts'

export const errors = defineErrors('GATEWAY', {
  BODY_MALFORMED: {
    kind: 'invalid',
    zh: '请求内容不是有效的JSON（UTF-8编码，成员不得重复）',
    en: 'The body is not valid JSON in UTF-8 without doubled members',
  },
  BODY_TOO_LARGE: {
    kind: 'invalid',
    status: 413,
    zh: '请求内容过大，上限为{limit}字节',
    en: 'The body is too large; the limit is {limit} bytes',
  },
  TYPE_UNSUPPORTED: {
    kind: 'invalid',
    status: 415,
    zh: '不支持此内容类型，请使用{offered}',
    en: 'This content type is not offered; use {offered}',
  },
  METHOD_UNSUPPORTED: {
    kind: 'invalid',
    status: 405,
    zh: '不支持此请求方法，请使用{offered}',
    en: 'This method is not offered; use {offered}',
  },
  HEADER_TOO_LARGE: {
    kind: 'invalid',
    status: 431,
    zh: '请求头过大',
    en: 'The request headers are too large',
  },
  REQUEST_MALFORMED: {
    kind: 'invalid',
    zh: '请求格式不正确',
    en: 'The request is not well formed',
  },
  ORIGIN_FOREIGN: {
    kind: 'forbidden',
    zh: '不接受来自其他网站的请求',
    en: 'Requests from another site are not accepted',
  },
  RATE_EXCEEDED: {
    kind: 'unavailable',
    status: 429,
    zh: '操作过于频繁，请在{seconds}秒后再试',
    en: 'Too many requests; try again in {seconds} seconds',
  },
  PATH_NOT_FOUND: {
    kind: 'not-found',
    zh: '没有这个地址',
    en: 'There is nothing at this address',
  },
  SERVER_BUSY: {
    kind: 'unavailable',
    zh: '系统繁忙，请稍后再试',
    en: 'The server is busy; try again in a moment',
  },
})

export const database = defineErrors('DATABASE', {
  SERVER_UNAVAILABLE: {
    kind: 'unavailable',
    zh: '数据库暂时无法使用，请稍后再试',
    en: 'The database cannot be reached just now; try again in a moment',
  },
  DISK_FULL: {
    kind: 'unavailable',
    status: 507,
    zh: '数据库磁盘空间不足，请联系系统管理员',
    en: 'The database has no room left on its disk; ask the system administrator',
  },
  ROW_CONFLICTED: {
    kind: 'conflict',
    zh: '他人刚刚更改了同一数据，请刷新后重试',
    en: 'Somebody changed the same data at this moment; reload and try again',
  },
})

/** A bug, as the world may see it; its cause is in the log under the request's id. */
export const INTERNAL = {
  code: 'INTERNAL',
  kind: 'internal',
  params: {},
  messages: { zh: '系统内部错误，请稍后再试', en: 'Something went wrong on our side' },
} as const

/**
 * The refusal behind an error, through the wrappers GraphQL puts around it; a driver's failure becomes a
 * code of ours, because its words may name hosts, files, SQL and other people's rows (K24).
 * Undefined for what is a bug.
 */
export function refusalOf(error: unknown): DomainError | undefined {
  for (const cause of causes(error)) {
    if (cause instanceof DomainError) return cause
    const failure = databaseFailure(cause)
    if (failure) return failure
  }
  return undefined
}

function* causes(error: unknown): Generator<Error> {
  let cause = error
  for (let depth = 0; depth < 10 && cause instanceof Error; depth++) {
    yield cause
    cause = 'originalError' in cause && cause.originalError !== undefined ? cause.originalError : cause.cause
  }
}

const UNREACHABLE = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH'],
  // Too many connections; server shutting down, crashed, starting.
  ...['53300', '57P01', '57P02', '57P03'],
])

function databaseFailure(error: Error): DomainError | undefined {
  const state = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const lost = /^(Connection terminated|timeout exceeded when trying to connect)/.test(error.message)
  if (lost || (state !== undefined && (UNREACHABLE.has(state) || /^08...$/.test(state))))
    return database.SERVER_UNAVAILABLE()
  if (state === '53100') return database.DISK_FULL()
  if (state === '57014') return errors.SERVER_BUSY()
  // Serialization failure, deadlock, and a row that another transaction wrote first.
  if (state === '40001' || state === '40P01' || state === '23505') return database.ROW_CONFLICTED()
  return undefined
}

/** What travels of a refusal, by GraphQL as extensions and by REST as a problem document. */
export function answerOf(refusal: DomainError | undefined, requestId: string) {
  if (!refusal) return { ...INTERNAL, requestId }
  const { code, kind, params, messages } = refusal
  return { code, kind, params, messages, requestId }
}

/** Seconds after which a 429 or 503 may be tried again; undefined for every other status. */
export function retryAfterSeconds(refusal: DomainError): number | undefined {
  if (refusal.status !== 429 && refusal.status !== 503) return undefined
  const { seconds, minutes } = refusal.params
  if (typeof seconds === 'number') return seconds
  return typeof minutes === 'number' ? minutes * 60 : 1
}

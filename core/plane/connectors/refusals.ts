import { defineErrors } from '../../errors.ts'

/** What a source outside can answer us with; no text holds what a driver said, which might hold a secret. */
export const errors = defineErrors('CATALOG', {
  SOURCE_ADDRESS_REFUSED: {
    kind: 'forbidden',
    zh: '不允许连接 {host}：不在该数据源的允许名单内，或属于内部网络地址',
    en: 'Connecting to {host} is not allowed: it is not on the source’s list, or it is an internal address',
  },
  SOURCE_NAME_UNRESOLVED: {
    kind: 'unavailable',
    zh: '无法解析主机名 {host}',
    en: 'The name {host} could not be resolved',
  },
  SOURCE_UNREACHABLE: {
    kind: 'unavailable',
    zh: '无法连接到 {host}:{port}（{reason}）',
    en: 'No connection to {host}:{port} ({reason})',
  },
  SOURCE_LOGIN_REFUSED: {
    kind: 'unavailable',
    zh: '{host} 拒绝登录（{reason}），请核对账号、口令或证书',
    en: '{host} refused the login ({reason}); check account, password or certificate',
  },
  SOURCE_READ_FAILED: {
    kind: 'unavailable',
    zh: '读取“{collection}”失败（{reason}）',
    en: 'Reading “{collection}” failed ({reason})',
  },
  SOURCE_WRITE_FAILED: {
    kind: 'unavailable',
    zh: '写入“{collection}”失败（{reason}），未完成的一批已撤回',
    en: 'Writing to “{collection}” failed ({reason}); the batch in hand was taken back',
  },
  SOURCE_READ_ONLY: {
    kind: 'invalid',
    zh: '这类数据源只能读取，不能回流',
    en: 'A source of this kind can only be read, not written to',
  },
  TARGET_MISMATCHED: {
    kind: 'invalid',
    zh: '目标“{collection}”的列与数据集模式不符：{columns}',
    en: 'The columns of the target “{collection}” do not fit the schema of the dataset: {columns}',
  },
  TARGET_MOVED: {
    kind: 'conflict',
    zh: '目标“{collection}”的回流进度已被另一次回流改变',
    en: 'Another delivery moved the position of the target “{collection}” meanwhile',
  },
  SOURCE_PREFIX_REFUSED: {
    kind: 'forbidden',
    zh: '目录“{prefix}”不在本单位的“{own}”之下，不能作为本单位的数据源',
    en: 'The prefix “{prefix}” is not within your organisation’s “{own}”; it cannot be a source of yours',
  },
  SOURCE_PREFIX_EMPTY: {
    kind: 'not-found',
    zh: '目录“{prefix}”下还没有文件',
    en: 'There is no file under “{prefix}” yet',
  },
  SOURCE_COLLECTION_UNKNOWN: {
    kind: 'not-found',
    zh: '数据源中没有“{collection}”',
    en: 'The source has no “{collection}”',
  },
  SOURCE_RESPONSE_EXCEEDED: {
    kind: 'unavailable',
    zh: '数据源的回应超出限制：{limit}',
    en: 'What the source answered is over the limit: {limit}',
  },
  SOURCE_CURSOR_UNSTABLE: {
    kind: 'invalid',
    zh: '列“{column}”不能用于增量读取：{reason}',
    en: 'The column “{column}” cannot serve for incremental reading: {reason}',
  },
  SOURCE_CONNECTION_INVALID: {
    kind: 'invalid',
    zh: '数据源连接配置无效：{reason}',
    en: 'The connection of the source is not valid: {reason}',
  },
})

/** What a driver calls its failure: a short code of its own, never its sentence. */
export function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && /^[\w-]{1,60}$/.test(String(error.code)))
    return String(error.code)
  return error instanceof Error ? error.name : 'unknown'
}

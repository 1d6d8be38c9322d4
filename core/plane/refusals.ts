import { defineErrors } from '../errors.ts'

export const errors = defineErrors('PLANE', {
  FILE_MISSING: {
    kind: 'unavailable',
    zh: '数据文件 {sha256} 不存在，请联系系统管理员',
    en: 'The data file {sha256} is missing; ask the system administrator',
  },
  FILE_CHECKSUM_DIFFERS: {
    kind: 'unavailable',
    zh: '数据文件 {sha256} 的内容与其摘要不符，已停止提供',
    en: 'The data file {sha256} does not match its digest and is not served',
  },
  FILE_TOO_LARGE: {
    kind: 'invalid',
    status: 413,
    zh: '文件超出限制：{limit}',
    en: 'The file is over the limit: {limit}',
  },
  FILE_UNREADABLE: {
    kind: 'invalid',
    zh: '文件无法读取（{reason}）：可能不完整、已损坏、加密或不是所说的格式',
    en: 'The file cannot be read ({reason}): it may be cut, damaged, encrypted or of another kind',
  },
  TABLE_UNKNOWN: {
    kind: 'invalid',
    zh: '文件中没有“{table}”这张表',
    en: 'The file has no table “{table}”',
  },
  COLUMN_UNKNOWN: {
    kind: 'invalid',
    zh: '数据文件没有“{column}”列',
    en: 'The data files have no column “{column}”',
  },
  MEMORY_EXCEEDED: {
    kind: 'unavailable',
    zh: '本次查询所需内存超过上限，请缩小范围后再试',
    en: 'The query needs more memory than it may use; narrow it and try again',
  },
  TIME_EXCEEDED: {
    kind: 'unavailable',
    zh: '本次查询超过时限，请缩小范围后再试',
    en: 'The query took longer than it may; narrow it and try again',
  },
  LOAD_STALLED: {
    kind: 'unavailable',
    zh: '本次处理在 {minutes} 分钟内没有任何进展，已停止；稍后会再试',
    en: 'The work has not moved for {minutes} minutes and was stopped; it is tried again later',
  },
  QUERY_FAILED: {
    kind: 'unavailable',
    zh: '数据引擎未能完成本次操作（{reason}），其他操作不受影响，可再试一次',
    en: 'The data engine could not finish this operation ({reason}); others go on, try once more',
  },
  MATCH_BLOCK_TOO_LARGE: {
    kind: 'invalid',
    zh: '分块规则“{rule}”产生{pairs}对，超过上限{limit}，最多的取值是“{value}”',
    en: 'The blocking rule “{rule}” makes {pairs} pairs, more than {limit}; most have the value “{value}”',
  },
  MATCH_ID_REPEATED: {
    kind: 'invalid',
    zh: '标识“{id}”在同一来源中出现多次',
    en: 'The id “{id}” occurs more than once in one source',
  },
  CANCELLED: {
    kind: 'conflict',
    zh: '操作已取消',
    en: 'The operation was cancelled',
  },
  SPILL_EXCEEDED: {
    kind: 'unavailable',
    status: 507,
    zh: '本次操作所需的临时空间超过上限，未写入任何数据；请缩小范围，或请系统管理员调高 GDBOS_PLANE_SPILL_MB',
    en: 'The operation needs more temporary space than it may use and nothing was written; narrow it, or ask the system administrator to raise GDBOS_PLANE_SPILL_MB',
  },
  DISK_FULL: {
    kind: 'unavailable',
    status: 507,
    zh: '数据盘空间不足，暂不能装载数据，请联系系统管理员',
    en: 'The data disk has no room for loads; ask the system administrator',
  },
})

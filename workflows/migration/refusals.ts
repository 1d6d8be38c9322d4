import { defineErrors, DomainError } from '../../core/errors.ts'
import type { MappingFinding } from './mapping.ts'
import type { Act, MigrationStatus } from './migration.ts'

export const errors = defineErrors('WORKFLOW', {
  MIGRATION_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到迁移方案 {id}',
    en: 'There is no migration plan {id}',
  },
  MIGRATION_VERSIONS_SAME: {
    kind: 'invalid',
    zh: '原版本与新版本相同，无需迁移',
    en: 'Both versions are the same; there is nothing to take over',
  },
  MIGRATION_MAPPING_INVALID: {
    kind: 'invalid',
    zh: '节点对应有{count}处错误：{findings}',
    en: 'The mapping has {count} errors: {findings}',
  },
  MIGRATION_STATUS_WRONG: {
    kind: 'conflict',
    zh: '方案{status}，现在不能{act}',
    en: 'The plan is {status}; it cannot be told to {act}',
  },
  VERSION_AWAITED: {
    kind: 'conflict',
    zh: '正有迁移把实例转到第{version}版，等它结束或中止后再下线',
    en: 'A migration is taking instances to version {version}; wait for its end, or cancel it, to retire it',
  },
  VERSION_IN_USE: {
    kind: 'conflict',
    zh: '第{version}版还有{count}个实例在运行，不能下线',
    en: 'Version {version} has {count} running instances; it cannot be retired',
  },
})

const STATUS_ZH: Readonly<Record<MigrationStatus, string>> = {
  ...{ proposed: '尚未预演', rehearsing: '正在预演', rehearsed: '已预演', executing: '正在执行' },
  ...{ done: '已执行', cancelled: '已中止', failed: '没有做完', undoing: '正在撤回', undone: '已撤回' },
  archived: '已归档',
}
const ACT_ZH: Readonly<Record<Act, string>> = {
  ...{ remap: '更改对应', rehearse: '预演', execute: '执行', cancel: '中止', undo: '撤回', archive: '归档' },
}

/** Each language says status and act in its own words. */
export function statusWrong(status: MigrationStatus, act: Act): DomainError {
  const { code, kind, params, message: en } = errors.MIGRATION_STATUS_WRONG({ status, act })
  const { zh } = errors.MIGRATION_STATUS_WRONG({ status: STATUS_ZH[status], act: ACT_ZH[act] }).messages
  return new DomainError(code, { kind, zh, en }, params)
}

/** Each language shows its own findings. */
export function mappingRefused(findings: readonly MappingFinding[]): DomainError {
  const shown = (language: 'zh' | 'en') =>
    findings
      .slice(0, 20)
      .map((one) => `${one.element}: ${one[language]}`)
      .join('; ')
  const count = findings.length
  const { code, params, message } = errors.MIGRATION_MAPPING_INVALID({ count, findings: shown('en') })
  const { zh } = errors.MIGRATION_MAPPING_INVALID({ count, findings: shown('zh') }).messages
  return new DomainError(
    code,
    { kind: 'invalid', zh: zh.replaceAll('{', '｛'), en: message.replaceAll('{', '｛') },
    params,
  )
}

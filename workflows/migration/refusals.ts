import { defineErrors, DomainError } from '../../core/errors.ts'
import type { MappingFinding } from './mapping.ts'

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
    zh: '方案现为“{status}”，不能{act}',
    en: 'The plan is {status}; it cannot be told to {act}',
  },
  VERSION_IN_USE: {
    kind: 'conflict',
    zh: '第{version}版还有{count}个实例在运行，不能停用',
    en: 'Version {version} has {count} running instances; it cannot be retired',
  },
})

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

import { definePermissions } from '../../core/policy.ts'

/**
 * Who takes running instances to another version: the designers of the process all of them, the head of a body
 * those of the body's own cases. See also `operateInstance` for a single one.
 */
export const can = definePermissions('workflow', {
  migrateAnyProcess: {
    action: { zh: '迁移各单位的流程实例', en: 'migrate instances of any body’s processes' },
    roles: ['system'],
  },
  migrateProcess: {
    action: { zh: '迁移流程实例', en: 'migrate instances of a process' },
    roles: ['process-designer', 'system'],
    ownOrganisation: true,
  },
  migrateOwnCases: {
    action: { zh: '迁移本单位办件的流程实例', en: 'migrate the instances of one’s own body’s cases' },
    roles: ['supervisor'],
    ownOrganisation: true,
  },
  /** A version that no instance runs on starts no more. */
  retireVersion: {
    action: { zh: '停用流程版本', en: 'retire versions of a process' },
    roles: ['process-designer'],
    ownOrganisation: true,
  },
})

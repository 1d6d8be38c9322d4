import { definePermissions } from '../../core/policy.ts'

/**
 * Who takes running instances to another version: the designers of the process all of them, the head of a body
 * those of the body's own cases. See also `operateInstance` for a single one.
 */
export const can = definePermissions('workflow', {
  migrateAnyProcess: { roles: ['system'] },
  migrateProcess: { roles: ['process-designer', 'system'], ownOrganisation: true },
  migrateOwnCases: { roles: ['supervisor'], ownOrganisation: true },
  /** A version that no instance runs on starts no more. */
  retireVersion: { roles: ['process-designer'], ownOrganisation: true },
})

import { definePermissions } from '../core/policy.ts'

/** Who may do what with processes. Tasks ask the task itself: see `mayWork` of task.ts. */
export const can = definePermissions('workflow', {
  deployProcess: { roles: ['process-designer', 'system'], ownOrganisation: true },
  editDraft: { roles: ['process-designer'], ownOrganisation: true },
  handOverProcess: { roles: ['system'] },
  readDefinition: { roles: ['process-designer', 'supervisor', 'auditor', 'system'] },
  readAnyInstance: { roles: ['auditor', 'system'] },
  readInstanceOfOwnProcess: { roles: ['process-designer'], ownOrganisation: true },
  readOwnInstance: {
    roles: ['clerk', 'reviewer', 'inspector', 'signer', 'supervisor', 'directory-admin'],
    ownOrganisation: true,
  },
  resolveIncident: { roles: ['supervisor', 'system'], ownOrganisation: true },
})

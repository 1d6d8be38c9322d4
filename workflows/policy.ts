import { definePermissions } from '../core/policy.ts'

/** Who may do what with processes. Tasks ask the task itself: see `mayWork` of task.ts. */
export const can = definePermissions('workflow', {
  deployProcess: { roles: ['process-designer', 'system'] },
  readDefinition: { roles: ['process-designer', 'supervisor', 'auditor', 'system'] },
  readAnyInstance: { roles: ['process-designer', 'auditor', 'system'] },
  readOwnInstance: {
    roles: ['clerk', 'reviewer', 'inspector', 'signer', 'supervisor', 'directory-admin'],
    ownOrganisation: true,
  },
  resolveIncident: { roles: ['supervisor', 'system'], ownOrganisation: true },
})

import { definePermissions } from '../core/policy.ts'

/** Who may do what with processes. Tasks ask the task itself: see `refusalOf` of task.ts. */
export const can = definePermissions('workflow', {
  deployProcess: { roles: ['process-designer', 'system'], ownOrganisation: true },
  editDraft: { roles: ['process-designer'], ownOrganisation: true },
  handOverProcess: { roles: ['system'] },
  readDefinition: { roles: ['process-designer', 'supervisor', 'auditor', 'system'] },
  evaluateDecision: { roles: ['process-designer', 'supervisor', 'auditor', 'system'] },
  checkDecision: { roles: ['process-designer', 'system'] },
  readAnyInstance: { roles: ['auditor', 'system'] },
  readInstanceOfOwnProcess: { roles: ['process-designer'], ownOrganisation: true },
  readOwnInstance: {
    roles: ['clerk', 'reviewer', 'inspector', 'signer', 'supervisor', 'directory-admin'],
    ownOrganisation: true,
  },
  /** Which rules fired in a case, with what they were held against: it tells of the applicant. */
  readMadeDecision: {
    roles: ['clerk', 'reviewer', 'inspector', 'signer', 'supervisor'],
    ownOrganisation: true,
  },
  /** Skipping, cancelling, moving, changing variables, suspending and ending what runs. */
  operateInstance: { roles: ['supervisor', 'system'], ownOrganisation: true },
  /** Beginning and closing the activities of an ad-hoc sub-process. */
  beginActivity: {
    roles: ['clerk', 'reviewer', 'inspector', 'signer', 'supervisor'],
    ownOrganisation: true,
  },
  /** Batch operations of the own body, and stopping one. */
  readBatch: { roles: ['supervisor', 'process-designer', 'system'], ownOrganisation: true },
  suspendProcess: { roles: ['process-designer', 'system'], ownOrganisation: true },
  /** Sees all open tasks of the own body and gives them to whoever they are offered to. */
  assignTask: { roles: ['supervisor'], ownOrganisation: true },
  resolveIncident: { roles: ['supervisor', 'system'], ownOrganisation: true },
})

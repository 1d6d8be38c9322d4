import { definePermissions } from '../../core/policy.ts'

/** Who puts ended instances away: a designer those of the own processes, the head of a body the body's own. */
export const can = definePermissions('workflow', {
  archiveInstancesOfOwnProcess: { roles: ['process-designer', 'system'], ownOrganisation: true },
  archiveOwnInstances: { roles: ['supervisor'], ownOrganisation: true },
})

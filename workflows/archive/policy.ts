import { definePermissions } from '../../core/policy.ts'

/** Who puts ended instances away: a designer those of the own processes, the head of a body the body's own. */
export const can = definePermissions('workflow', {
  archiveInstancesOfOwnProcess: {
    action: { zh: '归档流程实例', en: 'archive instances of a process' },
    roles: ['process-designer', 'system'],
    ownOrganisation: true,
  },
  archiveOwnInstances: {
    action: { zh: '归档本单位办件的流程实例', en: 'archive the instances of one’s own body’s cases' },
    roles: ['supervisor'],
    ownOrganisation: true,
  },
})

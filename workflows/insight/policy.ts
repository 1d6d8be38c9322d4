import { definePermissions } from '../../core/policy.ts'

/**
 * Figures, replays and logs of processes. A designer sees all cases of the processes of the own body, a leader
 * the own body's cases of any process, an auditor all.
 */
export const can = definePermissions('workflow', {
  readInsight: { roles: ['auditor', 'system'] },
  readInsightOfOwnProcess: { roles: ['process-designer'], ownOrganisation: true },
  readInsightOfOwnCases: { roles: ['supervisor'], ownOrganisation: true },
})

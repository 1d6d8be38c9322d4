import { definePermissions } from '../../core/policy.ts'

/**
 * Figures, replays and logs of processes. A designer sees all cases of the processes of the own body, a leader
 * the own body's cases of any process, an auditor all.
 */
export const can = definePermissions('workflow', {
  readInsight: {
    action: { zh: '查看各单位的流程分析', en: 'read the analysis of any body’s processes' },
    roles: ['auditor', 'system'],
  },
  readInsightOfOwnProcess: {
    action: { zh: '查看本单位流程的分析', en: 'read the analysis of one’s own body’s processes' },
    roles: ['process-designer'],
    ownOrganisation: true,
  },
  readInsightOfOwnCases: {
    action: { zh: '查看本单位办件的分析', en: 'read the analysis of one’s own body’s cases' },
    roles: ['supervisor'],
    ownOrganisation: true,
  },
})

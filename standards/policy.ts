import { definePermissions } from '../core/policy.ts'

/** Published standards are for everybody; drafts are their own organisation's. */
export const can = definePermissions('standards', {
  readDraft: {
    action: { zh: '查看标准草案', en: 'read drafts of standards' },
    roles: ['standards-drafter', 'standards-approver'],
    ownOrganisation: true,
  },
  draftStandard: {
    action: { zh: '起草标准', en: 'draft standards' },
    roles: ['standards-drafter'],
    ownOrganisation: true,
  },
  submitStandard: {
    action: { zh: '提交标准审查', en: 'submit standards for review' },
    roles: ['standards-drafter'],
    ownOrganisation: true,
  },
  publishStandard: {
    action: { zh: '发布标准', en: 'publish standards' },
    roles: ['standards-approver'],
    ownOrganisation: true,
  },
  /** Adds codes of its own beside the standard's. */
  extendCodeList: {
    action: { zh: '为代码表增加本地代码', en: 'extend code lists with local codes' },
    roles: ['standards-drafter'],
    ownOrganisation: true,
  },
  deprecateStandard: {
    action: { zh: '将标准标记为不推荐使用', en: 'deprecate standards' },
    roles: ['standards-approver'],
    ownOrganisation: true,
  },
  retireStandard: {
    action: { zh: '废止标准', en: 'retire standards' },
    roles: ['standards-approver'],
    ownOrganisation: true,
  },
  /** Who uses a standard and how many rows hold a code; of datasets the reader may see. */
  readImpact: {
    action: { zh: '查看标准的影响分析', en: 'read the impact of standards' },
    roles: [
      ...(['standards-drafter', 'standards-approver', 'data-steward', 'directory-admin'] as const),
      ...(['process-designer', 'auditor', 'system'] as const),
    ],
  },
  dryRunStandard: {
    action: { zh: '试运行标准草案', en: 'dry-run drafts of standards' },
    roles: ['standards-drafter', 'standards-approver'],
    ownOrganisation: true,
  },
  /** The other organisations' rows in it stay theirs. */
  readDryRun: {
    action: { zh: '查看试运行结果', en: 'read dry runs' },
    roles: ['standards-drafter', 'standards-approver'],
    ownOrganisation: true,
  },
  /** Rows of one's own organisation that a draft would refuse, with their keys. */
  readFailingKeys: {
    action: { zh: '查看试运行中未通过的数据行', en: 'read the rows that a draft would refuse' },
    roles: ['standards-drafter', 'standards-approver', 'data-steward'],
    ownOrganisation: true,
  },
  readAnyDryRun: {
    action: { zh: '查看各单位的试运行结果', en: 'read any body’s dry runs' },
    roles: ['system'],
  },
  returnStandard: {
    action: { zh: '退回标准草案', en: 'return drafts of standards' },
    roles: ['standards-approver'],
    ownOrganisation: true,
  },
})
